#include "service/call_metrics.h"

#include <variant>

namespace kapok::service {
namespace {

using ops::MetricId;

double in_seconds(Duration length) { return static_cast<double>(length.count()) / 1e6; }

template <class... Visits>
struct Overloaded : Visits... {
  using Visits::operator()...;
};

}  // namespace

void CallMetrics::take(const SavedEvent& saved, const routing::Command& command) {
  const auto answered = [&](CallId id, Instant at) {
    const LiveCall* call = saved.call(id);
    if (call == nullptr || call->row.answered_at != at) return;  // not for the first time
    for (const CallPlace& place : saved.places)
      if (place.view.call == id)
        metrics_.observe(MetricId::kWaitUntilAnswer, in_seconds(at - call->row.joined_at), name_of(place.view.base));
  };
  std::visit(Overloaded{
                 [&](const routing::RecordArrival& c) { metrics_.count(MetricId::kCallsArrived, name_of(c.base)); },
                 [&](const routing::EndCall& c) { metrics_.count(MetricId::kCallsEnded, name_of(c.outcome)); },
                 [&](const routing::OfferCall& c) { metrics_.count(MetricId::kOffers, name_of(c.reason)); },
                 [&](const routing::RecordOfferEnded& c) { metrics_.count(MetricId::kOffersEnded, name_of(c.how)); },
                 [&](const routing::RecordTransfer& c) { metrics_.count(MetricId::kTransfers, name_of(c.kind)); },
                 [&](const routing::ConnectCall& c) { answered(c.call, c.at); },
                 [&](const routing::RecordCallerReached& c) { answered(c.call, c.at); },
                 [&](const routing::NoteGap& c) { gaps_.insert(c.unit); },
                 [&](const routing::CloseGap& c) { gaps_.erase(c.unit); },
                 [](const auto&) {},
             },
             command);
}

void CallMetrics::show(const routing::NodeCounters& city) {
  metrics_.set(MetricId::kCallsOpen, city.calls_waiting, "waiting");
  metrics_.set(MetricId::kCallsOpen, city.calls_offered, "offered");
  metrics_.set(MetricId::kCallsOpen, city.calls_talking, "talking");
  metrics_.set(MetricId::kWorkers, city.on_shift, "on_shift");
  metrics_.set(MetricId::kWorkers, city.on_duty, "on_duty");
  metrics_.set(MetricId::kWorkers, city.ready, "ready");
  metrics_.set(MetricId::kWorkers, city.offered, "offered");
  metrics_.set(MetricId::kWorkers, city.talking, "talking");
  metrics_.set(MetricId::kWorkers, city.after_call, "after_call");
  metrics_.set(MetricId::kWorkers, city.away, "away");
}

void CallMetrics::saw(const SavedEvent& saved) {
  if (saved.fresh) gaps_ = {saved.gaps.begin(), saved.gaps.end()};
  for (const routing::Command& command : saved.commands) take(saved, command);
  for (const UnitPlace& unit : saved.units)
    if (unit.unit == root_) show(unit.counters);
  metrics_.set(MetricId::kGaps, static_cast<double>(gaps_.size()));
}

}  // namespace kapok::service
