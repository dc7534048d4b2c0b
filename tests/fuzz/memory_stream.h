#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "connection/byte_stream.h"

namespace kapok::testing_fuzz {

/// A stream whose peer has sent `arrives`, in pieces of `piece` bytes, and hung up. Keeps what is written to it.
class MemoryStream final : public connection::ByteStream {
 public:
  MemoryStream(boost::asio::io_context& io, std::string_view arrives, std::size_t piece)
      : io_(io), arrives_(arrives), piece_(piece) {}

  executor_type get_executor() override { return io_.get_executor(); }
  void close() override { closed_ = true; }
  [[nodiscard]] const std::string& written() const { return written_; }

 protected:
  void read_some(boost::asio::mutable_buffer into, IoHandler handler) override {
    const std::size_t count = closed_ ? 0 : std::min({into.size(), piece_, arrives_.size()});
    std::copy_n(arrives_.data(), count, static_cast<char*>(into.data()));
    arrives_.remove_prefix(count);
    const error_code failed = count == 0 && into.size() > 0 ? error_code(boost::asio::error::eof) : error_code{};
    finish(std::move(handler), failed, count);
  }
  void write_all(boost::asio::const_buffer from, IoHandler handler) override {
    if (!closed_) written_.append(static_cast<const char*>(from.data()), from.size());
    finish(std::move(handler), closed_ ? error_code(boost::asio::error::broken_pipe) : error_code{}, from.size());
  }
  void shutdown(DoneHandler handler) override {
    boost::asio::post(io_, [handler = std::move(handler)]() mutable { handler(error_code{}); });
  }

 private:
  void finish(IoHandler handler, error_code failed, std::size_t count) {
    boost::asio::post(io_, [handler = std::move(handler), failed, count]() mutable { handler(failed, count); });
  }

  boost::asio::io_context& io_;
  std::string_view arrives_;
  std::size_t piece_;
  std::string written_;
  bool closed_ = false;
};

}  // namespace kapok::testing_fuzz
