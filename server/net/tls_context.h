#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "core/result.h"

namespace kapok::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

struct TlsChoice {
  /// TLS 1.2 with ephemeral keys and authenticated ciphers is taken too, for peers that cannot do better.
  bool tls_1_2 = false;
  /// For the web port: of the protocols a peer names (ALPN) http/1.1 is taken; one that does not name it is refused.
  bool http = false;
};

/// TLS 1.3, by default nothing older, without tickets, early data or renegotiation (reliability.md §3.1).
/// Refuses a key file that its group or others can read, a certificate that does not parse and a key that does
/// not belong to it; the error names the setting and the file, for the operator's screen only.
Result<TlsContext> make_tls_server_context(const std::string& certificate_path, const std::string& key_path,
                                           TlsChoice choice = {});

}  // namespace kapok::net
