#include "connection/session_machine.h"

#include <algorithm>
#include <variant>

#include "core/check.h"

namespace kapok::connection {
namespace {

using Verdict = SessionMachine::Verdict;
using Do = Verdict::Do;

template <class... Ts>
bool holds_one_of(const api::RequestBody& body) {
  return (std::holds_alternative<Ts>(body) || ...);
}

}  // namespace

SessionMachine::SessionMachine(const Limits& limits, NetTime now)
    : limits_(limits),
      opened_at_(now),
      heard_at_(now),
      in_flight_max_(limits.in_flight_max),
      requests_(limits.requests_per_s, limits.requests_burst, now),
      refusals_(limits.requests_per_s, limits.requests_burst, now) {}

std::optional<CloseWhy> SessionMachine::on_bytes(std::size_t count, NetTime now) {
  heard_at_ = now;
  if (stage_ != Stage::kGreeting) return std::nullopt;
  greeting_bytes_ += count;
  if (greeting_bytes_ > limits_.greeting_bytes_max) return CloseWhy::kGreetingTooLong;
  return std::nullopt;
}

Verdict SessionMachine::on_request(const api::Request& request, NetTime now) {
  if (stage_ == Stage::kClosing) return {Do::kIgnore};
  if (const Verdict counted = count(now); counted.what != Do::kCarry) return counted;
  if (stage_ == Stage::kGreeting &&
      !holds_one_of<api::Hello, api::SignIn, api::SignInDevice, api::Resume, api::Ping>(request.body))
    return {Do::kRefuse, ErrorCode::kNotSignedIn};
  if (api::needs_key(request.body) && !request.key) return {Do::kRefuse, ErrorCode::kMissingKey};
  if (in_flight_ >= in_flight_max_) return {Do::kRefuse, ErrorCode::kRetryAfter};
  return carry(request);
}

Verdict SessionMachine::on_unreadable(ErrorCode code, NetTime now) {
  if (stage_ == Stage::kClosing) return {Do::kIgnore};
  if (const Verdict counted = count(now); counted.what != Do::kCarry) return counted;
  return {Do::kRefuse, code};
}

// A client that goes on for a whole second burst after the first refusal does not listen.
Verdict SessionMachine::count(NetTime now) {
  if (stage_ == Stage::kGreeting) {
    if (++greeting_frames_ <= limits_.greeting_frames_max) return {Do::kCarry};
    return {Do::kRefuseAndClose, ErrorCode::kNotSignedIn, CloseWhy::kGreetingTooLong};
  }
  if (requests_.take(now)) return {Do::kCarry};
  if (refusals_.take(now)) return {Do::kRefuse, ErrorCode::kRetryAfter};
  return {Do::kRefuseAndClose, ErrorCode::kRetryAfter, CloseWhy::kTooManyRequests};
}

Verdict SessionMachine::carry(const api::Request& request) {
  ++in_flight_;
  if (std::holds_alternative<api::OpenDesk>(request.body)) desk_ = true;
  if (std::holds_alternative<api::SignOut>(request.body)) sign_out_id_ = request.id;
  return {Do::kCarry};
}

Verdict SessionMachine::on_bad_frame(ErrorCode code) const {
  if (stage_ == Stage::kClosing) return {Do::kIgnore};
  return {Do::kRefuseAndClose, code,
          code == ErrorCode::kFrameTooLarge ? CloseWhy::kFrameTooLarge : CloseWhy::kBadFrame};
}

std::optional<CloseWhy> SessionMachine::on_reply(const api::Reply& reply, NetTime now) {
  KAPOK_CHECK(in_flight_ > 0);
  --in_flight_;
  if (!reply.body.ok()) {
    const bool refused = reply.body.error().code == ErrorCode::kVersionNotSupported;
    return refused ? std::optional(CloseWhy::kVersionRefused) : std::nullopt;
  }
  if (const auto* signed_in = std::get_if<api::SignedIn>(&reply.body.value())) sign_in(*signed_in, now);
  if (sign_out_id_ != 0 && reply.id == sign_out_id_) return CloseWhy::kSignedOut;
  return std::nullopt;
}

void SessionMachine::sign_in(const api::SignedIn& signed_in, NetTime now) {
  if (stage_ == Stage::kGreeting) stage_ = Stage::kSignedIn;
  gateway_ = std::any_of(signed_in.roles.begin(), signed_in.roles.end(),
                         [](const api::RoleAt& held) { return held.role == Role::kGateway; });
  if (!gateway_) return;
  in_flight_max_ = limits_.gateway_in_flight_max;
  requests_ = TokenBucket(limits_.gateway_requests_per_s, limits_.gateway_requests_burst, now);
  refusals_ = requests_;
}

SessionMachine::Deadline SessionMachine::deadline() const {
  if (stage_ == Stage::kGreeting) return {opened_at_ + limits_.greeting_time_max, CloseWhy::kGreetingTooSlow};
  return {heard_at_ + (desk_ ? limits_.desk_idle_max : limits_.idle_max), CloseWhy::kIdle};
}

}  // namespace kapok::connection
