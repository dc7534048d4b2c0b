#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <string>
#include <utility>

#include "connection/byte_stream.h"

namespace kapok::net {

/// A ByteStream in the shape that Beast asks for. Small pieces of one write leave together, as one TLS record of at
/// most 16 KiB. Only for files that include Beast.
class BeastStream {
 public:
  using executor_type = connection::ByteStream::executor_type;
  using error_code = connection::ByteStream::error_code;

  explicit BeastStream(std::shared_ptr<connection::ByteStream> stream) : stream_(std::move(stream)) {}

  executor_type get_executor() { return stream_->get_executor(); }
  connection::ByteStream& bytes() { return *stream_; }

  /// Says goodbye and reads what the peer had still under way, for at most 2 s: closing over unread bytes would reset
  /// the connection, and the peer could lose the close frame that tells it why.
  template <class Handler>
  void async_goodbye(Handler handler) {
    auto farewell = std::make_shared<Farewell>(stream_);
    farewell->deadline.async_wait([stream = stream_](error_code cancelled) {
      if (!cancelled) stream->close();
    });
    stream_->async_shutdown([farewell, handler = std::move(handler)](error_code) mutable {
      farewell->read_on(farewell, [handler = std::move(handler)]() mutable { handler(error_code{}); });
    });
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    boost::asio::mutable_buffer first;
    for (const boost::asio::mutable_buffer piece : boost::beast::buffers_range_ref(into))
      if (first.size() == 0) first = piece;
    return stream_->async_read_some(first, std::forward<Token>(token));
  }

  // An idle connection keeps no buffer: what is gathered goes with the write.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    auto record = std::make_unique<std::string>();
    const boost::asio::const_buffer bytes = gathered(from, *record);
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, connection::ByteStream* stream, boost::asio::const_buffer what, auto kept) {
          stream->async_write_all(what, [kept = std::move(kept), handler = std::move(handler)](
                                            error_code failed, std::size_t count) mutable {
            kept.reset();
            std::move(handler)(failed, count);
          });
        },
        token, stream_.get(), bytes, std::move(record));
  }

 private:
  struct Farewell {
    explicit Farewell(std::shared_ptr<connection::ByteStream> of)
        : stream(std::move(of)), deadline(stream->get_executor(), std::chrono::seconds(2)) {}

    template <class Done>
    void read_on(std::shared_ptr<Farewell> self, Done done) {
      stream->async_read_some(boost::asio::buffer(unwanted),
                              [self, done = std::move(done)](error_code failed, std::size_t) mutable {
                                if (!failed) return self->read_on(self, std::move(done));
                                self->deadline.cancel();
                                done();
                              });
    }

    std::shared_ptr<connection::ByteStream> stream;
    boost::asio::steady_timer deadline;
    std::array<char, 4096> unwanted{};
  };

  static constexpr std::size_t kRecordBytes = 16 * 1024;

  // A first piece that fills a record goes as it is.
  template <class Buffers>
  static boost::asio::const_buffer gathered(const Buffers& from, std::string& record) {
    for (const boost::asio::const_buffer piece : boost::beast::buffers_range_ref(from)) {
      if (record.empty() && piece.size() >= kRecordBytes) return piece;
      const std::size_t taken = std::min(piece.size(), kRecordBytes - record.size());
      record.append(static_cast<const char*>(piece.data()), taken);
      if (record.size() == kRecordBytes) break;
    }
    return boost::asio::buffer(record);
  }

  std::shared_ptr<connection::ByteStream> stream_;
};

// What Beast calls at the end of a WebSocket conversation. Whoever owns the stream holds a deadline over it.
inline void teardown(boost::beast::role_type, BeastStream& stream, BeastStream::error_code& failed) {
  failed = {};
  stream.bytes().close();
}

template <class Handler>
void async_teardown(boost::beast::role_type, BeastStream& stream, Handler&& handler) {
  stream.async_goodbye(std::forward<Handler>(handler));
}

inline void beast_close_socket(BeastStream& stream) { stream.bytes().close(); }

}  // namespace kapok::net
