#include "net/web_socket_stream.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstring>
#include <memory>
#include <optional>

#include "connection/limits.h"
#include "connection/token_bucket.h"
#include "net/beast_stream.h"
#include "protocol/frame.h"

namespace kapok::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr std::uint32_t kControlFramesPerS = 1;
constexpr std::uint32_t kControlFramesBurst = 20;
constexpr auto kCloseTimeMax = std::chrono::seconds(2);

std::uint32_t length_at(const char* header) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < protocol::kFrameHeaderBytes; ++i)
    length = (length << 8) | static_cast<unsigned char>(header[i]);
  return length;
}

// A type-erased handler brings an executor with which Beast cannot post; without one it uses ours, the same strand.
auto plain(connection::ByteStream::DoneHandler handler) {
  return [handler = std::move(handler)](boost::system::error_code failed) mutable { handler(failed); };
}

class Stream final : public WebSocketStream, public std::enable_shared_from_this<Stream> {
 public:
  Stream(std::shared_ptr<connection::ByteStream> under, Answer answer, std::size_t frame_bytes_max)
      : under_(std::move(under)),
        answer_(std::move(answer)),
        socket_(std::in_place, BeastStream(under_)),
        close_timer_(under_->get_executor()) {
    socket_->read_message_max(frame_bytes_max);
    socket_->auto_fragment(false);
    socket_->binary(true);
    socket_->control_callback([this](websocket::frame_type, beast::string_view) { on_control_frame(); });
    socket_->set_option(websocket::stream_base::decorator([this](websocket::response_type& response) {
      for (const auto& [name, value] : answer_.headers) response.set(name, value);
      response.set(beast::http::field::sec_websocket_protocol, answer_.subprotocol);
    }));
  }

  executor_type get_executor() override { return under_->get_executor(); }
  // Beast can keep an operation waiting that nothing will wake (a read that meets a broken frame while a goodbye waits
  // for its answer). Such a one goes with the socket, and with it the coroutine that waits and all that it holds.
  void close() override {
    close_timer_.cancel();
    under_->close();
    asio::post(get_executor(), [self = shared_from_this()] { self->socket_.reset(); });
  }
  void set_frame_bytes_max(std::size_t bytes) override {
    if (socket_) socket_->read_message_max(bytes);
  }

 protected:
  // Beast composes its answer from a request that holds only what we have judged: no extension can slip through.
  void accept(DoneHandler handler) override {
    request_ = "GET /ws HTTP/1.1\r\nHost: kapokd\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
               answer_.key + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
    socket_->async_accept(asio::buffer(request_), plain(std::move(handler)));
  }

  void read_some(asio::mutable_buffer into, IoHandler handler) override {
    if (header_given_ < protocol::kFrameHeaderBytes || message_.size() > 0) return give(into, std::move(handler));
    if (!socket_) return give_up(std::move(handler));
    socket_->async_read(message_, [this, into, handler = std::move(handler)](error_code failed, std::size_t) mutable {
      on_message(failed, into, std::move(handler));
    });
  }

  void write_all(asio::const_buffer from, IoHandler handler) override {
    if (!socket_) return give_up(std::move(handler));
    unwritten_ = {static_cast<const char*>(from.data()), from.size()};
    write_next(from.size(), std::move(handler));
  }

  void shutdown(DoneHandler handler) override { say_goodbye(websocket::close_code::normal, std::move(handler)); }

 private:
  void on_message(error_code failed, asio::mutable_buffer into, IoHandler handler) {
    if (failed == websocket::error::message_too_big) return handler(asio::error::message_size, 0);
    if (failed) return handler(failed, 0);
    if (!socket_) return handler(asio::error::operation_aborted, 0);
    if (socket_->got_text()) return refuse_text(std::move(handler));
    const auto length = static_cast<std::uint32_t>(message_.size());
    for (std::size_t i = 0; i < header_.size(); ++i) header_[i] = static_cast<char>(length >> (8 * (3 - i)));
    header_given_ = 0;
    give(into, std::move(handler));
  }

  void give_up(IoHandler handler) {
    asio::post(get_executor(),
               [handler = std::move(handler)]() mutable { handler(asio::error::operation_aborted, 0); });
  }

  void refuse_text(IoHandler handler) {
    close_timer_.expires_after(kCloseTimeMax);
    close_timer_.async_wait([under = under_](error_code cancelled) {
      if (!cancelled) under->close();
    });
    say_goodbye(websocket::close_code::unknown_data, [handler = std::move(handler)](error_code) mutable {
      handler(asio::error::operation_not_supported, 0);
    });
  }

  // What there is of header and message, never from within the call that asked.
  void give(asio::mutable_buffer into, IoHandler handler) {
    const std::size_t of_header = std::min(into.size(), protocol::kFrameHeaderBytes - header_given_);
    std::memcpy(into.data(), header_.data() + header_given_, of_header);
    header_given_ += of_header;
    into += of_header;
    const std::size_t of_message = asio::buffer_copy(into, message_.data());
    message_.consume(of_message);
    if (message_.size() == 0) message_.shrink_to_fit();
    asio::post(get_executor(), [handler = std::move(handler), given = of_header + of_message]() mutable {
      handler(error_code{}, given);
    });
  }

  void write_next(std::size_t total, IoHandler handler) {
    const std::size_t length = length_at(unwritten_.data());
    const std::string_view frame = unwritten_.substr(protocol::kFrameHeaderBytes, length);
    unwritten_.remove_prefix(protocol::kFrameHeaderBytes + length);
    socket_->async_write(asio::buffer(frame.data(), frame.size()),
                         [this, total, handler = std::move(handler)](error_code failed, std::size_t) mutable {
                           if (failed || unwritten_.empty()) return handler(failed, total);
                           if (!socket_) return handler(asio::error::operation_aborted, 0);
                           write_next(total, std::move(handler));
                         });
  }

  // Beast allows one goodbye; after it nothing else is written.
  void say_goodbye(websocket::close_code why, DoneHandler handler) {
    if (std::exchange(said_goodbye_, true) || !socket_ || !socket_->is_open()) {
      asio::post(get_executor(), [handler = std::move(handler)]() mutable { handler(error_code{}); });
      return;
    }
    socket_->async_close(why, plain(std::move(handler)));
  }

  void on_control_frame() {
    if (!control_frames_.take(std::chrono::steady_clock::now())) under_->close();
  }

  std::shared_ptr<connection::ByteStream> under_;
  Answer answer_;
  std::string request_;
  std::optional<websocket::stream<BeastStream, false>> socket_;  ///< none once closed
  asio::steady_timer close_timer_;
  beast::flat_buffer message_;
  std::array<char, protocol::kFrameHeaderBytes> header_{};
  std::size_t header_given_ = protocol::kFrameHeaderBytes;
  std::string_view unwritten_;
  connection::TokenBucket control_frames_{kControlFramesPerS, kControlFramesBurst, std::chrono::steady_clock::now()};
  bool said_goodbye_ = false;
};

}  // namespace

std::shared_ptr<WebSocketStream> make_web_socket_stream(std::shared_ptr<connection::ByteStream> under,
                                                        WebSocketStream::Answer answer, std::size_t frame_bytes_max) {
  return std::make_shared<Stream>(std::move(under), std::move(answer), frame_bytes_max);
}

}  // namespace kapok::net
