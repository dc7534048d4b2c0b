#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace kapok::testing_net {

/// A directory of one test, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kapok-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// A self-made certificate and its key (mode 0600), in PEM files.
class Certificate {
 public:
  Certificate() {
    key_.reset(EVP_EC_gen("P-256"));
    x509_.reset(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(x509_.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509_.get()), 3600);
    X509_set_pubkey(x509_.get(), key_.get());
    if (X509_sign(x509_.get(), key_.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
    write(certificate_path(), [this](FILE* to) { return PEM_write_X509(to, x509_.get()); });
    write(key_path(),
          [this](FILE* to) { return PEM_write_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    ::chmod(key_path().c_str(), 0600);
  }

  [[nodiscard]] std::string certificate_path() const { return directory_.file("tls.crt"); }
  [[nodiscard]] std::string key_path() const { return directory_.file("tls.key"); }

 private:
  template <class Writer>
  static void write(const std::string& path, Writer writer) {
    FILE* file = std::fopen(path.c_str(), "w");
    const bool written = file != nullptr && writer(file) == 1;
    if (file != nullptr) std::fclose(file);
    if (!written) throw std::runtime_error("cannot write " + path);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> x509_{nullptr, &X509_free};
};

}  // namespace kapok::testing_net
