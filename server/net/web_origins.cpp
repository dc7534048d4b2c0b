#include "net/web_origins.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cctype>
#include <charconv>
#include <memory>

namespace kapok::net {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kOriginBytesMax = 300;

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return whole && port > 0 && port <= 65535 && port != 443 && text.front() != '0';
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    boost::system::error_code failed;
    boost::asio::ip::make_address_v6(std::string(text.substr(1, text.size() - 2)), failed);
    return !failed;
  }
  return !text.empty() && std::ranges::all_of(text, [](char sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9') || sign == '-' || sign == '.';
  });
}

bool is_origin(std::string_view text) {
  if (!text.starts_with(kScheme) || text.size() > kOriginBytesMax) return false;
  text.remove_prefix(kScheme.size());
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']')) return is_host(text);
  return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

std::string address_text(std::string_view bytes) {
  namespace ip = boost::asio::ip;
  if (bytes.size() == 4) {
    ip::address_v4::bytes_type v4;
    std::ranges::transform(bytes, v4.begin(), [](char byte) { return static_cast<unsigned char>(byte); });
    return ip::make_address_v4(v4).to_string();
  }
  if (bytes.size() != 16) return {};
  ip::address_v6::bytes_type v6;
  std::ranges::transform(bytes, v6.begin(), [](char byte) { return static_cast<unsigned char>(byte); });
  return "[" + ip::make_address_v6(v6).to_string() + "]";
}

// A host as browsers write it; empty for kinds of names that no origin has, and for wildcards.
std::string host_of(const GENERAL_NAME& name) {
  int kind = 0;
  const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(&name, &kind));
  if (kind != GEN_DNS && kind != GEN_IPADD) return {};
  std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                   static_cast<std::size_t>(ASN1_STRING_length(value)));
  if (kind == GEN_IPADD) return address_text(text);
  std::ranges::transform(text, text.begin(), [](unsigned char sign) { return static_cast<char>(std::tolower(sign)); });
  return text;
}

}  // namespace

Result<WebOrigins> WebOrigins::parse(const std::vector<std::string>& origins) {
  WebOrigins taken;
  for (const std::string& origin : origins) {
    if (!is_origin(origin))
      return Error{ErrorCode::kInvalidArgument, "not an origin such as https://kapok.example:8443: " + origin};
    taken.origins_.insert(origin);
  }
  return taken;
}

WebOrigins WebOrigins::of_certificate(X509* certificate, unsigned port) {
  WebOrigins taken;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const std::string host = host_of(*sk_GENERAL_NAME_value(names.get(), i));
    const std::string origin = std::string(kScheme) + host + (port == 443 ? "" : ":" + std::to_string(port));
    if (is_origin(origin)) taken.origins_.insert(origin);
  }
  return taken;
}

}  // namespace kapok::net
