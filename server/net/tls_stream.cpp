#include "net/tls_stream.h"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace kapok::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class TlsSocketStream final : public TlsStream {
 public:
  TlsSocketStream(tcp::socket socket, const TlsContext& context)
      : context_(context), stream_(std::move(socket), *context) {}

  executor_type get_executor() override { return stream_.get_executor(); }

  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 protected:
  void handshake(DoneHandler handler) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(handler));
  }
  void read_some(asio::mutable_buffer into, IoHandler handler) override {
    stream_.async_read_some(into, std::move(handler));
  }
  void write_all(asio::const_buffer from, IoHandler handler) override {
    asio::async_write(stream_, from, std::move(handler));
  }
  void shutdown(DoneHandler handler) override { stream_.async_shutdown(std::move(handler)); }

 private:
  TlsContext context_;
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<TlsStream> make_tls_stream(tcp::socket socket, const TlsContext& context) {
  return std::make_unique<TlsSocketStream>(std::move(socket), context);
}

}  // namespace kapok::net
