#pragma once

#include "routing/events.h"
#include "routing/field_text.h"

/// The fields of each event, for the journal: written and read by this one description (field_text.h). A field that is
/// added later goes to the end of its structure; days recorded before then no longer read, which replay says.
namespace kapok::routing {

template <class V>
void fields(V& v, Is<Unit> auto& u) {
  v.field("id", u.id);
  v.field("parent", u.parent);
  v.field("kind", u.kind);
  v.field("rings", u.rings);
}

template <class V>
void fields(V& v, Is<Line> auto& l) {
  v.field("id", l.id);
  v.field("owner", l.owner);
  v.field("mode", l.mode);
  v.field("crisis", l.crisis);
  v.field("skills", l.required_skills);
}

template <class V>
void fields(V& v, Is<Endpoint> auto& p) {
  v.field("id", p.id);
  v.field("kind", p.kind);
  v.field("capacity", p.capacity);
}

template <class V>
void fields(V& v, Is<Worker> auto& w) {
  v.field("id", w.id);
  v.field("home", w.home);
  v.field("skills", w.skills);
  v.field("languages", w.languages);
  v.list("endpoints", w.endpoints);
}

template <class V>
void fields(V& v, Is<DirectoryChanged> auto& e) {
  v.list("units", e.units);
  v.list("lines", e.lines);
  v.list("workers", e.workers);
  v.field("closed", e.lines_closed);
}

template <class V>
void fields(V& v, Is<ShiftStarted> auto& e) {
  v.field("shift", e.shift);
  v.field("worker", e.worker);
  v.field("units", e.units);
  v.field("endpoints", e.endpoints);
  v.field("backup", e.backup);
}
template <class V>
void fields(V& v, Is<ShiftEnded> auto& e) {
  v.field("shift", e.shift);
}
template <class V>
void fields(V& v, Is<EndpointUp> auto& e) {
  v.field("endpoint", e.endpoint);
}
template <class V>
void fields(V& v, Is<EndpointDown> auto& e) {
  v.field("endpoint", e.endpoint);
}
template <class V>
void fields(V& v, Is<WorkerReady> auto& e) {
  v.field("worker", e.worker);
}
template <class V>
void fields(V& v, Is<WorkerAway> auto& e) {
  v.field("worker", e.worker);
}
template <class V>
void fields(V& v, Is<AfterCallEnded> auto& e) {
  v.field("worker", e.worker);
}

template <class V>
void fields(V& v, Is<CallerFacts> auto& f) {
  v.field("imminent", f.open_imminent);
  v.field("high", f.open_high);
  v.field("minor", f.minor);
  v.field("elder", f.elder);
  v.field("flag", f.operator_flag);
  v.field("attempts", f.unanswered_attempts_30min);
  v.field("language", f.language);
  v.field("last_worker", f.last_worker);
  v.field("over_bucket", f.over_bucket);
}

template <class V>
void fields(V& v, Is<CallArrived> auto& e) {
  v.field("call", e.call);
  v.field("line", e.line);
  v.field("channel", e.channel);
  v.field("key", e.caller_key);
  fields(v, e.facts);
  v.field("arrived", e.arrived_at);
  v.field("seq", e.arrival_seq);
  v.field("takes_over", e.takes_over);
}
template <class V>
void fields(V& v, Is<CallerLeft> auto& e) {
  v.field("call", e.call);
  v.field("cause", e.cause);
}
template <class V>
void fields(V& v, Is<CallEnded> auto& e) {
  v.field("call", e.call);
  v.field("worker", e.worker);
  v.field("high_risk", e.high_risk);
}
template <class V>
void fields(V& v, Is<HandedBack> auto& e) {
  v.field("call", e.call);
  v.field("worker", e.worker);
}
template <class V>
void fields(V& v, Is<WorkerLegLost> auto& e) {
  v.field("call", e.call);
  v.field("worker", e.worker);
}

template <class V>
void fields(V& v, Is<TransferAsked> auto& e) {
  v.field("call", e.call);
  v.field("worker", e.worker);
  v.field("kind", e.kind);
  v.field("to_worker", e.to_worker);
  v.field("to_unit", e.to_unit);
  v.field("to_supervisor", e.to_supervisor);
}
template <class V>
void fields(V& v, Is<TransferCancelled> auto& e) {
  v.field("call", e.call);
  v.field("worker", e.worker);
}
template <class V>
void fields(V& v, Is<CallbackAccepted> auto& e) {
  v.field("call", e.call);
}
template <class V>
void fields(V& v, Is<CallerReached> auto& e) {
  v.field("call", e.call);
}

template <class V>
void fields(V& v, Is<OfferAccepted> auto& e) {
  v.field("offer", e.offer);
  v.field("epoch", e.epoch);
  v.field("worker", e.worker);
  v.field("endpoint", e.endpoint);
}
template <class V>
void fields(V& v, Is<OfferDeclined> auto& e) {
  v.field("offer", e.offer);
  v.field("epoch", e.epoch);
  v.field("worker", e.worker);
}
template <class V>
void fields(V& v, Is<OfferFailed> auto& e) {
  v.field("offer", e.offer);
  v.field("epoch", e.epoch);
  v.field("endpoint", e.endpoint);
  v.field("why", e.why);
}

template <class V>
void fields(V&, Is<Ticked> auto&) {}

template <class V>
void fields(V& v, Is<RestoredWorker> auto& w) {
  v.field("worker", w.worker);
  v.field("desk_ready", w.desk_ready);
  v.field("desk_missed", w.desk_missed);
  v.field("phone_away", w.phone_away);
  v.field("idle", w.idle_since);
  v.field("paused", w.phone_paused_until);
  v.field("after_call", w.after_call_until);
  v.list("shifts", w.shifts);
}
template <class V>
void fields(V& v, Is<RestoredExclusion> auto& x) {
  v.field("worker", x.worker);
  v.field("until", x.until);
}
template <class V>
void fields(V& v, Is<RestoredCall> auto& c) {
  fields(v, c.arrival);
  v.field("base", c.base);
  v.field("joined", c.joined_at);
  v.field("with", c.talking_with);
  v.field("on", c.talking_on);
  v.field("answered", c.answered_at);
  v.field("legs", c.legs);
  v.field("offers", c.offers_made);
  v.list("exclusions", c.exclusions);
  v.field("rings_from", c.rings_from);
  v.field("kept_at", c.kept_at);
  v.field("waits_since", c.waits_since);
  v.field("taken_from", c.taken_from);
  v.field("taken_at", c.taken_at);
}
template <class V>
void fields(V& v, Is<RestoredGap> auto& g) {
  v.field("unit", g.unit);
  v.field("from", g.from);
  v.field("kind", g.kind);
}
template <class V>
void fields(V& v, Is<Restarted> auto& e) {
  v.field("epoch", e.epoch);
  v.field("last_offer", e.last_offer);
  v.list("workers", e.workers);
  v.list("calls", e.calls);
  v.list("gaps", e.gaps);
}

}  // namespace kapok::routing
