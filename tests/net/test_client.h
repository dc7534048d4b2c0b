#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kapok/v1/frame.pb.h"
#include "protocol/frame.h"

namespace kapok::testing_net {

/// A client written from proto/README.md alone: a socket, TLS, frames. Every wait ends after 5 s at the latest.
class TestClient {
 public:
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;
  static constexpr auto kPatience = std::chrono::seconds(5);

  /// Connects the socket; no TLS yet.
  explicit TestClient(const tcp::endpoint& server) : stream_(io_, context_) {
    boost::asio::ip::tcp::socket& socket = stream_.next_layer();
    socket.connect(server);
    socket.set_option(tcp::no_delay(true));
  }

  boost::asio::ssl::context& context() { return context_; }
  tcp::socket& socket() { return stream_.next_layer(); }

  error_code handshake(int newest_version = TLS1_3_VERSION) {
    SSL_set_max_proto_version(stream_.native_handle(), newest_version);
    error_code result = boost::asio::error::timed_out;
    stream_.async_handshake(boost::asio::ssl::stream_base::client, [&](error_code failed) { result = failed; });
    run();
    return result;
  }

  error_code send(std::string_view bytes) {
    error_code result = boost::asio::error::timed_out;
    boost::asio::async_write(stream_, boost::asio::buffer(bytes.data(), bytes.size()),
                             [&](error_code failed, std::size_t) { result = failed; });
    run();
    return result;
  }

  error_code send(const v1::ClientFrame& frame) { return send(protocol::encode_frame(frame.SerializeAsString())); }

  /// The next frame, or nothing when the connection ended (`end()` says how) or patience did.
  std::optional<v1::ServerFrame> receive() {
    while (true) {
      if (auto payload = frames_.next()) {
        v1::ServerFrame frame;
        if (!frame.ParseFromString(*payload)) return std::nullopt;
        return frame;
      }
      std::array<char, 16384> bytes{};
      std::size_t count = 0;
      end_ = boost::asio::error::timed_out;
      stream_.async_read_some(boost::asio::buffer(bytes), [&](error_code failed, std::size_t n) {
        end_ = failed;
        count = n;
      });
      run();
      if (end_) return std::nullopt;
      frames_.take({bytes.data(), count});
    }
  }

  /// Reads on until the reply to `request_id`; pushes that come before it are dropped.
  std::optional<v1::Reply> reply_to(std::uint64_t request_id) {
    while (auto frame = receive())
      if (frame->has_reply() && frame->reply().request_id() == request_id) return frame->reply();
    return std::nullopt;
  }

  std::optional<v1::Reply> ask(v1::ClientFrame frame) {
    frame.set_request_id(++last_id_);
    if (send(frame)) return std::nullopt;
    return reply_to(last_id_);
  }

  std::optional<v1::Reply> hello() {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version_min(1);
    frame.mutable_hello()->set_version_max(1);
    frame.mutable_hello()->set_client("test");
    return ask(frame);
  }

  std::optional<v1::Reply> sign_in(const std::string& token) {
    v1::ClientFrame frame;
    frame.mutable_sign_in_device()->set_device_token(token);
    return ask(frame);
  }

  std::optional<v1::Reply> ping() {
    v1::ClientFrame frame;
    frame.mutable_ping();
    return ask(frame);
  }

  /// True when the server has ended the connection within the patience; what it still sent is dropped.
  bool is_ended_by_server() {
    while (receive()) {
    }
    return end_ && end_ != boost::asio::error::timed_out;
  }

  [[nodiscard]] error_code end() const { return end_; }
  [[nodiscard]] std::uint64_t last_id() const { return last_id_; }

 private:
  // A wait that outlasts the patience is broken off by closing the socket.
  void run() {
    io_.restart();
    io_.run_for(kPatience);
    if (io_.stopped()) return;
    error_code ignored;
    stream_.next_layer().close(ignored);
    io_.restart();
    io_.run();
  }

  boost::asio::io_context io_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
  boost::asio::ssl::stream<tcp::socket> stream_;
  protocol::FrameReader frames_{protocol::kOutboundFrameBytesMax};
  error_code end_;
  std::uint64_t last_id_ = 0;
};

}  // namespace kapok::testing_net
