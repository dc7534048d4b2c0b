#include "net/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/certificate.h"

namespace kapok::net {
namespace {

using testing::HasSubstr;
using testing_net::Certificate;

TEST(TlsContext, AKeyThatOthersCanReadIsRefused) {
  const Certificate own;
  for (const mode_t mode : {0640U, 0604U, 0620U, 0777U}) {
    ::chmod(own.key_path().c_str(), mode);
    const auto made = make_tls_server_context(own.certificate_path(), own.key_path());
    ASSERT_FALSE(made.ok()) << std::oct << mode;
    EXPECT_THAT(made.error().detail, HasSubstr("chmod 0400"));
  }
  ::chmod(own.key_path().c_str(), 0400);
  EXPECT_TRUE(make_tls_server_context(own.certificate_path(), own.key_path()).ok());
}

TEST(TlsContext, AMissingKeyOrCertificateIsNamed) {
  const Certificate own;
  const auto no_key = make_tls_server_context(own.certificate_path(), own.key_path() + "x");
  ASSERT_FALSE(no_key.ok());
  EXPECT_THAT(no_key.error().detail, HasSubstr("tls.keyx"));
  const auto no_certificate = make_tls_server_context(own.certificate_path() + "x", own.key_path());
  ASSERT_FALSE(no_certificate.ok());
  EXPECT_THAT(no_certificate.error().detail, HasSubstr("tls.crtx"));
}

TEST(TlsContext, AKeyOfAnotherCertificateIsRefused) {
  const Certificate own;
  const Certificate other;
  EXPECT_FALSE(make_tls_server_context(own.certificate_path(), other.key_path()).ok());
}

TEST(TlsContext, ACertificateThatIsNoneIsRefused) {
  const Certificate own;
  std::ofstream(own.certificate_path()) << "not a certificate\n";
  EXPECT_FALSE(make_tls_server_context(own.certificate_path(), own.key_path()).ok());
}

}  // namespace
}  // namespace kapok::net
