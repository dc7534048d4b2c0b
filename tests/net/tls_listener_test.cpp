#include "net/tls_listener.h"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/read.hpp>
#include <sstream>
#include <thread>

#include "net/certificate.h"
#include "net/fake_service.h"
#include "net/test_client.h"

namespace kapok::net {
namespace {

using std::chrono::milliseconds;
using testing_net::TestClient;
namespace asio = boost::asio;

/// A listener on a free loopback port with two I/O threads and a service that answers from memory.
class TlsListenerTest : public testing::Test {
 protected:
  void start() {
    settings_.limits.close_time_max = milliseconds(200);
    settings_.endpoint = {asio::ip::address_v4::loopback(), 0};
    auto tls = make_tls_server_context(certificate_.certificate_path(), certificate_.key_path());
    ASSERT_TRUE(tls.ok()) << tls.error().detail;
    auto opened = TlsListener::open({io_, service_, registry_, log_}, tls.value(), settings_);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    listener_ = std::move(opened).value();
    listener_->start();
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
  }

  void TearDown() override {
    io_.stop();
    threads_.clear();
  }

  std::unique_ptr<TestClient> connect() { return std::make_unique<TestClient>(listener_->local_endpoint()); }

  std::unique_ptr<TestClient> signed_in(const std::string& token = "worker") {
    auto client = connect();
    EXPECT_FALSE(client->handshake());
    EXPECT_TRUE(client->hello());
    const auto reply = client->sign_in(token);
    EXPECT_TRUE(reply && reply->has_signed_in());
    return client;
  }

  void expect_others_are_served() {
    auto client = signed_in();
    const auto reply = client->ping();
    EXPECT_TRUE(reply && reply->has_pong());
  }

  std::ostringstream log_text_;
  ops::Log log_{ops::Severity::kInfo, log_text_};
  testing_net::Certificate certificate_;
  TlsListener::Settings settings_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> busy_{io_.get_executor()};
  testing_net::FakeService service_;
  connection::ConnectionRegistry registry_;
  std::shared_ptr<TlsListener> listener_;
  std::vector<std::jthread> threads_;
};

TEST_F(TlsListenerTest, AClientSaysHelloSignsInAsksAndIsPushedTo) {
  start();
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  const auto welcome = client->hello();
  ASSERT_TRUE(welcome && welcome->has_welcome());
  EXPECT_EQ(welcome->welcome().frame_bytes_max(), 65536U);
  EXPECT_EQ(welcome->welcome().ping_interval_ms(), 5000U);
  const auto signed_in = client->sign_in("worker");
  ASSERT_TRUE(signed_in && signed_in->has_signed_in());
  EXPECT_TRUE(client->ping());

  service_.push_to_all(api::ServerNotice{"degraded", "降级", "degraded"}, "server");
  const auto frame = client->receive();
  ASSERT_TRUE(frame && frame->has_push());
  EXPECT_EQ(frame->push().server_notice().state(), "degraded");
}

TEST_F(TlsListenerTest, SigningOutIsAnsweredAndThenTheServerSaysGoodbye) {
  start();
  auto client = signed_in();
  v1::ClientFrame frame;
  frame.mutable_sign_out();
  EXPECT_TRUE(client->ask(frame));
  EXPECT_TRUE(client->is_ended_by_server());
  EXPECT_EQ(client->end(), asio::error::eof);
  EXPECT_TRUE(service_.wait_for_disconnections(1));
}

TEST_F(TlsListenerTest, AVersionThatIsNotSpokenIsRefusedAndClosed) {
  start();
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  v1::ClientFrame frame;
  frame.mutable_hello()->set_version_min(2);
  frame.mutable_hello()->set_version_max(2);
  const auto reply = client->ask(frame);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->error().code(), "VERSION_NOT_SUPPORTED");
  EXPECT_TRUE(client->is_ended_by_server());
}

TEST_F(TlsListenerTest, RepliesToLateQuestionsAreStillWrittenWhileTheConnectionCloses) {
  start();
  auto client = signed_in();
  v1::ClientFrame question;
  question.set_request_id(77);
  question.mutable_list_drafts();
  ASSERT_FALSE(client->send(question));
  ASSERT_TRUE(service_.wait_for_held(1));
  for (const auto& connection : registry_.all()) connection->stop(std::chrono::seconds(5), {});
  service_.release();
  EXPECT_TRUE(client->reply_to(77));
  EXPECT_TRUE(client->is_ended_by_server());
  EXPECT_EQ(client->end(), asio::error::eof);
}

TEST_F(TlsListenerTest, AConnectionThatEndsInsideAFrameHarmsNobody) {
  start();
  {
    auto client = signed_in();
    ASSERT_FALSE(client->send(std::string_view("\0\0\1\0half", 8)));
  }
  EXPECT_TRUE(service_.wait_for_disconnections(1));
  expect_others_are_served();
}

TEST_F(TlsListenerTest, AFrameOf64KiBIsReadAndOneByteMoreEndsTheConnection) {
  start();
  auto client = signed_in();
  v1::ClientFrame longest;
  longest.set_request_id(5);
  longest.mutable_ping();
  // An unknown field fills the frame up; it is ignored.
  const std::string body = longest.SerializeAsString();
  const std::string filler(64 * 1024 - body.size() - 5, 'x');
  const auto size = filler.size();
  std::string padded = body + "\xfa\x3f";  // field 1023, length-delimited
  for (const std::size_t part : {size & 0x7f, (size >> 7) & 0x7f}) padded += static_cast<char>(part | 0x80);
  padded += static_cast<char>(size >> 14);
  padded += filler;
  ASSERT_EQ(padded.size(), 64U * 1024);
  ASSERT_FALSE(client->send(protocol::encode_frame(padded)));
  EXPECT_TRUE(client->reply_to(5));

  ASSERT_FALSE(client->send(std::string_view("\0\1\0\1", 4)));
  const auto reply = client->reply_to(0);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->error().code(), "FRAME_TOO_LARGE");
  EXPECT_TRUE(client->is_ended_by_server());
  expect_others_are_served();
}

TEST_F(TlsListenerTest, BytesThatAreNoMessageAreAnsweredWithBadFrameAndTheEnd) {
  start();
  auto client = signed_in();
  ASSERT_FALSE(client->send(protocol::encode_frame("\xff\xff\xff\xff")));
  const auto reply = client->reply_to(0);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->error().code(), "BAD_FRAME");
  EXPECT_TRUE(client->is_ended_by_server());
}

TEST_F(TlsListenerTest, AnUnknownRequestIsRefusedAndTheConversationGoesOn) {
  start();
  auto client = signed_in();
  const auto reply = client->ask(v1::ClientFrame());
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->error().code(), "UNKNOWN_REQUEST");
  EXPECT_TRUE(client->ping());
}

TEST_F(TlsListenerTest, PlainTextInsteadOfTlsIsCutOff) {
  start();
  auto client = connect();
  asio::write(client->socket(), asio::buffer(std::string("GET / HTTP/1.1\r\nHost: kapok\r\n\r\n")));
  std::string answer;
  TestClient::error_code failed;
  asio::read(client->socket(), asio::dynamic_buffer(answer), failed);
  EXPECT_TRUE(failed);
  expect_others_are_served();
}

TEST_F(TlsListenerTest, Tls12IsRefused) {
  start();
  EXPECT_TRUE(connect()->handshake(TLS1_2_VERSION));
  EXPECT_FALSE(connect()->handshake(TLS1_3_VERSION));
}

TEST_F(TlsListenerTest, APeerThatDoesNotFinishItsHandshakeIsCutOffAtTheDeadline) {
  settings_.handshake_time_max = milliseconds(50);
  start();
  auto client = connect();
  char byte = 0;
  TestClient::error_code failed;
  const auto begun = std::chrono::steady_clock::now();
  asio::read(client->socket(), asio::buffer(&byte, 1), failed);
  EXPECT_TRUE(failed);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(40));
  expect_others_are_served();
}

TEST_F(TlsListenerTest, AStrangerWhoDoesNotSignInIsCutOffAtTheDeadline) {
  settings_.limits.greeting_time_max = milliseconds(50);
  start();
  auto client = connect();
  ASSERT_FALSE(client->handshake());
  EXPECT_TRUE(client->hello());
  EXPECT_TRUE(client->is_ended_by_server());
}

TEST_F(TlsListenerTest, AStrangerHasThreeFramesAndFourKiB) {
  start();
  auto guesser = connect();
  ASSERT_FALSE(guesser->handshake());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guesser->sign_in("wrong")->error().code(), "WRONG_CREDENTIALS");
  EXPECT_EQ(guesser->sign_in("worker")->error().code(), "NOT_SIGNED_IN");
  EXPECT_TRUE(guesser->is_ended_by_server());

  auto talker = connect();
  ASSERT_FALSE(talker->handshake());
  ASSERT_FALSE(talker->send(std::string_view("\0\0\x10\1", 4)));
  EXPECT_EQ(talker->reply_to(0)->error().code(), "FRAME_TOO_LARGE");
  EXPECT_TRUE(talker->is_ended_by_server());
}

TEST_F(TlsListenerTest, ASilentDeskIsCutOffSoonerThanOtherClients) {
  settings_.limits.desk_idle_max = milliseconds(60);
  settings_.limits.idle_max = std::chrono::seconds(60);
  start();
  auto desk = signed_in();
  auto other = signed_in();
  v1::ClientFrame open_desk;
  open_desk.mutable_open_desk();
  ASSERT_TRUE(desk->ask(open_desk));
  EXPECT_TRUE(desk->is_ended_by_server());
  EXPECT_TRUE(other->ping());
}

TEST_F(TlsListenerTest, ASilentClientIsCutOffAndOneThatPingsIsNot) {
  settings_.limits.idle_max = milliseconds(400);
  start();
  auto silent = signed_in();
  auto pinging = signed_in();
  for (int i = 0; i < 12; ++i) {
    EXPECT_TRUE(pinging->ping());
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_TRUE(service_.wait_for_connections(1));
  EXPECT_TRUE(pinging->ping());
  EXPECT_TRUE(silent->is_ended_by_server());
}

TEST_F(TlsListenerTest, ASlowReaderIsToldToResyncAndOthersDoNotNotice) {
  start();
  auto slow = signed_in();
  auto quick = signed_in();
  const std::string long_text(200'000, 'x');
  // Far more than any socket buffer between the two; the quick one reads what comes.
  for (int i = 0; i < 200; ++i) {
    const std::string key = "state " + std::to_string(i);
    service_.outbox_of_first()->push(api::ServerNotice{"ok", "", long_text}, key);
  }
  EXPECT_TRUE(quick->ping());

  bool resync = false;
  int notices = 0;
  while (!resync) {
    const auto frame = slow->receive();
    ASSERT_TRUE(frame);
    resync = frame->push().has_resync();
    notices += frame->push().has_server_notice();
  }
  EXPECT_LT(notices, 200);
  EXPECT_TRUE(service_.wait_for_behind(1));
  EXPECT_TRUE(slow->ping());
  EXPECT_TRUE(quick->ping());
}

TEST_F(TlsListenerTest, AReaderThatTakesNothingIsCutOffAtTheWriteDeadline) {
  settings_.limits.write_time_max = milliseconds(100);
  start();
  auto stalled = signed_in();
  auto other = signed_in();
  const auto outbox = service_.outbox_of_first();
  // Until the buffers between the two are full and a write stands still.
  for (int i = 0; i < 2000 && service_.connections() == 2; ++i) {
    outbox->push(api::ServerNotice{"ok", "", std::string(200'000, 'x')}, "state");
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_TRUE(service_.wait_for_disconnections(1));
  EXPECT_TRUE(other->ping());
}

TEST_F(TlsListenerTest, ARequestFloodIsRefusedAndThenCutOff) {
  start();
  auto client = signed_in();
  std::string flood;
  for (std::uint64_t id = 1000; id < 1200; ++id) {
    v1::ClientFrame frame;
    frame.set_request_id(id);
    frame.mutable_ping();
    flood += protocol::encode_frame(frame.SerializeAsString());
  }
  ASSERT_FALSE(client->send(flood));
  int served = 0;
  int refused = 0;
  while (const auto frame = client->receive()) {
    served += frame->reply().has_pong();
    refused += frame->reply().error().code() == "RETRY_AFTER";
  }
  EXPECT_GE(served, 60 - 32);
  EXPECT_LE(served, 65);
  EXPECT_GE(refused, 60);
  EXPECT_TRUE(service_.wait_for_disconnections(1));
}

TEST_F(TlsListenerTest, OneAddressHasOnlySoManyStrangersButManyWhoSignedIn) {
  settings_.gate.strangers_per_address_max = 2;
  start();
  std::vector<std::unique_ptr<TestClient>> known;
  for (int i = 0; i < 4; ++i) known.push_back(signed_in());
  auto first = connect();
  auto second = connect();
  ASSERT_FALSE(first->handshake());
  ASSERT_FALSE(second->handshake());
  EXPECT_TRUE(connect()->handshake());
  first.reset();
  ASSERT_TRUE(service_.wait_for_disconnections(1));
  EXPECT_TRUE(known.front()->ping());
}

TEST_F(TlsListenerTest, AfterStopNobodyNewIsLetInAndWhoIsThereIsServed) {
  start();
  auto client = signed_in();
  listener_->stop();
  TestClient::error_code refused;
  for (int i = 0; i < 100 && !refused; ++i) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect(listener_->local_endpoint(), refused);
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(refused);
  EXPECT_TRUE(client->ping());
}

TEST_F(TlsListenerTest, ATakenPortIsAnErrorThatNamesIt) {
  start();
  auto settings = settings_;
  settings.endpoint = listener_->local_endpoint();
  auto tls = make_tls_server_context(certificate_.certificate_path(), certificate_.key_path());
  const auto second = TlsListener::open({io_, service_, registry_, log_}, tls.value(), settings);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().detail.find(std::to_string(settings.endpoint.port())), std::string::npos);
}

}  // namespace
}  // namespace kapok::net
