#include "cli/certificate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/exit_code.h"

namespace kapok::cli {
namespace {

constexpr long kTenYears_s = 3652L * 24 * 3600;
constexpr long kClockSlack_s = 24 * 3600;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void check(bool fine) {
  if (!fine) throw LocalFailure("OpenSSL could not make the certificate");
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
    names += (names.empty() ? "" : ",") + std::string(is_address ? "IP:" : "DNS:") + host;
  }
  return names;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  check(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Owned<X509> certificate_for(EVP_PKEY* key, const std::vector<std::string>& hosts) {
  Owned<X509> certificate(X509_new());
  check(certificate != nullptr);
  X509* made = certificate.get();
  std::uint64_t serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(made), serial >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(made), -kClockSlack_s);
  X509_gmtime_adj(X509_getm_notAfter(made), kTenYears_s);
  X509_NAME* name = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Red Kapok Guardian"),
                             -1, -1, 0);
  check(X509_set_issuer_name(made, name) == 1 && X509_set_pubkey(made, key) == 1);
  add_extension(made, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made, NID_ext_key_usage, "serverAuth");
  add_extension(made, NID_subject_alt_name, alternative_names(hosts));
  check(X509_sign(made, key, EVP_sha256()) != 0);
  return certificate;
}

void write_new(const std::filesystem::path& file, BIO* text, mode_t mode) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text, &bytes);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  const bool written = fd >= 0 && ::write(fd, bytes, static_cast<std::size_t>(size)) == size && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!written) throw LocalFailure(file.string() + ": " + std::strerror(error));
}

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < size; ++at) {
    text += kDigits[bytes[at] >> 4U];
    text += kDigits[bytes[at] & 15U];
  }
  return text;
}

}  // namespace

std::string make_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key,
                             const std::vector<std::string>& hosts) {
  const Owned<EVP_PKEY> secret(EVP_EC_gen("P-256"));
  check(secret != nullptr);
  const Owned<X509> made = certificate_for(secret.get(), hosts);

  const Owned<BIO> key_text(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_PrivateKey(key_text.get(), secret.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  write_new(key, key_text.get(), 0600);
  const Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(certificate_text.get(), made.get()) == 1);
  write_new(certificate, certificate_text.get(), 0644);

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  check(X509_digest(made.get(), EVP_sha256(), digest.data(), &size) == 1);
  return hexadecimal(digest.data(), size);
}

}  // namespace kapok::cli
