#include <algorithm>

#include "routing/announcements.h"
#include "routing/callbacks.h"
#include "routing/invariants.h"
#include "routing/policy.h"
#include "routing/rings.h"

/// What waiting callers were promised: to hear of their wait, and to be rung back.
namespace kapok::routing {
namespace {

std::string text(const char* what, std::int64_t id) { return std::string(what) + " (" + std::to_string(id) + ")"; }

}  // namespace

Broken callbacks_can_be_kept(const State& state) {
  for (const auto& [id, call] : state.calls) {
    if (call.kept && !may_be_called_back(call)) return text("a callback is kept that nobody can make", id.value);
    if (call.kept != call.kept_at.is_set()) return text("a callback is kept since never", id.value);
    const bool ends = state.timers.holds({call.keeping_timer, TimerKind::kKeepingEnds, id.value});
    if (ends != call.keeping_timer.is_set() || (ends && !call.kept) ||
        (!ends && call.kept && call.state != CallState::kTalking))
      return text("a callback is kept for ever", id.value);
    if (ends && call.keeping_timer > std::max(call.kept_at + kCallbackKept, state.now + kCallbackKeptLeast))
      return text("a callback is kept for too long", id.value);
  }
  return std::nullopt;
}

Broken good_news_is_told(const State& state) {
  const Announcing& all = state.announcing;
  std::size_t hear = 0;
  std::size_t offered = 0;
  for (const auto& [id, call] : state.calls) {
    if (call.state != CallState::kWaiting || call.kept) continue;
    ++hear;
    if (!all.hearing.contains(call.hearer()) && !all.due.contains({call.moves_heard, id}))
      return text("a caller hears nothing of his wait", id.value);
    const auto told_by = [&](Instant at) { return all.timer.is_set() && all.timer <= at; };
    const Instant offer = callback_offer_due(call);
    offered += offer.is_set() ? 1 : 0;
    if (offer.is_set() && (!all.offering.contains({offer, id}) || !told_by(offer)))
      return text("a caller hears nothing of being rung back", id.value);
    if (position_of(state, call) < call.told_position && !told_by(looked_at_by(state, call)))
      return text("a caller hears nothing of a better place", id.value);
  }
  if (hear != all.hearing.size() + all.due.size() || offered != all.offering.size())
    return text("one hears of a wait that is over", static_cast<std::int64_t>(all.hearing.size()));
  const bool timed = !all.timer.is_set() || state.timers.holds({all.timer, TimerKind::kAnnounce});
  return timed ? Broken{} : text("the announcements' timer is lost", all.timer.us);
}

}  // namespace kapok::routing
