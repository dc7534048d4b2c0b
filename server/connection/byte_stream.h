#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cstddef>
#include <utility>

namespace kapok::connection {

/// One encrypted (or, in tests, any) stream of bytes to a client, without its type: whoever talks over it
/// compiles neither TLS nor sockets. `net/` implements it.
///
/// All calls come from the stream's executor, which is a strand. At most one read and one write are under way
/// at a time. After `close` every pending operation ends with an error.
class ByteStream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using error_code = boost::system::error_code;
  using IoHandler = boost::asio::any_completion_handler<void(error_code, std::size_t)>;
  using DoneHandler = boost::asio::any_completion_handler<void(error_code)>;

  virtual ~ByteStream() = default;
  virtual executor_type get_executor() = 0;

  template <class Token>
  auto async_read_some(boost::asio::mutable_buffer into, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, ByteStream* self, boost::asio::mutable_buffer buffer) {
          self->read_some(buffer, IoHandler(std::move(handler)));
        },
        token, this, into);
  }

  /// Writes all of `from`, which must live until the operation ends.
  template <class Token>
  auto async_write_all(boost::asio::const_buffer from, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, ByteStream* self, boost::asio::const_buffer buffer) {
          self->write_all(buffer, IoHandler(std::move(handler)));
        },
        token, this, from);
  }

  /// Says goodbye in the stream's own way (TLS close_notify). A silent peer never answers: run it under a
  /// deadline that calls `close`.
  template <class Token>
  auto async_shutdown(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        [](auto handler, ByteStream* self) { self->shutdown(DoneHandler(std::move(handler))); }, token, this);
  }

  /// Ends the stream at once.
  virtual void close() = 0;

  /// The peer is no stranger any more and may send frames of this size. For a stream that holds a whole frame before
  /// it gives out bytes, such as one of WebSocket messages; others need not know.
  ///
  /// Such a stream ends a read with `message_size` for a frame beyond the size, and with `operation_not_supported` for
  /// what is no frame of bytes; it has then said so to the peer in its own way.
  virtual void set_frame_bytes_max(std::size_t) {}

 protected:
  virtual void read_some(boost::asio::mutable_buffer into, IoHandler handler) = 0;
  virtual void write_all(boost::asio::const_buffer from, IoHandler handler) = 0;
  virtual void shutdown(DoneHandler handler) = 0;
};

}  // namespace kapok::connection
