#include "net/web_origins.h"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <memory>

namespace kapok::net {
namespace {

std::unique_ptr<X509, decltype(&X509_free)> certificate_for(const char* names) {
  std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, made.get(), made.get(), nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, names);
  X509_add_ext(made.get(), extension, -1);
  X509_EXTENSION_free(extension);
  return made;
}

TEST(WebOrigins, AreComparedByteForByte) {
  const auto origins = WebOrigins::parse({"https://kapok.example:8443", "https://10.1.2.3"}).value();
  EXPECT_TRUE(origins.allows("https://kapok.example:8443"));
  EXPECT_TRUE(origins.allows("https://10.1.2.3"));
  for (const char* other : {"", "null", "https://kapok.example", "https://10.1.2.3:8443", "https://10.1.2.30",
                            "https://Kapok.example:8443", "https://kapok.example:8443 "})
    EXPECT_FALSE(origins.allows(other)) << other;
}

TEST(WebOrigins, WhatNoBrowserSendsIsRefusedInTheConfiguration) {
  for (const char* text : {"", "null", "*", "kapok.example", "http://kapok.example", "https://",
                           "https://kapok.example/", "https://kapok.example:443", "https://kapok.example:0",
                           "https://kapok.example:65536", "https://kapok.example:08443", "https://Kapok.example",
                           "https://*.example", "https://a b", "https://[::1", "https://[x]", "https://kapok.example:"})
    EXPECT_FALSE(WebOrigins::parse({text}).ok()) << text;
  for (const char* text :
       {"https://localhost:8443", "https://[::1]:8443", "https://[2001:db8::1]", "https://10.0.0.1:1"})
    EXPECT_TRUE(WebOrigins::parse({text}).ok()) << text;
}

TEST(WebOrigins, WithoutASettingThoseOfTheCertificate) {
  const auto certificate = certificate_for("DNS:Kapok.example,IP:10.1.2.3,IP:2001:db8::1,DNS:*.example,email:a@b.c");
  const auto origins = WebOrigins::of_certificate(certificate.get(), 8443);
  for (const char* own : {"https://kapok.example:8443", "https://10.1.2.3:8443", "https://[2001:db8::1]:8443"})
    EXPECT_TRUE(origins.allows(own)) << own;
  for (const char* other :
       {"https://x.example:8443", "https://*.example:8443", "https://kapok.example", "https://a@b.c:8443"})
    EXPECT_FALSE(origins.allows(other)) << other;
  EXPECT_TRUE(WebOrigins::of_certificate(certificate.get(), 443).allows("https://kapok.example"));
}

TEST(WebOrigins, ACertificateWithoutNamesAllowsNobody) {
  const std::unique_ptr<X509, decltype(&X509_free)> bare(X509_new(), &X509_free);
  EXPECT_TRUE(WebOrigins::of_certificate(bare.get(), 8443).empty());
}

}  // namespace
}  // namespace kapok::net
