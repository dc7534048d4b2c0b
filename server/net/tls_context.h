#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "core/result.h"

namespace kapok::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// TLS 1.3 and nothing older, without tickets, early data or renegotiation (reliability.md §3.1).
/// Refuses a key file that its group or others can read, a certificate that does not parse and a key that does
/// not belong to it; the error names the setting and the file, for the operator's screen only.
Result<TlsContext> make_tls_server_context(const std::string& certificate_path, const std::string& key_path);

}  // namespace kapok::net
