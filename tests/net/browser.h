#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace kapok::testing_net {

/// One TLS connection on which bytes are sent and all that comes back is read. The server's own deadlines, and 5 s at
/// the latest, bound each wait.
class Browser {
 public:
  explicit Browser(const boost::asio::ip::tcp::endpoint& server, int newest = TLS1_3_VERSION,
                   std::string alpn = "\x08http/1.1")
      : stream_(io_, context_) {
    stream_.next_layer().connect(server);
    SSL_set_max_proto_version(stream_.native_handle(), newest);
    if (!alpn.empty())
      SSL_set_alpn_protos(stream_.native_handle(), reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
    run([&](auto done) { stream_.async_handshake(boost::asio::ssl::stream_base::client, done); });
    is_shaken_ = !failed_;
  }

  [[nodiscard]] bool is_shaken() const { return is_shaken_; }
  SSL* native() { return stream_.native_handle(); }

  bool send(const std::string& bytes) {
    run([&](auto done) {
      boost::asio::async_write(stream_, boost::asio::buffer(bytes), [done](auto failed, auto) { done(failed); });
    });
    return !failed_;
  }

  /// Until the server has closed; false in `is_ended` when it did not.
  std::string rest() {
    std::string all;
    run([&](auto done) {
      boost::asio::async_read(stream_, boost::asio::dynamic_buffer(all), [done](auto failed, auto) { done(failed); });
    });
    is_ended_ = failed_ != boost::asio::error::timed_out;
    return all;
  }

  std::string ask(const std::string& bytes) { return send(bytes) ? rest() : ""; }

  /// One answer whose end is known: its header, and what it says is its length.
  std::string answer() {
    const std::string head = until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    return head + exactly(length);
  }

  [[nodiscard]] bool is_ended() const { return is_ended_; }

 private:
  std::string until(const std::string& end) {
    while (received_.find(end) == std::string::npos && more()) {
    }
    const auto at = received_.find(end);
    return at == std::string::npos ? std::exchange(received_, {}) : exactly(at + end.size());
  }
  std::string exactly(std::size_t count) {
    while (received_.size() < count && more()) {
    }
    const std::string part = received_.substr(0, count);
    received_.erase(0, part.size());
    return part;
  }
  bool more() {
    std::array<char, 4096> bytes{};
    std::size_t count = 0;
    run([&](auto done) {
      stream_.async_read_some(boost::asio::buffer(bytes), [&, done](auto failed, std::size_t n) {
        count = n;
        done(failed);
      });
    });
    received_.append(bytes.data(), count);
    return !failed_;
  }

  template <class Begin>
  void run(Begin begin) {
    failed_ = boost::asio::error::timed_out;
    begin([this](boost::system::error_code failed) { failed_ = failed; });
    io_.restart();
    io_.run_for(std::chrono::seconds(5));
    if (io_.stopped()) return;
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
    io_.restart();
    io_.run();
    failed_ = boost::asio::error::timed_out;
  }

  boost::asio::io_context io_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  boost::system::error_code failed_;
  std::string received_;
  bool is_shaken_ = false;
  bool is_ended_ = false;
};

}  // namespace kapok::testing_net
