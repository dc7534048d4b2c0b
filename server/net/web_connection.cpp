#include "net/web_connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "connection/ask_in_turn.h"
#include "net/beast_stream.h"
#include "net/web_session.h"
#include "net/web_socket_stream.h"
#include "protocol/frame.h"

namespace kapok::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using error_code = boost::system::error_code;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t kReadBytes = 4096;

using Fields = http::request_parser<http::string_body>::value_type;

// One value of a header that may stand once only.
std::string only_value(const Fields& from, http::field name, bool& malformed) {
  const auto found = from.equal_range(name);
  if (found.first == found.second) return {};
  if (std::next(found.first) != found.second) malformed = true;
  const auto value = found.first->value();
  return {value.data(), value.size()};
}

WebRequest read_header(const Fields& from, bool has_body) {
  WebRequest to;
  const auto only = [&](http::field name) { return only_value(from, name, to.malformed); };
  to.method = std::string(from.method_string());
  to.target = std::string(from.target());
  to.http_1_1 = from.version() == 11;
  to.has_body = has_body;
  to.expects = from.count(http::field::expect) > 0;
  if (only(http::field::host).empty()) to.malformed = true;
  to.origin = only(http::field::origin);
  to.cookie = only(http::field::cookie);
  to.content_type = only(http::field::content_type);
  to.accept_encoding = only(http::field::accept_encoding);
  to.if_none_match = only(http::field::if_none_match);
  to.socket_version = only(http::field::sec_websocket_version);
  to.socket_key = only(http::field::sec_websocket_key);
  to.subprotocols = only(http::field::sec_websocket_protocol);
  const std::string connection = only(http::field::connection);
  to.upgrade = lists_token(connection, "upgrade") && lists_token(only(http::field::upgrade), "websocket");
  to.csrf = std::string(from["X-Kapok-Csrf"]);
  for (const auto& field : from)
    if (!is_header_value({field.value().data(), field.value().size()})) to.malformed = true;
  return to;
}

std::optional<WebRefused> refusal_for(error_code failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
    return WebRefused{431, WebRefusal::kTooLarge};
  if (failed == http::error::body_limit) return WebRefused{413, WebRefusal::kTooLarge};
  if (failed == http::error::bad_version) return WebRefused{505, WebRefusal::kNotOurs};
  const bool unread = failed == http::error::end_of_stream || failed == http::error::partial_message;
  if (unread || failed.category() != http::make_error_code(http::error::bad_value).category()) return std::nullopt;
  return WebRefused{};
}

http::response<http::buffer_body> response_for(const WebAnswer& answer, bool last) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  http::response<http::buffer_body> response;
  response.version(11);
  response.result(answer.status);
  response.reason(std::string(reason_of(answer.status)));
  for (const auto& [name, value] : strict_headers()) response.set(name, header_value(value));
  for (const auto& [name, value] : answer.headers) response.insert(name, header_value(value));
  response.set(http::field::date, http_date(std::chrono::duration_cast<std::chrono::seconds>(now).count()));
  if (last) response.set(http::field::connection, "close");
  if (answer.status != 304) response.content_length(answer.body().size());
  return response;
}

}  // namespace

// What is of Beast, kept out of the header.
struct WebConnection::Insides {
  explicit Insides(const Parts& parts)
      : stream(parts.stream), buffer(parts.site.limits.header_bytes_max + kReadBytes) {}

  BeastStream stream;
  beast::flat_buffer buffer;
  std::optional<http::request_parser<http::string_body>> parser;
};

WebConnection::WebConnection(Parts parts)
    : parts_(std::move(parts)), deadline_(parts_.stream->get_executor()), insides_(std::make_unique<Insides>(parts_)) {}

WebConnection::~WebConnection() = default;

std::shared_ptr<WebConnection> WebConnection::start(Parts parts) {
  auto self = std::make_shared<WebConnection>(std::move(parts));
  const auto strand = self->parts_.stream->get_executor();
  asio::dispatch(strand, [self, strand] {
    asio::co_spawn(strand, self->run(self), [self](std::exception_ptr failed) {
      if (failed) self->parts_.site.log.write(ops::LogId::kInternalError, {{"in", ops::Code("web")}});
      if (failed) self->parts_.stream->close();
      self->deadline_.cancel();
      if (const auto ended = std::exchange(self->parts_.ended, nullptr)) ended();
    });
  });
  return self;
}

void WebConnection::stop() {
  asio::post(parts_.stream->get_executor(), [self = shared_from_this()] {
    self->stopping_ = true;
    if (self->waits_ && !self->handed_over_) self->parts_.stream->close();
  });
}

// An expired wait may already be queued when the time is set anew; it looks again.
void WebConnection::limit_time(connection::NetDuration within) {
  deadline_.expires_after(within);
  deadline_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || self->handed_over_) return;
    if (self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
    if (!self->waits_ || self->requests_ == 0) self->parts_.site.refused(WebRefusal::kTooSlow);
    self->parts_.stream->close();
  });
}

asio::awaitable<void> WebConnection::run(Self self) {
  bool goes_on = true;
  while (goes_on) {
    goes_on = co_await serve_one();
    if (++requests_ >= parts_.site.limits.requests_max || stopping_) goes_on = false;
  }
  if (handed_over_) co_return;
  waits_ = true;
  limit_time(parts_.site.limits.close_time_max);
  co_await parts_.stream->async_shutdown(kTuple);
  parts_.stream->close();
}

asio::awaitable<bool> WebConnection::serve_one() {
  const auto& limits = parts_.site.limits;
  request_ = {};
  insides_->parser.emplace();
  insides_->parser->header_limit(limits.header_bytes_max);
  insides_->parser->body_limit(limits.body_bytes_max);
  const bool began = co_await take_first_bytes();
  if (!began) co_return false;
  limit_time(limits.request_time_max);
  const auto read = co_await http::async_read_header(insides_->stream, insides_->buffer, *insides_->parser, kTuple);
  if (const auto& failed = std::get<0>(read)) {
    const auto why = refusal_for(failed);
    if (!why) co_return false;
    const bool goes_on = co_await refuse(*why);
    co_return goes_on;
  }
  // Beast's own limit leaves out the ends of the lines around the fields.
  if (std::get<1>(read) > limits.header_bytes_max) {
    const WebRefused too_large{431, WebRefusal::kTooLarge};
    const bool goes_on = co_await refuse(too_large);
    co_return goes_on;
  }
  request_ = read_header(insides_->parser->get(), !insides_->parser->is_done());
  const bool goes_on = co_await dispatch();
  co_return goes_on && insides_->parser->keep_alive();
}

// The first request is expected at once, a further one may take its time.
asio::awaitable<bool> WebConnection::take_first_bytes() {
  if (insides_->buffer.size() > 0) co_return true;
  waits_ = true;
  limit_time(requests_ > 0 ? parts_.site.limits.idle_time_max : parts_.site.limits.request_time_max);
  const auto into = insides_->buffer.prepare(kReadBytes);
  const auto read = co_await insides_->stream.async_read_some(into, kTuple);
  waits_ = false;
  if (std::get<0>(read)) co_return false;
  insides_->buffer.commit(std::get<1>(read));
  co_return true;
}

asio::awaitable<bool> WebConnection::dispatch() {
  const WebJudgement judged = judge(request_, parts_.site.origins);
  bool goes_on = false;
  if (judged.refused)
    goes_on = co_await refuse(*judged.refused);
  else if (judged.route == WebRoute::kSocket)
    goes_on = co_await become_socket();
  else if (judged.route == WebRoute::kSession)
    goes_on = co_await serve_session();
  else if (judged.route == WebRoute::kHealth)
    goes_on = co_await write(health_answer());
  else
    goes_on = co_await write(answer_file(request_, parts_.site.files));
  co_return goes_on;
}

asio::awaitable<bool> WebConnection::refuse(WebRefused why) {
  parts_.site.refused(why.why);
  const bool goes_on = co_await write(refusal_answer(why));
  co_return goes_on;
}

WebAnswer WebConnection::health_answer() const {
  const HealthReport report = parts_.site.health();
  WebAnswer answer;
  answer.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  answer.text = boost::json::serialize(
                    boost::json::object{{"state", report.state}, {"practice_factor", report.practice_factor}}) +
                "\n";
  return answer;
}

asio::awaitable<bool> WebConnection::write(WebAnswer answer) {
  const std::string_view body = answer.body();
  const bool last = answer.close_after || stopping_ || !insides_->parser->keep_alive();
  const bool bare = request_.method == "HEAD" || body.empty();
  auto response = response_for(answer, last);
  response.body().data = bare ? nullptr : const_cast<char*>(body.data());
  response.body().size = bare ? 0 : body.size();
  response.body().more = false;

  limit_time(parts_.site.limits.write_time_max);
  http::response_serializer<http::buffer_body> serializer(response);
  if (bare) {
    const auto written = co_await http::async_write_header(insides_->stream, serializer, kTuple);
    co_return !std::get<0>(written) && !last;
  }
  const auto written = co_await http::async_write(insides_->stream, serializer, kTuple);
  co_return !std::get<0>(written) && !last;
}

asio::awaitable<bool> WebConnection::take_body() {
  const auto read = co_await http::async_read(insides_->stream, insides_->buffer, *insides_->parser, kTuple);
  const auto& failed = std::get<0>(read);
  const bool too_large = !failed && insides_->parser->get().body().size() > kSessionBodyBytesMax;
  std::optional<WebRefused> why;
  if (failed) why = refusal_for(failed);
  if (too_large) why = WebRefused{413, WebRefusal::kTooLarge};
  if (why) co_await refuse(*why);
  co_return !failed && !too_large;
}

asio::awaitable<api::Reply> WebConnection::ask(std::vector<api::Request> requests) {
  const auto begin = [self = shared_from_this()](auto handler, std::vector<api::Request> asked) {
    const auto kept = std::make_shared<decltype(handler)>(std::move(handler));
    const auto done = [self, kept](api::Reply reply) {
      asio::post(self->parts_.stream->get_executor(),
                 [kept, reply = std::move(reply)]() mutable { std::move (*kept)(std::move(reply)); });
    };
    connection::ask_in_turn(self->parts_.site.service, self->parts_.site.registry, {self->parts_.address},
                            std::move(asked), done);
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(api::Reply)>(begin, asio::use_awaitable,
                                                                               std::move(requests));
}

asio::awaitable<bool> WebConnection::serve_session() {
  const bool taken = co_await take_body();
  if (!taken) co_return false;
  SessionQuestion question = read_session_request(request_, insides_->parser->get().body());
  if (question.answer) {
    const bool goes_on = co_await write_session(std::move(*question.answer));
    co_return goes_on;
  }
  limit_time(parts_.site.limits.reply_time_max);
  auto asked = ask(std::move(question.requests));
  api::Reply reply = co_await std::move(asked);
  if (reply.body.ok()) parts_.place->known();
  WebAnswer answer = session_answer(question, std::move(reply), parts_.site.passes, std::chrono::steady_clock::now());
  const bool goes_on = co_await write_session(std::move(answer));
  co_return goes_on;
}

asio::awaitable<bool> WebConnection::write_session(WebAnswer answer) {
  if (answer.status != 200) {
    parts_.site.refused(WebRefusal::kNoSession);
    answer.close_after = ++session_refusals_ >= parts_.site.limits.session_refusals_max;
  }
  const bool goes_on = co_await write(std::move(answer));
  co_return goes_on;
}

asio::awaitable<bool> WebConnection::become_socket() {
  if (insides_->buffer.size() > 0) {  // nobody speaks before he is answered
    const WebRefused early;
    co_await refuse(early);
    co_return false;
  }
  WebSocketStream::Answer answer{request_.socket_key, kWebSubprotocol, strict_headers()};
  auto socket = make_web_socket_stream(parts_.stream, std::move(answer), protocol::kSignInFrameBytesMax);
  limit_time(parts_.site.limits.write_time_max);
  const auto accepted = co_await socket->async_accept(kTuple);
  if (!std::get<0>(accepted)) hand_over(std::move(socket));
  co_return false;
}

void WebConnection::hand_over(std::shared_ptr<connection::ByteStream> socket) {
  handed_over_ = true;
  deadline_.cancel();
  WebSite& site = parts_.site;
  const auto id = site.registry.next_id();
  connection::ClientConnection::Parts parts{
      id,
      {parts_.address},
      std::move(socket),
      site.service,
      site.log,
      site.connection_limits,
      [place = parts_.place] { place->known(); },
      [place = parts_.place, &site, id] { site.registry.remove(id); },
      [&site](const std::string& pass) { return site.passes.redeem(pass, std::chrono::steady_clock::now()); }};
  site.registry.add(connection::ClientConnection::start(std::move(parts)));
}

}  // namespace kapok::net
