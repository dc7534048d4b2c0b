#include "scenarios/speech.h"

#include <variant>

#include "routing/command_text.h"

namespace kapok::scenario {

using namespace routing;

namespace {

template <class E>
std::string word(E value) {
  return std::string(kapok::name_of(value));
}

std::string kinds_text(const std::vector<EndpointId>& endpoints) {
  std::string out;
  for (EndpointId id : endpoints) out += (out.empty() ? "" : "+") + word(City::kind_of(id));
  return out;
}

}  // namespace

struct Speech::Speaker {
  Speech& speech;
  const City& city;

  [[nodiscard]] std::string name(CallId id) const { return speech.name_of(id); }
  template <class T>
  [[nodiscard]] std::string name(T id) const {
    return city.name_of(id);
  }

  std::string operator()(const RecordArrival& c) const {
    return name(c.call) + " is recorded for " + name(c.unit) + ", class " + word(c.base);
  }
  std::string operator()(const CallWaitingChanged& c) const {
    return name(c.call) + " waits, class " + word(c.effective) + ", open to " + word(c.widest_ring) + ", place " +
           std::to_string(c.position);
  }
  std::string operator()(const AnnounceWait& c) const {
    std::string text = name(c.call) + " hears:";
    if (c.position > 0) text += " place " + std::to_string(c.position);
    if (c.estimate.count() > 0) text += ", the last one waited " + length_text(c.estimate);
    return c.may_offer_callback ? text + (c.position > 0 ? "," : "") + " may be rung back" : text;
  }
  std::string operator()(const OfferCall& c) const {
    std::string text = "offer " + name(c.call) + " to " + name(c.worker) + " by " + kinds_text(c.endpoints) +
                       " until " + time_text(c.ring_until) + ", ring " + word(c.ring) + ", class " + word(c.effective);
    if (c.reason != OfferReason::kRing) text += ", reason " + word(c.reason);
    return c.attempt > 1 ? text + ", offer " + std::to_string(c.attempt) : text;
  }
  std::string operator()(const WithdrawOffer& c) const {
    return "stop " + kinds_text(c.endpoints) + " of " + name(c.worker) + ": " + word(c.why);
  }
  std::string operator()(const RecordOfferEnded& c) const {
    return "offer of " + name(c.call) + " to " + name(c.worker) + " ends: " + word(c.how);
  }
  std::string operator()(const ConnectCall& c) const {
    std::string text = "connect " + name(c.call) + " with " + name(c.worker) + " by " + kinds_text({c.endpoint});
    if (c.dial_caller) text += ", dial the caller first";
    if (c.relieves.is_set()) text += ", relieves " + name(c.relieves);
    return c.leg > 1 ? text + ", talk " + std::to_string(c.leg) : text;
  }
  std::string operator()(const ReturnCallToWaiting& c) const {
    return name(c.call) + " waits again after " + name(c.worker) + ": " + word(c.why);
  }
  std::string operator()(const RecordTransfer& c) const {
    const std::string to = c.to_worker.is_set() ? name(c.to_worker) : c.to_unit.is_set() ? name(c.to_unit) : "anybody";
    return name(c.worker) + " passes " + name(c.call) + " on to " + to + ", " + word(c.kind);
  }
  std::string operator()(const RecordTransferEnded& c) const {
    return "transfer of " + name(c.call) + " from " + name(c.worker) + " to " + name(c.to_worker) +
           " ends: " + word(c.how);
  }
  std::string operator()(const KeepCallback& c) const { return name(c.call) + " will be rung back in his place"; }
  std::string operator()(const RecordCallerReached& c) const { return name(c.call) + " is reached"; }
  std::string operator()(const EndCall& c) const {
    const std::string text = name(c.call) + " ends: " + word(c.outcome) + ", waited " + length_text(c.waited) +
                             ", ended by " + word(c.ended_by);
    return c.worker.is_set() ? text + ", was with " + name(c.worker) : text;
  }
  std::string operator()(const RefuseAccept& c) const { return name(c.worker) + " is refused: " + word(c.why); }
  std::string operator()(const RefuseEvent& c) const {
    return (c.worker.is_set() ? name(c.worker) + " is refused: " : std::string("refused: ")) + word(c.why);
  }
  std::string operator()(const WorkerStateChanged& c) const {
    std::string text = name(c.worker) + " is " + word(c.state);
    if (c.reason != AwayReason::kNone) text += " (" + word(c.reason) + ")";
    if (c.until.is_set()) text += " until " + time_text(c.until);
    if (c.draining) text += ", shift over";
    std::string& before = speech.said_of_[c.worker];
    if (before == text) return {};
    return before = text;
  }
  std::string operator()(const NoteMiss& c) const { return name(c.worker) + " has missed " + name(c.call); }
  std::string operator()(const NoteGap& c) const { return name(c.unit) + " has a gap: " + word(c.kind); }
  std::string operator()(const CloseGap& c) const {
    return name(c.unit) + " has its gap closed after " + length_text(c.to - c.from);
  }
  std::string operator()(const MarkStationUnanswered& c) const {
    return name(c.unit) + " is marked 无人接听 after " + std::to_string(c.misses) + " misses";
  }
  std::string operator()(const ClearStationUnanswered& c) const { return name(c.unit) + " is 无人接听 no longer"; }
  /// Whatever has no sentence yet stands in the words of the journal.
  template <class C>
  std::string operator()(const C& c) const {
    return command_text(c);
  }
};

CallId Speech::call(const std::string& name) const {
  for (const auto& [id, each] : calls_)
    if (each == name) return id;
  throw Fault{"nobody called '" + name + "' has called"};
}

bool Speech::knows_call(const std::string& name) const {
  for (const auto& [id, each] : calls_)
    if (each == name) return true;
  return false;
}

std::string Speech::name_of(CallId id) const {
  const auto found = calls_.find(id);
  return found == calls_.end() ? "call #" + std::to_string(id.value) : found->second;
}

std::string Speech::say(const City& city, const Command& command) { return std::visit(Speaker{*this, city}, command); }

}  // namespace kapok::scenario
