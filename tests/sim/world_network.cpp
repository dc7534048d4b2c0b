#include <variant>

#include "sim/world.h"

namespace kapok::sim {

using namespace routing;

namespace {

/// Told by the server's own roster, connections and imports: a new process knows these by itself and is not told again.
bool is_from_the_house(const Event& event) {
  return std::holds_alternative<ShiftStarted>(event) || std::holds_alternative<ShiftEnded>(event) ||
         std::holds_alternative<EndpointUp>(event) || std::holds_alternative<EndpointDown>(event) ||
         std::holds_alternative<DirectoryChanged>(event) || std::holds_alternative<Ticked>(event);
}

}  // namespace

void World::hold(Event event, Instant until) {
  held_.emplace(++last_number_, std::move(event));
  agenda_.plan(until, Next::kMessage, last_number_);
}

void World::arrives(std::int64_t held) {
  const auto found = held_.find(held);
  const Event event = std::move(found->second);
  held_.erase(found);
  deliver(event);
}

void World::send(Event event) {
  if (has(Feature::kLostMessages) && network_.chance(0.01)) {
    ++figures_.messages_lost;  // said again by its sender after the time-out, if he still means it
    if (network_.chance(0.9)) hold(std::move(event), now_ + from_seconds(network_.between(1, 6)));
    return;
  }
  if (has(Feature::kDoubledMessages) && network_.chance(0.01)) {
    ++figures_.messages_doubled;
    hold(event, now_ + from_seconds(network_.exponential(1)));
  }
  if (has(Feature::kLateMessages) && network_.chance(0.02)) {
    ++figures_.messages_late;
    return hold(std::move(event), now_ + from_seconds(network_.exponential(2)));
  }
  deliver(std::move(event));
}

void World::deliver(Event event) {
  if (!server_.is_up()) {
    if (!is_from_the_house(event)) hold(std::move(event), up_at_ + from_seconds(network_.between(0.1, 4)));
    return;
  }
  if (now_ < stalled_until_) return hold(std::move(event), stalled_until_);
  tell(event);
}

void World::tell(const Event& event) {
  const auto commands = server_.tell(core_now(), event);
  if (commands) return act(*commands);
  if (!server_.is_up()) went_down();
  const Instant again = server_.is_up() ? now_ : up_at_;
  if (is_from_the_house(event)) return;
  if (std::holds_alternative<CallArrived>(event)) ++figures_.recovered;
  hold(event, again + from_seconds(network_.between(0.1, 4)));
}

void World::went_down() {
  const double how = trouble_.uniform();
  double seconds = trouble_.between(0.2, 1);
  if (how > 0.7) seconds = trouble_.between(1, 10);
  if (how > 0.95) seconds = trouble_.between(10, 120);
  up_at_ = now_ + from_seconds(seconds);
  stalled_until_ = {};
  agenda_.plan(up_at_, Next::kServerUp);
}

}  // namespace kapok::sim
