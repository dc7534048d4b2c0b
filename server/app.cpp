#include "app.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "ops/process_figures.h"
#include "ops/supervisor_notice.h"

namespace kapok {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kDrainLook = std::chrono::milliseconds(10);
constexpr std::chrono::duration<double> kMetricsWait = net::HealthListener::kRefreshMax;

const api::ServerNotice kStoppingNotice{.state = "shutting_down",
                                        .text_zh = "服务器正在停止，稍后请自动重连",
                                        .text_en = "The server is stopping; reconnect shortly"};

Result<std::vector<net::Network>> parse_networks(const std::vector<std::string>& texts) {
  std::vector<net::Network> networks;
  for (const std::string& text : texts) {
    auto parsed = net::Network::parse(text);
    if (!parsed.ok()) return Error{ErrorCode::kInvalidArgument, "limits.trusted_networks: " + parsed.error().detail};
    networks.push_back(parsed.value());
  }
  return networks;
}

Result<net::TlsContext> make_tls(const Config& config, bool http) {
  return net::make_tls_server_context(config.certificate, config.key,
                                      {.tls_1_2 = config.tls_least == "1.2", .http = http});
}

Result<net::WebOrigins> origins_of(const Config& config, std::uint16_t port, const net::TlsContext& tls) {
  auto origins = net::WebOrigins::parse(config.web_origins);
  if (!origins.ok()) return Error{ErrorCode::kInvalidArgument, "web.origins: " + origins.error().detail};
  if (!origins->empty()) return origins;
  return net::WebOrigins::of_certificate(::SSL_CTX_get0_certificate(tls->native_handle()), port);
}

}  // namespace

std::uint32_t reconnect_after_ms(std::size_t place, std::size_t clients) {
  constexpr std::size_t kEachMs = 5;
  constexpr std::size_t kSpreadMaxMs = 5'000;
  const std::size_t spread = std::min(clients * kEachMs, kSpreadMaxMs);
  return clients == 0 ? 0 : static_cast<std::uint32_t>(place % clients * spread / clients);
}

App::App(const Config& config, ops::Log& log, const AppDeadlines& deadlines)
    : config_(config),
      log_(log),
      deadlines_(deadlines),
      started_at_(std::chrono::steady_clock::now()),
      io_(static_cast<int>(config.io_threads)),
      signals_(asio::make_strand(io_)) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  metrics_.set(ops::MetricId::kStartTime, std::chrono::duration<double>(now).count());
}

App::~App() { log_.on_written({}); }

Result<std::unique_ptr<App>> App::open(const Config& config, ops::Log& log, const OpenService& open_service,
                                       const AppDeadlines& deadlines) {
  auto app = std::make_unique<App>(config, log, deadlines);
  // From 0 on, so that a first line is a rise that an alert can see.
  for (int id = 0; id <= static_cast<int>(ops::LogId::kLogLinesLost); ++id)
    app->metrics_.count_up_to(ops::MetricId::kLogMessages, 0,
                              ops::number_text(ops::message_of(static_cast<ops::LogId>(id))));
  log.on_written([&metrics = app->metrics_](const ops::LogMessage& message) {
    metrics.count(ops::MetricId::kLogMessages, ops::number_text(message));
  });
  log.write(ops::LogId::kServerStarting, {{"practice_factor", config.practice_factor}});

  for (const bool http : {false, true}) {
    auto tls = make_tls(config, http);
    if (!tls.ok()) return tls.error();
    (http ? app->web_tls_ : app->tls_) = std::move(tls).value();
  }

  auto opened = open_service(app->io_, app->config_, log);
  if (!opened.ok()) return opened.error();
  app->opened_ = std::move(opened).value();
  if (app->opened_.count_into) app->opened_.count_into(app->metrics_);

  if (auto port = app->open_operations_port(); !port.ok()) return port.error();
  if (auto port = app->open_clients_port(); !port.ok()) return port.error();
  if (auto port = app->open_web_port(); !port.ok()) return port.error();
  return app;
}

Result<Done> App::check(const Config& config) {
  if (auto tls = make_tls(config, false); !tls.ok()) return tls.error();
  if (auto origins = net::WebOrigins::parse(config.web_origins); !origins.ok())
    return Error{ErrorCode::kInvalidArgument, "web.origins: " + origins.error().detail};
  if (auto networks = parse_networks(config.trusted_networks); !networks.ok()) return networks.error();
  boost::system::error_code failed;
  asio::ip::make_address(config.listen_address, failed);
  if (failed) return Error{ErrorCode::kInvalidArgument, "listen.address is not an IP address"};
  return Done{};
}

Result<Done> App::open_operations_port() {
  net::HealthListener::Settings settings;
  settings.endpoint = {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(config_.operations_port)};
  net::HealthListener::Questions questions;
  questions.health = [this] { return health(); };
  questions.refresh_metrics = [this](std::function<void()> done) { refresh_metrics(std::move(done)); };
  questions.metrics = [this] { return metrics_.text(); };
  auto listener = net::HealthListener::open(io_, log_, settings, std::move(questions));
  if (!listener.ok()) return listener.error();
  operations_ = std::move(listener).value();
  return Done{};
}

Result<net::TlsListener::Settings> App::listen_settings() const {
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(config_.listen_address, failed);
  if (failed) return Error{ErrorCode::kInvalidArgument, "listen.address is not an IP address"};
  auto networks = parse_networks(config_.trusted_networks);
  if (!networks.ok()) return networks.error();

  net::TlsListener::Settings settings;
  settings.endpoint = {address, static_cast<std::uint16_t>(config_.listen_port)};
  settings.limits = deadlines_.connection;
  settings.handshake_time_max = deadlines_.handshake;
  settings.gate.connections_max = static_cast<std::size_t>(config_.connections_max);
  settings.gate.strangers_per_address_max = static_cast<std::size_t>(config_.strangers_per_address_max);
  settings.gate.trusted = std::move(networks).value();
  return settings;
}

Result<Done> App::open_clients_port() {
  auto settings = listen_settings();
  if (!settings.ok()) return settings.error();
  auto listener = net::TlsListener::open({io_, *opened_.service, registry_, log_}, tls_, std::move(settings).value());
  if (!listener.ok()) return listener.error();
  clients_ = std::move(listener).value();
  return Done{};
}

Result<Done> App::open_web_port() {
  if (config_.web_port < 0) return Done{};
  auto listen = listen_settings();
  if (!listen.ok()) return listen.error();
  net::WebServer::Settings settings;
  settings.listen = std::move(listen).value();
  settings.listen.endpoint.port(static_cast<std::uint16_t>(config_.web_port));
  settings.listen.shared_gate = clients_->gate();
  settings.limits = deadlines_.web;
  settings.health = [this] { return health(); };
  settings.origins = [this](std::uint16_t port) { return origins_of(config_, port, web_tls_); };
  auto server = net::WebServer::open({io_, *opened_.service, registry_, log_}, web_tls_, std::move(settings));
  if (!server.ok()) return server.error();
  web_ = std::move(server).value();
  return Done{};
}

net::HealthReport App::health() const {
  net::HealthReport report;
  report.state = stopping_ ? "shutting_down" : opened_.state();
  report.ready = report.state == "ok" || report.state == "degraded";
  if (watchdog_ && watchdog_->saving_is_stuck()) report.ready = false;
  report.version = KAPOK_VERSION;
  report.practice_factor = static_cast<std::uint32_t>(config_.practice_factor);
  report.uptime = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_at_);
  report.connections = registry_.size();
  return report;
}

/// The figures that are read when the page is asked for; those that are counted are there already.
void App::refresh_metrics(std::function<void()> done) {
  const std::string state = stopping_ ? "shutting_down" : opened_.state();
  for (const char* each : {"starting", "ok", "degraded", "not_recorded", "shutting_down"})
    metrics_.set(ops::MetricId::kState, state == each ? 1 : 0, each);
  metrics_.set(ops::MetricId::kConnections, static_cast<double>(registry_.size()));
  ops::measure_process(metrics_);
  const auto asked = std::chrono::steady_clock::now();
  metrics_.set(ops::MetricId::kStrandDelay, kMetricsWait.count());
  if (!opened_.refresh_metrics) return done();
  opened_.refresh_metrics([this, asked, done = std::move(done)] {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - asked;
    metrics_.set(ops::MetricId::kStrandDelay, std::min(took.count(), kMetricsWait.count()));
    done();
  });
}

int App::run() {
  const auto busy = asio::make_work_guard(io_);
  listen_to_signals();
  operations_->start();
  clients_->start();
  if (web_) web_->start();
  watch_over();
  log_.write(ops::LogId::kServerReady, {{"start", health().uptime}, {"threads", config_.io_threads}});
  ops::notify_supervisor("READY=1");
  {
    std::vector<std::jthread> threads;
    for (std::int64_t i = 1; i < config_.io_threads; ++i) threads.emplace_back([this] { io_.run(); });
    io_.run();
  }
  log_.write(ops::LogId::kServerStopped, {});
  return in_good_order_ ? 0 : 1;
}

void App::listen_to_signals() {
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](boost::system::error_code failed, int) {
    if (failed) return;
    stop();
    signals_.async_wait([this](boost::system::error_code again, int) {
      if (again) return;
      in_good_order_ = false;
      io_.stop();
    });
  });
}

void App::stop() {
  if (stopping_.exchange(true)) return;
  asio::co_spawn(asio::make_strand(io_), shut_down(), asio::detached);
}

asio::awaitable<void> App::shut_down() {
  log_.write(ops::LogId::kServerStopping, {{"connections", registry_.size()}});
  ops::notify_supervisor("STOPPING=1");
  if (watchdog_) watchdog_->stop();
  clients_->stop();
  if (web_) web_->stop();
  co_await drain_clients();
  co_await stop_service();
  operations_->stop();
  io_.stop();
}

// A client that was in its handshake when the stop began registers late; it is told like the others.
asio::awaitable<void> App::drain_clients() {
  const auto until = std::chrono::steady_clock::now() + deadlines_.drain;
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer look(executor);
  const std::size_t clients = registry_.size();
  std::uint64_t told = 0;
  std::size_t place = 0;
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    for (const auto& client : registry_.all()) {
      if (client->id().value <= told) continue;
      told = client->id().value;
      api::ServerNotice notice = kStoppingNotice;
      notice.reconnect_after_ms = reconnect_after_ms(place++, clients);
      client->stop(until - now, std::move(notice));
    }
    if (registry_.size() == 0 && clients_->connections() == 0) co_return;
    if (now >= until) break;
    look.expires_after(kDrainLook);
    co_await look.async_wait(kTuple);
  }
  log_.write(ops::LogId::kDrainCutShort, {{"connections", registry_.size()}});
}

asio::awaitable<void> App::stop_service() {
  const auto strand = co_await asio::this_coro::executor;
  const auto deadline = std::make_shared<asio::steady_timer>(strand, deadlines_.service_stop);
  const auto saved = std::make_shared<std::atomic<bool>>(false);
  opened_.stop([deadline, saved, strand] {
    *saved = true;
    asio::post(strand, [deadline] { deadline->cancel(); });
  });
  if (!*saved) co_await deadline->async_wait(kTuple);
  if (*saved) co_return;
  in_good_order_ = false;
  log_.write(ops::LogId::kInternalError, {{"in", ops::Code("service_stop")}});
}

void App::watch_over() {
  if (opened_.ask_strand && opened_.writer)
    watchdog_ = std::make_unique<ops::Watchdog>(log_, ops::Watchdog::Watched{opened_.ask_strand, opened_.writer});
  const std::filesystem::path data = config_.data_dir;
  ops::DiskWatch::Watched disks;
  disks.folders = {data, config_.spool_dir.empty() ? data / "spool" : std::filesystem::path(config_.spool_dir)};
  disks.write_ahead_log = data / "kapok.db-wal";
  disk_watch_ = std::make_unique<ops::DiskWatch>(log_, std::move(disks));
}

}  // namespace kapok
