#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "kapok/v1/frame.pb.h"
#include "protocol/frame.h"

/// One TLS conversation with kapokd, for kapokctl and the load tools.
namespace kapok::wire {

/// The connection could not be made or broke; one sentence for a person.
struct WireError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ServerAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  /// SHA-256 of the server's certificate in hexadecimal: the certificate is pinned and no authority is asked.
  /// Empty = the system's authorities and the host name decide.
  std::string fingerprint;
};

/// TLS 1.3 only.
boost::asio::ssl::context client_tls(const ServerAddress& server);

/// Asks and is answered; hears pushes. All calls and all handlers run on the executor it was opened with, which
/// must be a strand when several threads run it. Lives as long as someone holds it or its connection is open.
class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  using Push = std::function<void(const v1::Push&)>;
  using Closed = std::function<void(const std::string& why)>;

  /// Connects and shakes hands within `deadline`. Throws WireError.
  static boost::asio::awaitable<std::shared_ptr<Conversation>> open(const ServerAddress& server,
                                                                    boost::asio::ssl::context& tls,
                                                                    std::chrono::milliseconds deadline);

  /// Set both before the first request that can cause a push.
  void on_push(Push push) { push_ = std::move(push); }
  void on_closed(Closed closed) { closed_ = std::move(closed); }

  /// Sends a frame, giving it the next request id, and waits for its reply, an error among them. Throws WireError
  /// when the connection breaks or `deadline` passes.
  boost::asio::awaitable<v1::Reply> ask(v1::ClientFrame frame, std::chrono::milliseconds deadline);

  /// Sends a frame whose reply nobody waits for.
  void tell(v1::ClientFrame frame);

  /// As ask, with the next idempotency key.
  boost::asio::awaitable<v1::Reply> change(v1::ClientFrame frame, std::chrono::milliseconds deadline);

  /// Keys go on above this one; known from SignedIn.
  void last_key(std::uint64_t key) { last_key_ = key; }

  [[nodiscard]] bool is_open() const { return open_; }
  void close();

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  struct Waiting {
    explicit Waiting(boost::asio::any_io_executor executor) : arrived(std::move(executor)) {}
    boost::asio::steady_timer arrived;  ///< expires at the deadline, is cancelled by the reply
    std::unique_ptr<v1::Reply> reply;
  };

  Conversation(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls);

  boost::asio::awaitable<void> connect(ServerAddress server, std::chrono::milliseconds deadline);
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write();
  void send(const v1::ClientFrame& frame);
  void take(const std::string& payload);
  void broken(const std::string& why);

  boost::asio::any_io_executor executor_;
  Stream stream_;
  protocol::FrameReader frames_{protocol::kOutboundFrameBytesMax};
  std::deque<std::string> outbound_;
  bool writing_ = false;
  bool open_ = false;
  std::uint64_t last_request_ = 0;
  std::uint64_t last_key_ = 0;
  std::map<std::uint64_t, std::shared_ptr<Waiting>> waiting_;
  Push push_;
  Closed closed_;
};

}  // namespace kapok::wire
