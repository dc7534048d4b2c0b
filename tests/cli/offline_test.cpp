#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command_line.h"

namespace kapok::cli {
namespace {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class Offline : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "kapok-cli-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string data() const { return (directory_ / "data").string(); }

  Ran run(std::vector<std::string> arguments) const {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    arguments.insert(arguments.begin(), {"--lang", "en", "--profile", (directory_ / "profile").string()});
    const int code =
        run_command_line(arguments, {.input = in, .out = out, .err = err, .connect = connect, .locale = {}});
    return {code, out.str(), err.str()};
  }

  static unsigned mode(const std::filesystem::path& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
  }

  std::filesystem::path directory_;
};

TEST_F(Offline, InitMakesACityThatOnlyItsOwnerCanRead) {
  const Ran made = run({"init", "--data", data(), "--practice"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(mode(directory_ / "data"), 0700U);
  EXPECT_EQ(mode(directory_ / "data/keys"), 0400U);
  EXPECT_EQ(mode(directory_ / "data/tls.key"), 0600U);
  EXPECT_NE(made.out.find("Back up"), std::string::npos);
  EXPECT_NE(load_profile(directory_ / "data/client.profile").fingerprint, "");
}

TEST_F(Offline, ASecondInitTouchesNothing) {
  ASSERT_EQ(run({"init", "--data", data()}).code, 0);
  const auto written = std::filesystem::last_write_time(directory_ / "data/keys");
  EXPECT_EQ(run({"init", "--data", data()}).code, 1);
  EXPECT_EQ(std::filesystem::last_write_time(directory_ / "data/keys"), written);
}

TEST_F(Offline, TheAuditChainOfANewStoreIsSound) {
  ASSERT_EQ(run({"init", "--data", data()}).code, 0);
  const Ran verified = run({"audit", "verify", "--data", data(), "--json"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_NE(verified.out.find("\"sound\": true"), std::string::npos);
}

TEST_F(Offline, InitPrintsThePublicKeyThatAuditHeadsPrintsAgain) {
  const Ran made = run({"init", "--data", data()});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(mode(directory_ / "data/keys.audit"), 0400U);
  const Ran heads = run({"audit", "heads", "--data", data()});
  ASSERT_EQ(heads.code, 0) << heads.err;
  const auto at = heads.out.find("public key ") + std::string("public key ").size();
  EXPECT_NE(made.out.find(heads.out.substr(at, 43)), std::string::npos) << heads.out;
}

TEST_F(Offline, VerifyWithoutHeadsSaysWhatItCannotSee) {
  ASSERT_EQ(run({"init", "--data", data()}).code, 0);
  const Ran verified = run({"audit", "verify", "--data", data()});
  EXPECT_EQ(verified.code, 0);
  EXPECT_NE(verified.err.find("cut tail"), std::string::npos) << verified.err;
}

TEST_F(Offline, VerifyWithoutKeysChecksTheChainAlone) {
  ASSERT_EQ(run({"init", "--data", data()}).code, 0);
  std::filesystem::remove(directory_ / "data/keys");
  EXPECT_EQ(run({"audit", "verify", "--data", data()}).code, 0);
}

TEST_F(Offline, DevicesForEverybodyNeedAPracticeStore) {
  const std::string out = (directory_ / "tokens.csv").string();
  ASSERT_EQ(run({"init", "--data", data()}).code, 0);
  EXPECT_EQ(run({"worker", "enrol-devices", "--all", "--data", data(), "--out", out}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST_F(Offline, DevicesForEverybodyAreWrittenForTheirOwnerAlone) {
  const std::string out = (directory_ / "tokens.csv").string();
  ASSERT_EQ(run({"init", "--data", data(), "--practice"}).code, 0);
  ASSERT_EQ(run({"worker", "enrol-devices", "--all", "--data", data(), "--out", out}).code, 0);
  EXPECT_EQ(mode(out), 0600U);
  std::ifstream stream(out);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_NE(text.str().find("account,device_token\r\n"), std::string::npos);
  EXPECT_NE(text.str().find("\r\ngateway,"), std::string::npos);
}

TEST_F(Offline, WithoutAStoreTheSentenceSaysSo) {
  const Ran verified = run({"audit", "verify", "--data", data()});
  EXPECT_EQ(verified.code, 1);
  EXPECT_NE(verified.err.find("no store"), std::string::npos);
}

TEST_F(Offline, WithoutAServerTheExitCodeIsThree) { EXPECT_EQ(run({"--server", "127.0.0.1:1", "health"}).code, 3); }

TEST_F(Offline, WithoutASessionTheExitCodeIsFour) { EXPECT_EQ(run({"--server", "127.0.0.1:1", "whoami"}).code, 4); }

}  // namespace
}  // namespace kapok::cli
