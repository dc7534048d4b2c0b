#pragma once

#include "routing/commands.h"
#include "routing/field_text.h"

/// The fields of each command, for the digest that the journal keeps of an answer and for people who compare two
/// answers. As event_fields.h.
namespace kapok::routing {

template <class V>
void fields(V& v, const RecordArrival& c) {
  v.field("call", c.call);
  v.field("line", c.line);
  v.field("unit", c.unit);
  v.field("channel", c.channel);
  v.field("base", c.base);
  v.field("arrived", c.arrived_at);
  v.field("joined", c.joined_at);
  v.field("seq", c.arrival_seq);
}
template <class V>
void fields(V& v, const CallWaitingChanged& c) {
  v.field("call", c.call);
  v.field("unit", c.unit);
  v.field("class", c.effective);
  v.field("ring", c.widest_ring);
  v.field("position", c.position);
}
template <class V>
void fields(V& v, const OfferCall& c) {
  v.field("offer", c.offer);
  v.field("epoch", c.epoch);
  v.field("call", c.call);
  v.field("line", c.line);
  v.field("unit", c.unit);
  v.field("worker", c.worker);
  v.field("endpoints", c.endpoints);
  v.field("ring", c.ring);
  v.field("class", c.effective);
  v.field("attempt", c.attempt);
  v.field("made", c.made_at);
  v.field("until", c.ring_until);
  v.field("reason", c.reason);
}
template <class V>
void fields(V& v, const WithdrawOffer& c) {
  v.field("offer", c.offer);
  v.field("epoch", c.epoch);
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("endpoints", c.endpoints);
  v.field("why", c.why);
}
template <class V>
void fields(V& v, const RecordOfferEnded& c) {
  v.field("offer", c.offer);
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("how", c.how);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const ConnectCall& c) {
  v.field("call", c.call);
  v.field("offer", c.offer);
  v.field("worker", c.worker);
  v.field("endpoint", c.endpoint);
  v.field("leg", c.leg);
  v.field("at", c.at);
  v.field("dial", c.dial_caller);
  v.field("relieves", c.relieves);
}
template <class V>
void fields(V& v, const RecordTransfer& c) {
  v.field("call", c.call);
  v.field("leg", c.leg);
  v.field("worker", c.worker);
  v.field("kind", c.kind);
  v.field("to_worker", c.to_worker);
  v.field("to_unit", c.to_unit);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const RecordTransferEnded& c) {
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("to_worker", c.to_worker);
  v.field("how", c.how);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const KeepCallback& c) {
  v.field("call", c.call);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const RecordCallerReached& c) {
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const AnnounceWait& c) {
  v.field("call", c.call);
  v.field("position", c.position);
  v.field("estimate", c.estimate);
  v.field("callback", c.may_offer_callback);
}
template <class V>
void fields(V& v, const ReturnCallToWaiting& c) {
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("why", c.why);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const EndCall& c) {
  v.field("call", c.call);
  v.field("line", c.line);
  v.field("unit", c.unit);
  v.field("outcome", c.outcome);
  v.field("by", c.ended_by);
  v.field("worker", c.worker);
  v.field("at", c.at);
  v.field("waited", c.waited);
}
template <class V>
void fields(V& v, const RefuseAccept& c) {
  v.field("offer", c.offer);
  v.field("worker", c.worker);
  v.field("endpoint", c.endpoint);
  v.field("why", c.why);
}
template <class V>
void fields(V& v, const RefuseEvent& c) {
  v.field("why", c.why);
  v.field("worker", c.worker);
  v.field("call", c.call);
  v.field("offer", c.offer);
  v.field("shift", c.shift);
}
template <class V>
void fields(V& v, const WorkerStateChanged& c) {
  v.field("worker", c.worker);
  v.field("state", c.state);
  v.field("reason", c.reason);
  v.field("draining", c.draining);
  v.field("since", c.since);
  v.field("until", c.until);
  v.field("idle", c.idle_since);
  v.field("desk_ready", c.desk_ready);
  v.field("desk_missed", c.desk_missed);
  v.field("phone_away", c.phone_away);
}
template <class V>
void fields(V& v, const NoteMiss& c) {
  v.field("offer", c.offer);
  v.field("call", c.call);
  v.field("worker", c.worker);
  v.field("at", c.at);
}
template <class V>
void fields(V& v, const NoteGap& c) {
  v.field("unit", c.unit);
  v.field("from", c.from);
  v.field("kind", c.kind);
}
template <class V>
void fields(V& v, const CloseGap& c) {
  v.field("unit", c.unit);
  v.field("from", c.from);
  v.field("to", c.to);
}
template <class V>
void fields(V& v, const MarkStationUnanswered& c) {
  v.field("unit", c.unit);
  v.field("at", c.at);
  v.field("misses", c.misses);
}
template <class V>
void fields(V& v, const ClearStationUnanswered& c) {
  v.field("unit", c.unit);
  v.field("at", c.at);
}

}  // namespace kapok::routing
