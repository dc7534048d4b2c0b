#include "net/health_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <sstream>
#include <thread>

namespace kapok::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;
using testing::StartsWith;

class HealthListenerTest : public testing::Test {
 protected:
  void start() {
    settings_.endpoint = {asio::ip::address_v4::loopback(), 0};
    auto opened = HealthListener::open(io_, log_, settings_, questions_);
    ASSERT_TRUE(opened.ok());
    listener_ = std::move(opened).value();
    listener_->start();
    thread_ = std::jthread([this] { io_.run(); });
  }

  void TearDown() override { io_.stop(); }

  /// All that comes back until the server closes; the server's own deadline bounds the wait.
  std::string exchange(const std::string& request) {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect(listener_->local_endpoint());
    boost::system::error_code failed;
    asio::write(socket, asio::buffer(request), failed);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), failed);
    return answer;
  }

  std::string get(const std::string& target) { return exchange("GET " + target + " HTTP/1.1\r\nHost: here\r\n\r\n"); }

  std::ostringstream log_text_;
  ops::Log log_{ops::Severity::kInfo, log_text_};
  HealthListener::Settings settings_;
  HealthReport report_{"ok", true, "0.1.0", 60, std::chrono::seconds(90), 7};
  HealthListener::Questions questions_{.health = [this] { return report_; }};
  asio::io_context io_;
  std::shared_ptr<HealthListener> listener_;
  std::jthread thread_;
};

TEST_F(HealthListenerTest, HealthTellsStateVersionPracticeFactorAndUptime) {
  start();
  const std::string answer = get("/health");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr(R"({"state":"ok","ready":true,"version":"0.1.0","practice_factor":60,"uptime_s":90,)"
                                R"("connections":7})"));
}

TEST_F(HealthListenerTest, ReadyIs503WhileTheServerIsNot) {
  report_.ready = false;
  report_.state = "shutting_down";
  start();
  EXPECT_THAT(get("/ready"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(get("/health"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HealthListenerTest, OtherPathsMethodsAndGarbageAreRefused) {
  start();
  EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get("/healthy"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(exchange("DELETE /health HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405"));
  EXPECT_EQ(exchange("\x16\x03\x01garbage\r\n\r\n"), "");
  EXPECT_EQ(exchange("GET /health HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"), "");
  EXPECT_THAT(get("/ready"), StartsWith("HTTP/1.1 200"));
}

TEST_F(HealthListenerTest, MetricsAreBroughtUpToDateBeforeTheyAreShown) {
  int refreshed = 0;
  questions_.refresh_metrics = [&](std::function<void()> done) {
    ++refreshed;
    done();
  };
  questions_.metrics = [&] { return "kapok_refreshed " + std::to_string(refreshed) + "\n"; };
  start();
  const std::string answer = get("/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nkapok_refreshed 1\n"));
}

TEST_F(HealthListenerTest, MetricsOfACityThatHangsAreShownAllTheSame) {
  questions_.refresh_metrics = [](const std::function<void()>&) {};
  questions_.metrics = [] { return std::string("kapok_known 1\n"); };
  start();
  EXPECT_THAT(get("/metrics"), HasSubstr("kapok_known 1"));
}

TEST_F(HealthListenerTest, WithoutMetricsThereIsNoSuchPage) {
  start();
  EXPECT_THAT(get("/metrics"), StartsWith("HTTP/1.1 404"));
}

TEST_F(HealthListenerTest, AHalfRequestIsCutOffAtTheDeadline) {
  settings_.request_time_max = std::chrono::milliseconds(50);
  start();
  EXPECT_EQ(exchange("GET /hea"), "");
}

TEST_F(HealthListenerTest, AnAddressBeyondThisMachineIsRefused) {
  settings_.endpoint = {asio::ip::make_address("0.0.0.0"), 0};
  EXPECT_FALSE(HealthListener::open(io_, log_, settings_, questions_).ok());
}

}  // namespace
}  // namespace kapok::net
