#include "net/health_listener.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kapok::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using error_code = boost::system::error_code;
using Response = http::response<http::string_body>;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;

bool is_metrics(const http::request<http::empty_body>& request) { return request.target() == "/metrics"; }

Response answer_to(const http::request<http::empty_body>& request, const HealthListener::Questions& questions) {
  Response response(http::status::ok, 11);
  response.keep_alive(false);
  response.set(http::field::cache_control, "no-store");
  const bool health = request.target() == "/health";
  const bool ready = request.target() == "/ready";
  const bool metrics = is_metrics(request) && questions.metrics;
  if (!health && !ready && !metrics) {
    response.result(http::status::not_found);
  } else if (request.method() != http::verb::get) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET");
  } else if (metrics) {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = questions.metrics();
  } else {
    const HealthReport report = questions.health();
    if (ready && !report.ready) response.result(http::status::service_unavailable);
    response.set(http::field::content_type, "application/json");
    response.body() = to_json(report) + "\n";
  }
  response.prepare_payload();
  return response;
}

}  // namespace

std::string to_json(const HealthReport& report) {
  return boost::json::serialize(
      boost::json::object{{"state", report.state},
                          {"ready", report.ready},
                          {"version", report.version},
                          {"practice_factor", report.practice_factor},
                          {"uptime_s", std::chrono::duration_cast<seconds>(report.uptime).count()},
                          {"connections", report.connections}});
}

HealthListener::HealthListener(asio::io_context& io, ops::Log& log, Settings settings, Questions questions)
    : io_(io),
      log_(log),
      settings_(std::move(settings)),
      questions_(std::move(questions)),
      acceptor_(asio::make_strand(io)),
      pause_(acceptor_.get_executor()) {}

Result<std::shared_ptr<HealthListener>> HealthListener::open(asio::io_context& io, ops::Log& log, Settings settings,
                                                             Questions questions) {
  const tcp::endpoint wanted = settings.endpoint;
  if (!wanted.address().is_loopback())
    return Error{ErrorCode::kInvalidArgument, "the operations port listens on a loopback address only"};
  auto listener = std::make_shared<HealthListener>(io, log, std::move(settings), std::move(questions));
  tcp::acceptor& acceptor = listener->acceptor_;
  error_code failed;
  acceptor.open(wanted.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(wanted, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) listener->local_endpoint_ = acceptor.local_endpoint(failed);
  if (failed)
    return Error{ErrorCode::kInvalidArgument,
                 "cannot open operations port " + std::to_string(wanted.port()) + ": " + failed.message()};
  return listener;
}

void HealthListener::start() {
  log_.write(ops::LogId::kListening, {{"port", local_endpoint_.port()}, {"for", ops::Code("operations")}});
  asio::co_spawn(acceptor_.get_executor(), accept_loop(shared_from_this()), asio::detached);
}

void HealthListener::stop() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

asio::awaitable<void> HealthListener::accept_loop(Self self) {
  while (acceptor_.is_open()) {
    const auto strand = asio::make_strand(io_);
    tcp::socket socket(strand);
    const auto accepted = co_await acceptor_.async_accept(socket, kTuple);
    if (!acceptor_.is_open()) break;
    if (std::get<0>(accepted)) {
      log_.write(ops::LogId::kAcceptFailed, {{"errno", std::get<0>(accepted).value()}});
      pause_.expires_after(milliseconds(100));
      co_await pause_.async_wait(kTuple);
      continue;
    }
    if (open_.load() >= settings_.connections_max) continue;
    ++open_;
    const auto finished = [self](std::exception_ptr) { --self->open_; };
    asio::co_spawn(strand, serve(self, std::move(socket)), finished);
  }
}

/// Until the figures are up to date, or kRefreshMax.
asio::awaitable<void> HealthListener::refresh() {
  const auto strand = co_await asio::this_coro::executor;
  const auto wait = std::make_shared<asio::steady_timer>(strand, kRefreshMax);
  const auto here = std::make_shared<std::atomic<bool>>(false);
  questions_.refresh_metrics([wait, here, strand] {
    *here = true;
    asio::post(strand, [wait] { wait->cancel(); });
  });
  if (!*here) co_await wait->async_wait(kTuple);
}

asio::awaitable<void> HealthListener::serve(Self self, tcp::socket socket) {
  beast::tcp_stream stream(std::move(socket));
  stream.expires_after(settings_.request_time_max);
  beast::flat_buffer buffer(kHeaderBytesMax);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(0);

  const auto read = co_await http::async_read(stream, buffer, parser, kTuple);
  if (std::get<0>(read)) {
    log_.write(ops::LogId::kOperationsRequestFailed);
    co_return;
  }
  if (is_metrics(parser.get()) && questions_.refresh_metrics) co_await refresh();
  const Response response = answer_to(parser.get(), questions_);
  const auto written = co_await http::async_write(stream, response, kTuple);
  error_code ignored;
  if (!std::get<0>(written)) stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace kapok::net
