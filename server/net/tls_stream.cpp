#include "net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <memory>

#include "core/check.h"

namespace kapok::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// What OpenSSL needs of a socket, as a source and sink of its own: its own kind would raise SIGPIPE.
struct SocketBio {
  static tcp::socket& socket_of(BIO* bio) { return *static_cast<tcp::socket*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(socket_of(bio).native_handle(), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
  }

  static int read(BIO* bio, char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    const auto read = ::recv(socket_of(bio).native_handle(), bytes, static_cast<std::size_t>(count), 0);
    if (read < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(read);
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO_METHOD* method() {
    static BIO_METHOD* const kMethod = [] {
      BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
      KAPOK_CHECK(made != nullptr);
      BIO_meth_set_write(made, &SocketBio::write);
      BIO_meth_set_read(made, &SocketBio::read);
      BIO_meth_set_ctrl(made, &SocketBio::control);
      return made;
    }();
    return kMethod;
  }
};

auto without_count(connection::ByteStream::DoneHandler handler) {
  return [handler = std::move(handler)](boost::system::error_code failed, std::size_t) mutable { handler(failed); };
}

/// TLS straight over the socket: OpenSSL is asked, and where it wants to read or write first, the socket is waited for.
/// Unlike asio::ssl::stream, which keeps some 68 KiB of buffers for each connection, an idle one keeps none.
class TlsSocketStream final : public TlsStream {
 public:
  TlsSocketStream(tcp::socket socket, TlsContext context)
      : context_(std::move(context)), socket_(std::move(socket)), ssl_(SSL_new(context_->native_handle()), &SSL_free) {
    KAPOK_CHECK(ssl_ != nullptr);
    error_code ignored;
    socket_.native_non_blocking(true, ignored);
    BIO* bio = BIO_new(SocketBio::method());
    KAPOK_CHECK(bio != nullptr);
    BIO_set_data(bio, &socket_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_read_ahead(ssl_.get(), 1);
    SSL_set_accept_state(ssl_.get());
  }

  executor_type get_executor() override { return socket_.get_executor(); }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 protected:
  void handshake(DoneHandler handler) override {
    go_on([](SSL* ssl, std::size_t&) { return SSL_do_handshake(ssl); }, without_count(std::move(handler)));
  }

  void read_some(asio::mutable_buffer into, IoHandler handler) override {
    if (into.size() == 0) return finish({}, 0, std::move(handler));
    go_on([into](SSL* ssl, std::size_t& count) { return SSL_read_ex(ssl, into.data(), into.size(), &count); },
          std::move(handler));
  }

  void write_all(asio::const_buffer from, IoHandler handler) override {
    if (from.size() == 0) return finish({}, 0, std::move(handler));
    go_on([from](SSL* ssl, std::size_t& count) { return SSL_write_ex(ssl, from.data(), from.size(), &count); },
          std::move(handler));
  }

  // The first call says goodbye, the second waits for the peer's.
  void shutdown(DoneHandler handler) override {
    go_on(
        [](SSL* ssl, std::size_t&) {
          const int said = SSL_shutdown(ssl);
          return said == 0 ? SSL_shutdown(ssl) : said;
        },
        without_count(std::move(handler)));
  }

 private:
  // Asks OpenSSL again and again until it has done the step, waiting for the socket in between. A step that is asked
  // again gets the same bytes, as OpenSSL demands. `done` is never called from within the call that began the step.
  template <class Step, class Done>
  void go_on(Step step, Done done) {
    if (!socket_.is_open()) return finish(asio::error::operation_aborted, 0, std::move(done));
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int result = step(ssl_.get(), count);
    if (result > 0) return finish({}, count, std::move(done));
    const int why = SSL_get_error(ssl_.get(), result);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return finish(error_of(why), 0, std::move(done));
    const auto wanted = why == SSL_ERROR_WANT_READ ? tcp::socket::wait_read : tcp::socket::wait_write;
    socket_.async_wait(wanted, [this, step, done = std::move(done)](error_code failed) mutable {
      if (failed) return finish(failed, 0, std::move(done));
      go_on(step, std::move(done));
    });
  }

  static error_code error_of(int why) {
    if (why == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
    if (why == SSL_ERROR_SYSCALL && errno != 0) return {errno, boost::system::system_category()};
    const unsigned long reason = ERR_get_error();
    if (why == SSL_ERROR_SYSCALL || reason == 0) return asio::ssl::error::stream_truncated;
    return {static_cast<int>(reason), asio::error::get_ssl_category()};
  }

  template <class Done>
  void finish(error_code failed, std::size_t count, Done done) {
    asio::post(socket_.get_executor(),
               [done = std::move(done), failed, count]() mutable { std::move(done)(failed, count); });
  }

  TlsContext context_;
  tcp::socket socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace

std::unique_ptr<TlsStream> make_tls_stream(tcp::socket socket, const TlsContext& context) {
  return std::make_unique<TlsSocketStream>(std::move(socket), context);
}

}  // namespace kapok::net
