#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <span>

#include "connection/connection_registry.h"
#include "net/entry_pass.h"
#include "net/health_listener.h"
#include "net/peer_gate.h"
#include "net/web_files.h"
#include "net/web_origins.h"
#include "net/web_request.h"
#include "ops/log.h"

namespace kapok::net {

/// Every limit of an HTTP request (reliability.md §3.6). Times are real time; tests shorten them.
struct WebLimits {
  std::uint32_t header_bytes_max = 8 * 1024;  ///< request line and header fields
  std::uint32_t body_bytes_max = 64 * 1024;
  connection::NetDuration request_time_max = std::chrono::seconds(5);  ///< from its first byte to its last
  connection::NetDuration idle_time_max = std::chrono::seconds(15);    ///< between two requests
  connection::NetDuration reply_time_max = std::chrono::seconds(10);   ///< of the service, to a sign-in
  connection::NetDuration write_time_max = std::chrono::seconds(30);   ///< of one answer
  connection::NetDuration close_time_max = std::chrono::seconds(2);    ///< of the goodbye
  std::uint32_t requests_max = 200;                                    ///< over one connection
  std::uint32_t session_refusals_max = 3;  ///< then it is closed, as a stranger's is on the other port
};

/// What all connections of the web port share. Outlives them.
struct WebSite {
  service::Service& service;
  connection::ConnectionRegistry& registry;
  ops::Log& log;
  connection::Limits connection_limits;
  WebLimits limits;
  WebOrigins origins;
  std::span<const WebFile> files;
  std::function<HealthReport()> health;                   ///< on an I/O thread; must not block
  std::function<void(WebRefusal)> refused = [](auto) {};  ///< any thread
  EntryPasses passes = {};
};

/// One browser's connection after its TLS handshake: HTTP/1.1 requests one after the other, until it is idle for too
/// long, has asked often enough, or becomes a WebSocket. Then the stream goes to a ClientConnection, and this ends.
///
/// Lives on the stream's strand and keeps itself alive until it has ended; `stop` may be called from any thread.
class WebConnection : public std::enable_shared_from_this<WebConnection> {
 public:
  struct Parts {
    WebSite& site;
    std::shared_ptr<connection::ByteStream> stream;
    std::string address;
    std::shared_ptr<PeerGate::Place> place;
    std::function<void()> ended = {};  ///< called once, last
  };
  static std::shared_ptr<WebConnection> start(Parts parts);

  /// The server stops: what was asked is answered, nothing more is taken.
  void stop();

  /// Use start().
  explicit WebConnection(Parts parts);
  ~WebConnection();

 private:
  using Self = std::shared_ptr<WebConnection>;
  struct Insides;

  boost::asio::awaitable<void> run(Self self);
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> take_first_bytes();
  boost::asio::awaitable<bool> dispatch();
  boost::asio::awaitable<bool> serve_session();
  boost::asio::awaitable<api::Reply> ask(std::vector<api::Request> requests);
  boost::asio::awaitable<bool> take_body();
  boost::asio::awaitable<bool> refuse(WebRefused why);
  boost::asio::awaitable<bool> write_session(WebAnswer answer);
  boost::asio::awaitable<bool> write(WebAnswer answer);
  boost::asio::awaitable<bool> become_socket();
  WebAnswer health_answer() const;

  void limit_time(connection::NetDuration within);
  void hand_over(std::shared_ptr<connection::ByteStream> socket);

  Parts parts_;
  boost::asio::steady_timer deadline_;
  std::unique_ptr<Insides> insides_;
  WebRequest request_;
  std::uint32_t requests_ = 0;
  std::uint32_t session_refusals_ = 0;
  bool waits_ = false;  ///< nothing is asked and not answered
  bool stopping_ = false;
  bool handed_over_ = false;
};

}  // namespace kapok::net
