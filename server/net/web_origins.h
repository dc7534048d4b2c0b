#pragma once

#include <openssl/types.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace kapok::net {

/// The origins whose pages may speak with this server: `https://name:port`, compared byte for byte, as browsers send
/// them (reliability.md §3.3). What is not listed is refused, also "null" and no origin at all.
class WebOrigins {
 public:
  /// Refuses what is no origin: another scheme than https, a path, capitals, a port that browsers leave out (443).
  static Result<WebOrigins> parse(const std::vector<std::string>& origins);

  /// Those of the server's own certificate: every name and address it is made out to, at `port`.
  static WebOrigins of_certificate(X509* certificate, unsigned port);

  [[nodiscard]] bool allows(std::string_view origin) const { return origins_.contains(origin); }
  [[nodiscard]] bool empty() const { return origins_.empty(); }

 private:
  std::set<std::string, std::less<>> origins_;
};

}  // namespace kapok::net
