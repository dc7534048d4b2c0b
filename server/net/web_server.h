#pragma once

#include <functional>
#include <memory>

#include "net/tls_listener.h"
#include "net/web_connection.h"

namespace kapok::net {

/// The web port: HTTPS for the console's files and POST /session, WebSocket for the protocol. Connections are accepted,
/// limited and handed their strand by a TlsListener like the other port's and count against the same limits; what
/// speaks on them is a WebConnection, and after the upgrade a ClientConnection.
class WebServer : public std::enable_shared_from_this<WebServer> {
 public:
  struct Settings {
    TlsListener::Settings listen;  ///< `serve` and `purpose` are set here
    WebLimits limits;
    std::function<Result<WebOrigins>(std::uint16_t port)> origins;  ///< asked once, when the port is open
    std::span<const WebFile> files = embedded_files();
    std::function<HealthReport()> health;
  };

  /// Opens the port. `tls` is made for the web (TlsChoice). Errors as TlsListener::open.
  static Result<std::shared_ptr<WebServer>> open(TlsListener::Around around, TlsContext tls, Settings settings);

  void start();
  /// No further connections or requests; requests under way are answered. WebSockets are the registry's. Any thread.
  void stop();

  [[nodiscard]] boost::asio::ip::tcp::endpoint local_endpoint() const { return listener_->local_endpoint(); }

  /// Use open().
  WebServer(TlsListener::Around around, Settings settings);

 private:
  void serve(TlsListener::Arrival arrival);
  void say(WebRefusal why);

  WebSite site_;
  std::shared_ptr<TlsListener> listener_;

  std::mutex mutex_;
  bool stopping_ = false;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::weak_ptr<WebConnection>> connections_;
  std::map<WebRefusal, LogLines> refused_;
};

}  // namespace kapok::net
