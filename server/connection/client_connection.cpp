#include "connection/client_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>
#include <variant>

#include "protocol/codec.h"

namespace kapok::connection {
namespace {

namespace asio = boost::asio;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kWriteBytesWanted = 16 * 1024;

NetTime net_now() { return std::chrono::steady_clock::now(); }

std::uint32_t whole_ms(NetDuration length) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(length).count());
}

}  // namespace

ClientConnection::ClientConnection(Parts parts)
    : parts_(std::move(parts)),
      strand_(parts_.stream->get_executor()),
      machine_(parts_.limits, net_now()),
      queue_(parts_.limits.queue_messages_max, parts_.limits.queue_bytes_max,
             protocol::encode_frame(protocol::encode_push(api::Resync{}).value())),
      frames_(protocol::kSignInFrameBytesMax),
      timer_(strand_),
      opened_at_(net_now()) {}

std::shared_ptr<ClientConnection> ClientConnection::start(Parts parts) {
  auto self = std::make_shared<ClientConnection>(std::move(parts));
  asio::dispatch(self->strand_, [self] {
    self->parts_.log.write(ops::LogId::kConnectionOpened, {{"connection", self->parts_.id.value}});
    self->parts_.service.connected(self->parts_.id, self, self->parts_.peer);
    self->spawn(self->read_loop(self));
    self->spawn(self->deadline_loop(self));
  });
  return self;
}

// A loop that throws has met a fault of ours or exhausted memory: only this client is cut off.
void ClientConnection::spawn(asio::awaitable<void> loop) {
  asio::co_spawn(strand_, std::move(loop), [self = shared_from_this()](std::exception_ptr failed) {
    if (!failed) return;
    self->parts_.log.write(ops::LogId::kInternalError, {{"connection", self->parts_.id.value}});
    self->end(CloseWhy::kStreamFailed);
  });
}

// While closing, what arrives is read and dropped: closing a socket with unread bytes would reset it, and the
// peer could lose the very message that tells it why.
asio::awaitable<void> ClientConnection::read_loop(Self self) {
  std::array<char, kReadBytes> bytes;
  const auto into = asio::buffer(bytes);
  while (!ended_) {
    const auto arrived = co_await parts_.stream->async_read_some(into, kTuple);
    const auto& [failed, count] = arrived;
    if (failed) {
      end(why_read_ended(failed));
      break;
    }
    on_bytes({bytes.data(), count});
  }
}

CloseWhy ClientConnection::why_read_ended(boost::system::error_code failed) {
  if (close_by_) return close_why_;
  const bool too_large = failed == asio::error::message_size;
  if (too_large || failed == asio::error::operation_not_supported) {
    const ErrorCode why = too_large ? ErrorCode::kFrameTooLarge : ErrorCode::kBadFrame;
    parts_.log.write(ops::LogId::kBadFrameReceived, {{"connection", parts_.id.value}, {"why", why}});
    return too_large ? CloseWhy::kFrameTooLarge : CloseWhy::kBadFrame;
  }
  const bool by_peer = failed.category() != boost::system::system_category() || failed == asio::error::connection_reset;
  return by_peer ? CloseWhy::kPeerClosed : CloseWhy::kStreamFailed;
}

void ClientConnection::on_bytes(std::string_view bytes) {
  if (close_by_) return;
  if (const auto why = machine_.on_bytes(bytes.size(), net_now())) {
    refuse(0, {ErrorCode::kNotSignedIn, "too many bytes before sign-in"});
    return begin_close(*why, parts_.limits.close_time_max);
  }
  frames_.take(bytes);
  while (!close_by_ && !ended_) {
    const auto frame = frames_.next();
    if (!frame) break;
    on_frame(*frame);
  }
  if (close_by_ || ended_ || !frames_.error()) return;
  const bool too_large = *frames_.error() == protocol::FrameError::kTooLarge;
  on_bad_frame(0, too_large ? Error{ErrorCode::kFrameTooLarge, "the frame exceeds the limit"}
                            : Error{ErrorCode::kBadFrame, "a frame is never empty"});
}

void ClientConnection::on_frame(const std::string& frame) {
  auto decoded = protocol::decode_request(frame);
  if (decoded.request.ok()) {
    const auto verdict = machine_.on_request(decoded.request.value(), net_now());
    if (verdict.what != SessionMachine::Verdict::Do::kCarry) return act(verdict, decoded.id, {});
    rearm();
    return carry(std::move(decoded.request).value());
  }
  const Error& error = decoded.request.error();
  if (error.code == ErrorCode::kBadFrame) return on_bad_frame(decoded.id, error);
  const auto verdict = machine_.on_unreadable(error.code, net_now());
  act(verdict, decoded.id, verdict.code == error.code ? error.detail : std::string());
}

void ClientConnection::on_bad_frame(std::uint64_t request_id, Error error) {
  parts_.log.write(ops::LogId::kBadFrameReceived, {{"connection", parts_.id.value}, {"why", error.code}});
  act(machine_.on_bad_frame(error.code), request_id, std::move(error.detail));
}

void ClientConnection::act(const SessionMachine::Verdict& verdict, std::uint64_t request_id, std::string detail) {
  using Do = SessionMachine::Verdict::Do;
  if (verdict.what == Do::kIgnore) return;
  refuse(request_id, {verdict.code, std::move(detail)});
  if (verdict.what == Do::kRefuseAndClose) begin_close(verdict.why, parts_.limits.close_time_max);
}

void ClientConnection::refuse(std::uint64_t request_id, Error error) {
  send_reply({request_id, std::move(error), api::Saved::kNothingToSave, false});
}

// Whoever comes with an entry pass never learns the token of the session it stands for.
void ClientConnection::carry(api::Request request) {
  auto* resume = std::get_if<api::Resume>(&request.body);
  const bool by_pass = resume != nullptr && !resume->entry_pass.empty();
  if (by_pass) {
    auto token = parts_.redeem ? parts_.redeem(resume->entry_pass) : std::nullopt;
    if (!token)
      return on_reply({request.id, Error{ErrorCode::kSessionEnded, "the entry pass is used or too old"},
                       api::Saved::kNothingToSave, false});
    *resume = {std::move(*token)};
  }
  parts_.service.ask(parts_.id, std::move(request), [weak = weak_from_this(), by_pass](api::Reply reply) {
    const auto self = weak.lock();
    if (!self) return;
    auto* signed_in = reply.body.ok() ? std::get_if<api::SignedIn>(&reply.body.value()) : nullptr;
    if (by_pass && signed_in != nullptr) signed_in->session_token.clear();
    asio::post(self->strand_, [self, reply = std::move(reply)]() mutable { self->on_reply(std::move(reply)); });
  });
}

void ClientConnection::on_reply(api::Reply reply) {
  if (ended_) return;
  if (reply.body.ok()) {
    if (auto* welcome = std::get_if<api::Welcome>(&reply.body.value())) {
      welcome->frame_bytes_max = protocol::kInboundFrameBytesMax;
      welcome->ping_interval_ms = whole_ms(parts_.limits.ping_interval);
    }
  }
  const auto stage_before = machine_.stage();
  const auto why = machine_.on_reply(reply, net_now());
  if (stage_before != machine_.stage()) on_signed_in();
  if (machine_.is_gateway()) {
    queue_.set_bounds(parts_.limits.gateway_queue_messages_max, parts_.limits.gateway_queue_bytes_max);
  }
  send_reply(reply);
  if (why) begin_close(*why, parts_.limits.close_time_max);
  if (close_by_) start_writing();
}

void ClientConnection::on_signed_in() {
  frames_.set_frame_bytes_max(protocol::kInboundFrameBytesMax);
  parts_.stream->set_frame_bytes_max(protocol::kInboundFrameBytesMax);
  if (parts_.signed_in) parts_.signed_in();
}

void ClientConnection::send_reply(const api::Reply& reply) { enqueue(protocol::encode_reply(reply), {}); }

void ClientConnection::push(api::Push push, std::string coalesce_key) {
  asio::post(strand_, [self = shared_from_this(), push = std::move(push), key = std::move(coalesce_key)] {
    if (self->ended_ || self->said_goodbye_) return;
    const auto payload = protocol::encode_push(push);
    if (payload.ok()) return self->enqueue(payload.value(), key);
    self->parts_.log.write(ops::LogId::kInternalError,
                           {{"connection", self->parts_.id.value}, {"why", payload.error().code}});
    self->queue_.resync();
    self->start_writing();
  });
}

void ClientConnection::enqueue(std::string_view payload, const std::string& key) {
  if (ended_ || said_goodbye_) return;
  switch (queue_.push(protocol::encode_frame(payload), key)) {
    case OutboundQueue::Pushed::kFull:
      parts_.log.write(ops::LogId::kReaderTooSlow, {{"connection", parts_.id.value}});
      return end(CloseWhy::kQueueFull);
    case OutboundQueue::Pushed::kBehind:
      parts_.log.write(ops::LogId::kClientFellBehind, {{"connection", parts_.id.value}});
      break;
    default:
      break;
  }
  start_writing();
}

void ClientConnection::start_writing() {
  if (writing_ || ended_) return;
  writing_ = true;
  spawn(write_loop(shared_from_this()));
}

asio::awaitable<void> ClientConnection::write_loop(Self self) {
  while (!ended_ && !queue_.empty()) {
    const auto batch = queue_.take(kWriteBytesWanted);
    const auto from = asio::buffer(batch.bytes);
    write_by_ = net_now() + parts_.limits.write_time_max;
    rearm();
    const auto written = co_await parts_.stream->async_write_all(from, kTuple);
    write_by_.reset();
    if (std::get<0>(written)) end(close_by_ ? close_why_ : CloseWhy::kPeerClosed);
    if (batch.fell_behind && !ended_) parts_.service.fell_behind(parts_.id);
  }
  writing_ = false;
  if (!may_say_goodbye()) co_return;
  said_goodbye_ = true;
  close_by_ = std::min(*close_by_, net_now() + parts_.limits.close_time_max);
  rearm();
  // Ends when the peer has answered, or with an error; the read loop sees the peer's end in either case.
  co_await parts_.stream->async_shutdown(kTuple);
}

bool ClientConnection::may_say_goodbye() const {
  return close_by_ && !ended_ && !said_goodbye_ && queue_.empty() && machine_.in_flight() == 0;
}

void ClientConnection::close(std::string) {
  asio::post(strand_, [self = shared_from_this()] {
    self->begin_close(CloseWhy::kServiceClosed, self->parts_.limits.close_time_max);
  });
}

void ClientConnection::stop(NetDuration within, api::ServerNotice notice) {
  asio::post(strand_, [self = shared_from_this(), within, notice = std::move(notice)]() mutable {
    if (self->machine_.is_gateway()) notice.reconnect_after_ms = 0;
    const auto payload = protocol::encode_push(notice);
    if (payload.ok()) self->enqueue(payload.value(), "server");
    self->begin_close(CloseWhy::kServerStopping, within);
  });
}

void ClientConnection::begin_close(CloseWhy why, NetDuration within) {
  if (ended_ || close_by_) return;
  close_why_ = why;
  close_by_ = net_now() + within;
  machine_.on_closing();
  rearm();
  start_writing();
}

void ClientConnection::end(CloseWhy why) {
  if (ended_) return;
  ended_ = true;
  parts_.stream->close();
  timer_.cancel();
  parts_.service.disconnected(parts_.id);
  const auto lasted = std::chrono::duration_cast<Duration>(net_now() - opened_at_);
  parts_.log.write(ops::LogId::kConnectionClosed, {{"connection", parts_.id.value}, {"why", why}, {"lasted", lasted}});
  parts_.signed_in = nullptr;
  if (const auto ended = std::exchange(parts_.ended, nullptr)) ended();
}

SessionMachine::Deadline ClientConnection::next_deadline() const {
  auto next = close_by_ ? SessionMachine::Deadline{*close_by_, close_why_} : machine_.deadline();
  if (write_by_ && *write_by_ < next.at) next = {*write_by_, CloseWhy::kWriteStalled};
  return next;
}

void ClientConnection::rearm() {
  if (next_deadline().at < armed_at_) timer_.cancel();
}

asio::awaitable<void> ClientConnection::deadline_loop(Self self) {
  while (!ended_) {
    const auto next = next_deadline();
    if (next.at <= net_now()) {
      if (next.why == CloseWhy::kWriteStalled)
        parts_.log.write(ops::LogId::kReaderTooSlow, {{"connection", parts_.id.value}});
      end(next.why);
      break;
    }
    armed_at_ = next.at;
    timer_.expires_at(next.at);
    co_await timer_.async_wait(kTuple);
  }
}

}  // namespace kapok::connection
