#include "command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "kapokd.h"
#include "net/certificate.h"

namespace kapok {
namespace {

using testing::HasSubstr;
using testing_net::Certificate;
using testing_net::TemporaryDirectory;

struct Said {
  int exit_code;
  std::string out;
  std::string err;
};

/// The program with a service that cannot be opened, so that nothing here can start to serve.
Said kapokd(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const OpenService refuse = [](boost::asio::io_context&, const Config&, ops::Log&) -> Result<OpenedService> {
    return Error{ErrorCode::kStoreUnavailable, "the store cannot be opened"};
  };
  const int exit_code = run_kapokd(arguments, refuse, out, err);
  return {exit_code, out.str(), err.str()};
}

class KapokdTest : public testing::Test {
 protected:
  std::string config(const std::string& more = "") {
    std::ofstream(path_) << "data_dir = '/data'\n[listen]\ncertificate = '" << own_.certificate_path() << "'\nkey = '"
                         << own_.key_path() << "'\n"
                         << more;
    return path_;
  }

  Config resolved(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"--config", config()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::ostringstream said;
    int exit_code = 0;
    const auto line = parse_command_line(all, said, said, exit_code);
    EXPECT_TRUE(line) << said.str();
    const auto made = resolve_config(*line);
    EXPECT_TRUE(made.ok()) << made.error().detail;
    return made.value();
  }

  Certificate own_;
  TemporaryDirectory directory_;
  std::string path_ = directory_.file("kapokd.toml");
};

TEST_F(KapokdTest, WithoutAConfigurationItSaysWhereToGetOne) {
  const Said said = kapokd({});
  EXPECT_EQ(said.exit_code, kExitUsage);
  EXPECT_THAT(said.err, HasSubstr("--example-config"));
}

TEST_F(KapokdTest, AnUnknownOptionIsAUsageError) { EXPECT_EQ(kapokd({"--frobnicate"}).exit_code, kExitUsage); }

TEST_F(KapokdTest, HelpVersionExampleAndLogTableArePrinted) {
  EXPECT_THAT(kapokd({"--help"}).out, HasSubstr("--practice-clock"));
  EXPECT_THAT(kapokd({"--version"}).out, HasSubstr("kapokd " KAPOK_VERSION));
  EXPECT_EQ(kapokd({"--example-config"}).out, example_config());
  EXPECT_EQ(kapokd({"--explain-log"}).out, ops::log_messages_markdown());
  EXPECT_EQ(kapokd({"--help"}).exit_code, 0);
}

TEST_F(KapokdTest, CheckConfigLooksAtTlsFilesToo) {
  const Said good = kapokd({"--check-config", "--config", config()});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("is in order"));

  ::chmod(own_.key_path().c_str(), 0644);
  const Said open_key = kapokd({"--check-config", "--config", config()});
  EXPECT_EQ(open_key.exit_code, kExitFailed);
  EXPECT_THAT(open_key.err, HasSubstr("tls.key"));
}

TEST_F(KapokdTest, WhatStopsAStartIsOneSentence) {
  const Said wrong_key = kapokd({"--config", config("prot = 1\n")});
  EXPECT_EQ(wrong_key.exit_code, kExitFailed);
  EXPECT_THAT(wrong_key.err, HasSubstr("kapokd.toml:5: unknown key listen.prot"));
  EXPECT_EQ(kapokd({"--config", config()}).err, "kapokd: the store cannot be opened\n");
}

TEST_F(KapokdTest, DataListenAndPracticeClockStandAboveTheFile) {
  const Config made = resolved({"--data", "/elsewhere", "--listen", "127.0.0.1:9000", "--practice-clock", "x60"});
  EXPECT_EQ(made.data_dir, "/elsewhere");
  EXPECT_EQ(made.listen_address, "127.0.0.1");
  EXPECT_EQ(made.listen_port, 9000);
  EXPECT_EQ(made.practice_factor, 60);
}

TEST_F(KapokdTest, ListenTakesAPortOrAnAddressOfEitherKind) {
  EXPECT_EQ(resolved({"--listen", "9000"}).listen_port, 9000);
  EXPECT_EQ(resolved({"--listen", "9000"}).listen_address, "0.0.0.0");
  EXPECT_EQ(resolved({"--listen", "[::1]:9000"}).listen_address, "::1");
  for (const char* wrong : {"", ":", "::1:9000", "here", "1.2.3.4:", "[]:1", "1.2.3.4:70000"})
    EXPECT_NE(kapokd({"--check-config", "--config", config(), "--listen=" + std::string(wrong)}).exit_code, 0) << wrong;
}

TEST_F(KapokdTest, APracticeClockBeyondItsLimitsIsRefused) {
  for (const char* wrong : {"x0", "x1001", "fast", "x", "-5"})
    EXPECT_EQ(kapokd({"--config", config(), std::string("--practice-clock=") + wrong}).exit_code, kExitUsage) << wrong;
}

}  // namespace
}  // namespace kapok
