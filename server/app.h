#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config.h"
#include "connection/connection_registry.h"
#include "net/health_listener.h"
#include "net/tls_listener.h"
#include "net/web_server.h"
#include "ops/disk_watch.h"
#include "ops/log.h"
#include "ops/metrics.h"
#include "ops/watchdog.h"
#include "service/service.h"

namespace kapok {

/// The service of a city together with what the process needs of it besides answering clients.
struct OpenedService {
  std::unique_ptr<service::Service> service;
  /// ok, degraded or not_recorded (api::ServerNotice). Any thread; must not block.
  std::function<std::string()> state;
  /// Saves what is under way, then calls `done` once, on any thread. No request comes after it.
  std::function<void(std::function<void()> done)> stop;
  /// Runs `answer` on the strand of the city, soon. May be empty: then nobody watches over the service.
  std::function<void(std::function<void()> answer)> ask_strand = {};
  /// What the store's writer is doing. Any thread; must not block.
  std::function<ops::WriterLook()> writer = {};
  /// Counts into these from now on; called once, before the first client. May be empty.
  std::function<void(ops::Metrics&)> count_into = {};
  /// Sets in them what is read when it is asked for, then calls `done` on some thread; a city that hangs never does.
  /// Any thread; must not block. May be empty.
  std::function<void(std::function<void()> done)> refresh_metrics = {};
};

/// When a client should come back after a stop: the clients spread evenly over a time that grows with their number,
/// 5 ms each, and never exceeds 5 s (reliability.md §2.2). `place` counts from 0.
std::uint32_t reconnect_after_ms(std::size_t place, std::size_t clients);

/// Opens the store and rebuilds the city from it. `io` is running by the time clients are let in, and outlives
/// the service.
using OpenService = std::function<Result<OpenedService>(boost::asio::io_context& io, const Config&, ops::Log&)>;

/// Times that tests shorten.
struct AppDeadlines {
  /// Clients that have not taken their last messages by then are cut off. Short, because everybody else waits for the
  /// next server meanwhile.
  connection::NetDuration drain = std::chrono::seconds(2);
  connection::NetDuration service_stop = std::chrono::seconds(15);
  connection::Limits connection;
  connection::NetDuration handshake = std::chrono::seconds(5);  // reliability.md §3.1
  net::WebLimits web;
};

/// The whole server: what exists, in which order it starts and stops.
///
///   start   TLS material → store and service → operations port → clients' port → web port → ready
///   stop    (SIGTERM, SIGINT) /ready is false, no new clients → notice to clients with the time to come back,
///           answers, goodbyes, at most 2 s → service saves → operations port → threads end. A second signal ends the
///           threads at once.
class App {
 public:
  /// An error is one sentence for the operator: a file, a port or the store cannot be used.
  static Result<std::unique_ptr<App>> open(const Config& config, ops::Log& log, const OpenService& open_service,
                                           const AppDeadlines& deadlines = {});

  /// Whether the files and networks that the configuration names can be used; opens nothing.
  static Result<Done> check(const Config& config);

  /// Serves until stopped; gives the exit code of the process.
  int run();
  /// As SIGTERM. Any thread.
  void stop();

  [[nodiscard]] boost::asio::ip::tcp::endpoint clients_endpoint() const { return clients_->local_endpoint(); }
  /// Only where web.port is not -1.
  [[nodiscard]] boost::asio::ip::tcp::endpoint web_endpoint() const { return web_->local_endpoint(); }
  [[nodiscard]] boost::asio::ip::tcp::endpoint operations_endpoint() const { return operations_->local_endpoint(); }

  /// Use open().
  App(const Config& config, ops::Log& log, const AppDeadlines& deadlines);
  ~App();

 private:
  Result<net::TlsListener::Settings> listen_settings() const;
  Result<Done> open_clients_port();
  Result<Done> open_web_port();
  Result<Done> open_operations_port();
  [[nodiscard]] net::HealthReport health() const;
  void refresh_metrics(std::function<void()> done);

  void listen_to_signals();
  void watch_over();
  boost::asio::awaitable<void> shut_down();
  boost::asio::awaitable<void> drain_clients();
  boost::asio::awaitable<void> stop_service();

  Config config_;
  ops::Log& log_;
  AppDeadlines deadlines_;
  std::chrono::steady_clock::time_point started_at_;
  net::TlsContext tls_;
  net::TlsContext web_tls_;

  ops::Metrics metrics_;
  boost::asio::io_context io_;  ///< outlives everything below, which holds sockets and strands of it
  OpenedService opened_;
  connection::ConnectionRegistry registry_;
  std::shared_ptr<net::HealthListener> operations_;
  std::shared_ptr<net::TlsListener> clients_;
  std::shared_ptr<net::WebServer> web_;  ///< null without a web port
  std::unique_ptr<ops::Watchdog> watchdog_;
  std::unique_ptr<ops::DiskWatch> disk_watch_;
  boost::asio::signal_set signals_;
  std::atomic<bool> stopping_ = false;
  bool in_good_order_ = true;
};

}  // namespace kapok
