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

int choose_http(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                unsigned offered_length, void*) {
  static constexpr unsigned char kHttp[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int answer = SSL_select_next_proto(&found, length, kHttp, sizeof kHttp - 1, offered, offered_length);
  *chosen = found;
  return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Says whether this OpenSSL can do what was chosen.
bool restrict(SSL_CTX* native, TlsChoice choice) {
  const int oldest = choice.tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  if (SSL_CTX_set_min_proto_version(native, oldest) != 1 || SSL_CTX_set_num_tickets(native, 0) != 1) return false;
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) return false;
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (choice.http) SSL_CTX_set_alpn_select_cb(native, choose_http, nullptr);
  return true;
}

}  // namespace

Result<TlsContext> make_tls_server_context(const std::string& certificate_path, const std::string& key_path,
                                           TlsChoice choice) {
  if (auto checked = check_key_file(key_path); !checked.ok()) return checked.error();

  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  if (!restrict(native, choice)) return Error{ErrorCode::kInternal, "this OpenSSL has no TLS 1.3"};

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
