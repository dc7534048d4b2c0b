#include "net/web_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <sstream>
#include <thread>

#include "net/browser.h"
#include "net/certificate.h"
#include "net/fake_service.h"

namespace kapok::net {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
namespace asio = boost::asio;
using testing_net::Browser;

constexpr std::string_view kOrigin = "https://kapok.example:8443";

/// The web port on a free loopback port with two I/O threads and a service that answers from memory.
class WebServerTest : public testing::Test {
 protected:
  void start(TlsChoice choice = {.tls_1_2 = false, .http = true}) {
    settings_.listen.endpoint = {asio::ip::address_v4::loopback(), 0};
    settings_.listen.limits.close_time_max = milliseconds(200);
    settings_.limits.close_time_max = milliseconds(200);
    settings_.health = [] { return HealthReport{"ok", true, "0.1.0", 60, std::chrono::seconds(90), 7}; };
    settings_.origins = [](std::uint16_t) { return WebOrigins::parse({std::string(kOrigin)}); };
    auto tls = make_tls_server_context(certificate_.certificate_path(), certificate_.key_path(), choice);
    ASSERT_TRUE(tls.ok()) << tls.error().detail;
    auto opened = WebServer::open({io_, service_, registry_, log_}, tls.value(), settings_);
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    server_ = std::move(opened).value();
    server_->start();
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
  }

  void TearDown() override {
    io_.stop();
    threads_.clear();
  }

  std::unique_ptr<Browser> browser() { return std::make_unique<Browser>(server_->local_endpoint()); }
  std::string ask(const std::string& bytes) { return browser()->ask(bytes); }

  static std::string request(const std::string& target, const std::string& more = "",
                             const std::string& method = "GET") {
    return method + " " + target + " HTTP/1.1\r\nHost: kapok.example:8443\r\n" + more + "\r\n";
  }
  static std::string last(const std::string& target, const std::string& more = "", const std::string& method = "GET") {
    return request(target, "Connection: close\r\n" + more, method);
  }
  static std::string upgrade(const std::string& origin = std::string(kOrigin)) {
    return request("/ws",
                   "Origin: " + origin +
                       "\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kapok.v1\r\n"
                       "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  }

  std::string log_text() {
    log_owner_.reset();  // writes what waits
    return log_text_.str();
  }

  std::ostringstream log_text_;
  std::unique_ptr<ops::Log> log_owner_ = std::make_unique<ops::Log>(ops::Severity::kInfo, log_text_);
  ops::Log& log_ = *log_owner_;
  testing_net::Certificate certificate_;
  WebServer::Settings settings_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> busy_{io_.get_executor()};
  testing_net::FakeService service_;
  connection::ConnectionRegistry registry_;
  std::shared_ptr<WebServer> server_;
  std::vector<std::jthread> threads_;
};

TEST_F(WebServerTest, EveryAnswerWhateverItIsHasTheStrictHeaders) {
  start();
  const std::pair<std::string, std::string> expected[] = {
      {last("/"), "200"},
      {last("/", "If-None-Match: *\r\n"), "304"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"garbage\r\n\r\n", "400"},
      {last("/session", "Content-Type: application/x-protobuf\r\nOrigin: https://evil.example\r\n", "POST"), "403"},
      {last("/nothing"), "404"},
      {last("/", "", "PUT"), "405"},
      {last("/session", "Content-Type: text/plain\r\nOrigin: " + std::string(kOrigin) + "\r\n", "POST"), "415"},
      {last("/", "Expect: 100-continue\r\n"), "417"},
      {last("/ws"), "426"},
      {last("/", "X: " + std::string(9000, 'x') + "\r\n"), "431"},
      {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", "505"},
  };
  for (const auto& [asked, status] : expected) {
    const std::string answer = ask(asked);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + status + " ")) << asked.substr(0, 100);
    for (const auto& [name, value] : strict_headers())
      EXPECT_THAT(answer, HasSubstr("\r\n" + std::string(name) + ": " + value + "\r\n")) << status;
    EXPECT_THAT(answer, Not(HasSubstr("\r\nServer:")));
  }
}

TEST_F(WebServerTest, AnUpgradeIsAnsweredWithoutExtensionsAndStrictlyToo) {
  start();
  auto page = browser();
  ASSERT_TRUE(page->send(upgrade()));
  const std::string answer = page->answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nSec-WebSocket-Protocol: kapok.v1\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("deflate")));
  for (const auto& [name, value] : strict_headers()) EXPECT_THAT(answer, HasSubstr(std::string(name) + ": " + value));
  EXPECT_TRUE(service_.wait_for_connections(1));
}

TEST_F(WebServerTest, WhoeverSpeaksBeforeTheUpgradeIsAnsweredIsRefused) {
  start();
  EXPECT_THAT(ask(upgrade() + "\x82\x80????"), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(service_.connections(), 0U);
}

TEST_F(WebServerTest, RequestsFollowEachOtherOnOneConnection) {
  start();
  auto page = browser();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(page->send(request("/health")));
    EXPECT_THAT(page->answer(), HasSubstr("{\"state\":\"ok\",\"practice_factor\":60}\n"));
  }
  ASSERT_TRUE(page->send(request("/nothing") + request("/health") + last("/", "", "HEAD")));
  EXPECT_THAT(page->answer(), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(page->answer(), StartsWith("HTTP/1.1 200 "));
  const std::string head = page->rest();
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(head, Not(HasSubstr("<")));
  EXPECT_TRUE(page->is_ended());
}

TEST_F(WebServerTest, AConnectionCarriesOnlySoManyRequests) {
  settings_.limits.requests_max = 3;
  start();
  const std::string answers = ask(request("/health") + request("/health") + request("/health") + request("/health"));
  std::size_t count = 0;
  for (auto at = answers.find("HTTP/1.1 200"); at != std::string::npos; at = answers.find("HTTP/1.1 200", at + 1))
    ++count;
  EXPECT_EQ(count, 3U);
}

TEST_F(WebServerTest, AHeaderOfEightKibibytesIsReadAndOneByteMoreIsRefused) {
  start();
  const std::string without = last("/health", "X: \r\n");
  const auto of_size = [&](std::size_t size) {
    return last("/health", "X: " + std::string(size - without.size(), 'x') + "\r\n");
  };
  ASSERT_EQ(of_size(8192).size(), 8192U);
  EXPECT_THAT(ask(of_size(8192)), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ask(of_size(8193)), StartsWith("HTTP/1.1 431 "));
}

TEST_F(WebServerTest, ABodyOfASessionHasFourKibibytesAndAnyBodySixtyFour) {
  start();
  const auto post = [&](std::size_t size, const std::string& length) {
    return ask(last("/session",
                    "Origin: " + std::string(kOrigin) + "\r\nContent-Type: application/x-protobuf\r\n" +
                        "Content-Length: " + length + "\r\n",
                    "POST") +
               std::string(size, '\x01'));
  };
  EXPECT_THAT(post(4096, "4096"), StartsWith("HTTP/1.1 400 "));  // read, and no frame
  EXPECT_THAT(post(4097, "4097"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post(0, "65537"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(post(0, "99999999999999999999"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(WebServerTest, HeadersThatStandTwiceOrHideALineAreMalformed) {
  start();
  for (const std::string& more :
       {std::string("Host: evil.example\r\n"), std::string("Origin: a\r\nOrigin: b\r\n"),
        std::string("X: a\x01"
                    "b\r\n"),
        std::string("X: a\rb\r\n"), std::string("X : a\r\n"), std::string("Cookie: a=1\r\nCookie: b=2\r\n"),
        std::string("Content-Length: 5\r\n"), std::string("Transfer-Encoding: chunked\r\n")})
    EXPECT_THAT(ask(last("/health", more)), StartsWith("HTTP/1.1 400 ")) << more;
}

TEST_F(WebServerTest, AHalfRequestIsCutOffHoweverSlowlyItGoesOn) {
  settings_.limits.request_time_max = milliseconds(300);
  start();
  auto silent = browser();
  EXPECT_EQ(silent->rest(), "");
  EXPECT_TRUE(silent->is_ended());
  auto slow = browser();
  int sent = 0;
  for (const char sign : request("/health")) {
    if (!slow->send({sign})) break;
    ++sent;
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_LT(sent, 20);
  EXPECT_THAT(ask(last("/health")), StartsWith("HTTP/1.1 200 "));
  TearDown();
  EXPECT_THAT(log_text(), HasSubstr("WEB_REQUEST_REFUSED why=TOO_SLOW"));
}

TEST_F(WebServerTest, AConnectionThatIsIdleBetweenRequestsIsClosedWithoutAWord) {
  settings_.limits.idle_time_max = milliseconds(100);
  start();
  auto page = browser();
  ASSERT_TRUE(page->send(request("/health")));
  EXPECT_THAT(page->answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(page->rest(), "");
  EXPECT_TRUE(page->is_ended());
  TearDown();
  EXPECT_THAT(log_text(), Not(HasSubstr("WEB_REQUEST_REFUSED")));
}

TEST_F(WebServerTest, ThreeRefusedSignInsCloseTheConnection) {
  start();
  const std::string no_frame =
      request("/session",
              "Origin: " + std::string(kOrigin) + "\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1\r\n",
              "POST") +
      "\x01";
  auto page = browser();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(page->send(no_frame));
    EXPECT_THAT(page->answer(), Not(HasSubstr("Connection: close")));
  }
  EXPECT_THAT(page->ask(no_frame), HasSubstr("Connection: close"));
  EXPECT_TRUE(page->is_ended());
}

TEST_F(WebServerTest, AStopEndsIdleConnectionsAtOnceAndLetsNobodyIn) {
  start();
  auto page = browser();
  ASSERT_TRUE(page->send(request("/health")));
  EXPECT_THAT(page->answer(), StartsWith("HTTP/1.1 200 "));
  auto fresh = browser();
  ASSERT_TRUE(fresh->is_shaken());
  server_->stop();
  EXPECT_EQ(page->rest(), "");
  EXPECT_TRUE(page->is_ended());
  EXPECT_EQ(fresh->rest(), "");
  EXPECT_TRUE(fresh->is_ended());
}

TEST_F(WebServerTest, OlderTlsIsSpokenOnlyWhenItIsAllowed) {
  start();
  EXPECT_FALSE(Browser(server_->local_endpoint(), TLS1_2_VERSION).is_shaken());
  EXPECT_TRUE(Browser(server_->local_endpoint()).is_shaken());
  TearDown();
}

TEST_F(WebServerTest, WhereTls12IsAllowedItsKeysAreEphemeralAndItsCiphersAuthenticated) {
  start({.tls_1_2 = true, .http = true});
  Browser old(server_->local_endpoint(), TLS1_2_VERSION);
  ASSERT_TRUE(old.is_shaken());
  EXPECT_THAT(SSL_get_cipher_name(old.native()), testing::AnyOf(HasSubstr("GCM"), HasSubstr("CHACHA20")));
  EXPECT_THAT(SSL_get_cipher_name(old.native()), StartsWith("ECDHE"));
  EXPECT_FALSE(Browser(server_->local_endpoint(), TLS1_1_VERSION).is_shaken());
}

TEST_F(WebServerTest, OnlyHttp11IsAgreedOn) {
  start();
  EXPECT_TRUE(Browser(server_->local_endpoint(), TLS1_3_VERSION, "").is_shaken());
  EXPECT_TRUE(Browser(server_->local_endpoint(), TLS1_3_VERSION, std::string("\x02h2\x08http/1.1")).is_shaken());
  EXPECT_FALSE(Browser(server_->local_endpoint(), TLS1_3_VERSION, std::string("\x02h2")).is_shaken());
}

}  // namespace
}  // namespace kapok::net
