#include "app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <sstream>
#include <thread>

#include "net/certificate.h"
#include "net/fake_service.h"
#include "net/test_client.h"

namespace kapok {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing_net::FakeService;
using testing_net::TestClient;

/// The whole server over a service that answers from memory.
class AppTest : public testing::Test {
 protected:
  void SetUp() override {
    deadlines_.connection.close_time_max = milliseconds(200);
    config_ = default_config();
    config_.data_dir = "unused";
    config_.listen_address = "127.0.0.1";
    config_.listen_port = 0;
    config_.web_port = 0;
    config_.operations_port = 0;
    config_.certificate = certificate_.certificate_path();
    config_.key = certificate_.key_path();
  }

  void TearDown() override {
    if (!exit_code_.valid()) return;
    app_->stop();
    exit_code_.wait();
  }

  OpenService open_service() {
    return [this](boost::asio::io_context&, const Config&, ops::Log&) -> Result<OpenedService> {
      auto service = std::make_unique<FakeService>();
      service_ = service.get();
      return OpenedService{std::move(service), [] { return std::string("ok"); },
                           [this](const std::function<void()>& done) {
                             ++service_stops_;
                             if (service_saves_) done();
                           }};
    };
  }

  void start() {
    auto opened = App::open(config_, log_, open_service(), deadlines_);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    app_ = std::move(opened).value();
    exit_code_ = std::async(std::launch::async, [this] { return app_->run(); });
  }

  std::unique_ptr<TestClient> signed_in() {
    auto client = std::make_unique<TestClient>(app_->clients_endpoint());
    EXPECT_FALSE(client->handshake());
    EXPECT_TRUE(client->hello());
    EXPECT_TRUE(client->sign_in("worker"));
    return client;
  }

  bool ended() { return exit_code_.wait_for(std::chrono::seconds(10)) == std::future_status::ready; }

  std::ostringstream log_text_;
  std::unique_ptr<ops::Log> log_owner_ = std::make_unique<ops::Log>(ops::Severity::kInfo, log_text_);
  ops::Log& log_ = *log_owner_;
  testing_net::Certificate certificate_;
  Config config_;
  AppDeadlines deadlines_;
  FakeService* service_ = nullptr;
  bool service_saves_ = true;
  std::atomic<int> service_stops_ = 0;
  std::unique_ptr<App> app_;
  std::future<int> exit_code_;
};

TEST_F(AppTest, SigtermTellsClientsAnswersWhatWasAskedAndEndsWithZero) {
  start();
  auto client = signed_in();
  v1::ClientFrame question;
  question.set_request_id(77);
  question.mutable_list_drafts();
  ASSERT_FALSE(client->send(question));
  ASSERT_TRUE(service_->wait_for_held(1));

  ::kill(::getpid(), SIGTERM);
  const auto notice = client->receive();
  ASSERT_TRUE(notice && notice->has_push());
  EXPECT_EQ(notice->push().server_notice().state(), "shutting_down");
  service_->release();
  EXPECT_TRUE(client->reply_to(77));
  EXPECT_TRUE(client->is_ended_by_server());
  ASSERT_TRUE(ended());
  EXPECT_EQ(exit_code_.get(), 0);
  EXPECT_EQ(service_stops_, 1);
}

TEST(ReconnectAfter, ClientsComeBackSpreadOverFiveMillisecondsEachAndAtMostFiveSeconds) {
  EXPECT_EQ(reconnect_after_ms(0, 1), 0U);
  EXPECT_EQ(reconnect_after_ms(9, 10), 45U);
  EXPECT_EQ(reconnect_after_ms(0, 7'000), 0U);
  EXPECT_EQ(reconnect_after_ms(3'500, 7'000), 2'500U);
  EXPECT_LT(reconnect_after_ms(6'999, 7'000), 5'000U);
  EXPECT_EQ(reconnect_after_ms(10, 10), 0U) << "one who came during the stop";
}

TEST_F(AppTest, AClientThatDoesNotListenDelaysTheStopNoLongerThanTheDrain) {
  deadlines_.drain = milliseconds(100);
  start();
  auto client = signed_in();
  v1::ClientFrame question;
  question.set_request_id(77);
  question.mutable_list_drafts();
  ASSERT_FALSE(client->send(question));
  ASSERT_TRUE(service_->wait_for_held(1));
  app_->stop();
  ASSERT_TRUE(ended());
  EXPECT_EQ(exit_code_.get(), 0);
}

TEST_F(AppTest, AServiceThatDoesNotSaveInTimeIsAnExitOfOne) {
  deadlines_.service_stop = milliseconds(50);
  service_saves_ = false;
  start();
  app_->stop();
  ASSERT_TRUE(ended());
  EXPECT_EQ(exit_code_.get(), 1);
}

TEST_F(AppTest, WhatCannotBeUsedIsSaidBeforeAnythingStarts) {
  config_.trusted_networks = {"station"};
  const auto no_network = App::open(config_, log_, open_service());
  ASSERT_FALSE(no_network.ok());
  EXPECT_THAT(no_network.error().detail, HasSubstr("limits.trusted_networks"));

  config_.trusted_networks.clear();
  ::chmod(config_.key.c_str(), 0644);
  service_ = nullptr;
  EXPECT_FALSE(App::open(config_, log_, open_service()).ok());
  EXPECT_EQ(service_, nullptr);
}

TEST_F(AppTest, ATakenPortIsNamed) {
  start();
  Config second = config_;
  second.listen_port = app_->clients_endpoint().port();
  const auto refused = App::open(second, log_, open_service());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().detail, HasSubstr(std::to_string(second.listen_port)));
}

TEST_F(AppTest, TheWebPortCountsAgainstTheSameLimitAndIsDrainedToo) {
  config_.connections_max = 10;
  start();
  std::vector<std::unique_ptr<TestClient>> held;
  for (int i = 0; i < 10; ++i) {
    held.push_back(std::make_unique<TestClient>(i % 2 == 0 ? app_->web_endpoint() : app_->clients_endpoint()));
    ASSERT_FALSE(held.back()->handshake()) << i;
  }
  EXPECT_TRUE(TestClient(app_->web_endpoint()).handshake());
  EXPECT_TRUE(TestClient(app_->clients_endpoint()).handshake());
  app_->stop();
  ASSERT_TRUE(ended());
  EXPECT_EQ(exit_code_.get(), 0);
}

TEST_F(AppTest, AnOriginThatIsNoneIsNamed) {
  config_.web_origins = {"kapok.example"};
  const auto refused = App::open(config_, log_, open_service());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().detail, HasSubstr("web.origins: not an origin"));
  EXPECT_FALSE(App::check(config_).ok());
}

TEST_F(AppTest, WithoutAWebPortTheOtherServes) {
  config_.web_port = -1;
  start();
  EXPECT_TRUE(signed_in());
}

}  // namespace
}  // namespace kapok
