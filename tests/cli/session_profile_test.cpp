#include "cli/session_profile.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/exit_code.h"

namespace kapok::cli {
namespace {

class SessionProfileFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "kapok-cli-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static unsigned mode(const std::filesystem::path& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
  }

  std::filesystem::path directory_;
  const SessionProfile profile_{"127.0.0.1:4433", std::string(64, 'a'), "440103001-01", "secret-token"};
};

TEST_F(SessionProfileFile, NobodyElseCanReadIt) {
  const auto file = directory_ / "state" / "kapokctl" / "profile";
  save_profile(file, profile_);
  EXPECT_EQ(mode(file), 0600U);
  EXPECT_EQ(mode(file.parent_path()), 0700U);
  EXPECT_EQ(load_profile(file), profile_);
}

TEST_F(SessionProfileFile, OneWithASessionThatOthersCanReadIsRefused) {
  const auto file = directory_ / "profile";
  save_profile(file, profile_);
  ::chmod(file.c_str(), 0644);
  EXPECT_THROW(load_profile(file), LocalFailure);
}

TEST_F(SessionProfileFile, SavingOverALooseFileTightensIt) {
  const auto file = directory_ / "profile";
  std::ofstream(file) << "server = x:1\n";
  ::chmod(file.c_str(), 0666);
  save_profile(file, profile_);
  EXPECT_EQ(mode(file), 0600U);
}

TEST_F(SessionProfileFile, UnknownLinesAreRefused) {
  std::ofstream(directory_ / "profile") << "sever = x:1\n";
  EXPECT_THROW(load_profile(directory_ / "profile"), LocalFailure);
}

TEST_F(SessionProfileFile, WithoutAFileThereIsNothing) {
  EXPECT_EQ(load_profile(directory_ / "none"), SessionProfile{});
}

TEST_F(SessionProfileFile, ADirectoryStandsForTheProfileInIt) {
  EXPECT_EQ(profile_path(directory_.string()), directory_ / "profile");
}

TEST(SessionProfile, AServerIsHostAndPort) {
  EXPECT_EQ(host_port("[::1]:4433").host, "::1");
  EXPECT_EQ(host_port("kapok.example:4433").port, 4433);
  for (const char* text : {"", "host", "host:", ":1", "host:0", "host:70000", "host:1x"})
    EXPECT_THROW(host_port(text), UsageError) << text;
}

TEST(SessionProfile, AFingerprintHasSixtyFourDigitsWithOrWithoutColons) {
  EXPECT_EQ(fingerprint_of("AA:" + std::string(62, 'b')), "aa" + std::string(62, 'b'));
  EXPECT_THROW(fingerprint_of("abc"), UsageError);
  EXPECT_THROW(fingerprint_of(std::string(64, 'g')), UsageError);
}

}  // namespace
}  // namespace kapok::cli
