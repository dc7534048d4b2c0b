#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/instant.h"
#include "core/result.h"
#include "ops/log.h"

namespace kapok::net {

/// What the operations port tells; nothing about anybody.
struct HealthReport {
  std::string state;  ///< starting, ok, degraded, not_recorded, shutting_down (api::ServerNotice)
  bool ready = false;
  std::string version;
  std::uint32_t practice_factor = 1;
  Duration uptime{};
  std::size_t connections = 0;
};

std::string to_json(const HealthReport& report);

/// The operations port (decision 32): plain HTTP/1.1 on a loopback address, refused on any other.
/// GET /health answers 200 while the process serves, GET /ready 200 or 503; both with the report as JSON. GET /metrics
/// is the page of figures in the Prometheus text format. One request per connection, at most 16 connections, 8 KiB of
/// header, 5 s.
class HealthListener : public std::enable_shared_from_this<HealthListener> {
 public:
  struct Settings {
    boost::asio::ip::tcp::endpoint endpoint;
    std::chrono::steady_clock::duration request_time_max = std::chrono::seconds(5);
    int connections_max = 16;
  };
  /// Asked on an I/O thread; none may block.
  struct Questions {
    std::function<HealthReport()> health;
    /// Brings the metrics up to date and calls `done` on any thread. May be empty.
    std::function<void(std::function<void()> done)> refresh_metrics = {};
    std::function<std::string()> metrics = {};  ///< the page; empty = there is none
  };
  /// How long the page waits to be brought up to date; it then says what is known.
  static constexpr std::chrono::milliseconds kRefreshMax{1'000};

  static Result<std::shared_ptr<HealthListener>> open(boost::asio::io_context& io, ops::Log& log, Settings settings,
                                                      Questions questions);
  void start();
  void stop();
  [[nodiscard]] boost::asio::ip::tcp::endpoint local_endpoint() const { return local_endpoint_; }

  /// Use open().
  HealthListener(boost::asio::io_context& io, ops::Log& log, Settings settings, Questions questions);

 private:
  using Self = std::shared_ptr<HealthListener>;

  boost::asio::awaitable<void> accept_loop(Self self);
  boost::asio::awaitable<void> serve(Self self, boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> refresh();

  boost::asio::io_context& io_;
  ops::Log& log_;
  Settings settings_;
  Questions questions_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  boost::asio::ip::tcp::endpoint local_endpoint_;
  std::atomic<int> open_ = 0;
};

}  // namespace kapok::net
