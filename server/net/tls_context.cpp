#include "net/tls_context.h"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace kapok::net {
namespace {

namespace ssl = boost::asio::ssl;

Error refusal(std::string sentence) { return {ErrorCode::kInvalidArgument, std::move(sentence)}; }

Result<Done> check_key_file(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0)
    return refusal("tls.key: cannot read " + path + ": " + std::generic_category().message(errno));
  if (!S_ISREG(found.st_mode)) return refusal("tls.key: " + path + " is not a file");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return refusal("tls.key: " + path + " can be read by others than its owner; chmod 0400 it");
  return Done{};
}

}  // namespace

Result<TlsContext> make_tls_server_context(const std::string& certificate_path, const std::string& key_path) {
  if (auto checked = check_key_file(key_path); !checked.ok()) return checked.error();

  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) != 1 || SSL_CTX_set_num_tickets(native, 0) != 1)
    return Error{ErrorCode::kInternal, "this OpenSSL has no TLS 1.3"};
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);

  boost::system::error_code failed;
  context->use_certificate_chain_file(certificate_path, failed);
  if (failed) return refusal("tls.certificate: cannot use " + certificate_path + ": " + failed.message());
  context->use_private_key_file(key_path, ssl::context::pem, failed);
  if (failed) return refusal("tls.key: cannot use " + key_path + " with that certificate: " + failed.message());
  if (SSL_CTX_check_private_key(native) != 1)
    return refusal("tls.key: " + key_path + " does not belong to the certificate");
  return context;
}

}  // namespace kapok::net
