#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connection/connection_registry.h"
#include "connection/limits.h"
#include "connection/token_bucket.h"
#include "net/peer_gate.h"
#include "net/tls_context.h"
#include "net/tls_stream.h"
#include "ops/log.h"

namespace kapok::net {

/// A flood of peers is not to become a flood of log lines: one line a second says how many there were.
class LogLines {
 public:
  /// Counts one more; gives how many a line should tell of now, or 0 for no line.
  std::size_t count_one() {
    ++unsaid_;
    return bucket_.take(std::chrono::steady_clock::now()) ? std::exchange(unsaid_, 0) : 0;
  }

 private:
  connection::TokenBucket bucket_{1, 5, std::chrono::steady_clock::now()};
  std::size_t unsaid_ = 0;
};

/// A public port: accepts, completes TLS within a deadline, and hands each client on, on a strand of its own: to a
/// ClientConnection unless the settings say otherwise. An accept that fails is logged and tried again; peers beyond a
/// limit are closed without a word, because a word would cost a handshake.
class TlsListener : public std::enable_shared_from_this<TlsListener> {
 public:
  /// A peer that has completed TLS, on the strand of its stream.
  struct Arrival {
    std::shared_ptr<TlsStream> stream;
    std::string address;
    std::shared_ptr<PeerGate::Place> place;  ///< held for as long as it is connected
  };

  struct Settings {
    boost::asio::ip::tcp::endpoint endpoint;  ///< port 0: any free one
    connection::Limits limits;
    connection::NetDuration handshake_time_max = std::chrono::seconds(5);  // reliability.md §3.1
    connection::NetDuration accept_retry_after = std::chrono::milliseconds(100);
    PeerGate::Limits gate;
    std::optional<PeerGate> shared_gate = {};  ///< of another listener, in place of one by `gate`
    ops::Code purpose = "clients";             ///< for the log
    std::function<void(Arrival)> serve = {};   ///< empty: a ClientConnection speaks with each
  };

  /// All of these outlive the threads of `io`.
  struct Around {
    boost::asio::io_context& io;
    service::Service& service;
    connection::ConnectionRegistry& registry;
    ops::Log& log;
  };

  /// Opens the port. An error says why it cannot be opened (taken, no permission, no such address).
  static Result<std::shared_ptr<TlsListener>> open(Around around, TlsContext tls, Settings settings);

  void start();
  /// No further connections; those that exist are not touched. Any thread.
  void stop();

  [[nodiscard]] boost::asio::ip::tcp::endpoint local_endpoint() const { return local_endpoint_; }
  [[nodiscard]] std::size_t connections() const { return gate_.connections(); }
  [[nodiscard]] const PeerGate& gate() const { return gate_; }

  /// Use open().
  TlsListener(Around around, TlsContext tls, Settings settings);

 private:
  using Self = std::shared_ptr<TlsListener>;
  using Socket = boost::asio::ip::tcp::socket;

  boost::asio::awaitable<void> accept_loop(Self self);
  void admit(Socket socket);
  void say(ops::LogId event);
  boost::asio::awaitable<void> greet(Self self, Socket socket, std::string address,
                                     std::shared_ptr<PeerGate::Place> place);
  void serve_frames(Arrival arrival);

  Around around_;
  TlsContext tls_;
  Settings settings_;
  PeerGate gate_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  boost::asio::ip::tcp::endpoint local_endpoint_;
  std::map<ops::LogId, LogLines> lines_;
};

}  // namespace kapok::net
