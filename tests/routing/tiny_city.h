#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "routing/policy.h"
#include "routing/routing_core.h"

namespace kapok::routing {

/// A city small enough to hold in the head, and the verbs a story about it needs. Ids: city 1; regions 10, 11;
/// districts 100, 101 in region 10 and 110 in region 11; stations A, B in 100, C in 101, D in 110. Each unit has a
/// line of its own number. Every step checks every invariant. Time starts at 10:00 local.
class TinyCity {
 public:
  static constexpr UnitId kCity{1}, kRegion{10}, kDistrict{100}, kOtherRegion{11};
  static constexpr UnitId kA{1001}, kB{1002}, kC{1011}, kD{1101};
  static constexpr LineId kCrisisLine{999}, kRecordedLine{998}, kLegalLine{997};
  static constexpr std::uint64_t kLegalSkill = 2;

  explicit TinyCity(Duration local_time = hours{10}, bool start = true, CityOptions options = {})
      : now{Instant{1'795'219'200'000'000} + local_time - Duration{hours{8}}}, core(options) {
    apply(directory());
    if (start) apply(Restarted{});
  }

  static DirectoryChanged directory() {
    DirectoryChanged d;
    d.units = {unit(1, 0, UnitKind::kCity),         unit(10, 1, UnitKind::kRegion),
               unit(11, 1, UnitKind::kRegion),      unit(100, 10, UnitKind::kDistrict),
               unit(101, 10, UnitKind::kDistrict),  unit(110, 11, UnitKind::kDistrict),
               unit(1001, 100, UnitKind::kStation), unit(1002, 100, UnitKind::kStation),
               unit(1011, 101, UnitKind::kStation), unit(1101, 110, UnitKind::kStation)};
    for (const Unit& u : d.units) d.lines.push_back({LineId{u.id.value}, u.id, LineMode::kTrunk, false, 0});
    d.lines.push_back({kCrisisLine, kA, LineMode::kTrunk, true, 0});
    d.lines.push_back({kRecordedLine, kA, LineMode::kRecordedOnly, false, 0});
    d.lines.push_back({kLegalLine, kA, LineMode::kTrunk, false, kLegalSkill});
    return d;
  }
  static Unit unit(std::int64_t id, std::int64_t parent, UnitKind kind, RingPreset rings = RingPreset::kNormal) {
    return {UnitId{id}, UnitId{parent}, kind, rings};
  }
  static LineId line_of(UnitId unit) { return LineId{unit.value}; }
  static EndpointId desk_of(std::int64_t n) { return EndpointId{n * 10 + 1}; }
  static EndpointId phone_of(std::int64_t n) { return EndpointId{n * 10 + 2}; }
  static EndpointId duty_of(std::int64_t n) { return EndpointId{n * 10 + 3}; }
  static ShiftId shift_of(std::int64_t n) { return ShiftId{n}; }

  std::vector<Command> apply(const Event& event) {
    auto commands = core.apply(now, event);
    const auto broken = core.check_all();
    EXPECT_EQ(broken, std::nullopt) << broken.value_or("");
    for (const Command& c : commands) remember(c);
    last = commands;
    return commands;
  }

  // --- People ---
  void hire(std::int64_t n, std::uint64_t skills = 0, std::int32_t duty_capacity = 2) {
    DirectoryChanged d;
    d.workers = {{WorkerId{n},
                  kA,
                  {{desk_of(n), EndpointKind::kDesk, 1},
                   {phone_of(n), EndpointKind::kPhone, 1},
                   {duty_of(n), EndpointKind::kDutyPhone, duty_capacity}},
                  skills,
                  0}};
    apply(d);
  }
  void start_shift(std::int64_t n, std::vector<UnitId> units, std::vector<EndpointId> endpoints) {
    apply(ShiftStarted{shift_of(n), WorkerId{n}, std::move(units), std::move(endpoints)});
  }
  void end_shift(std::int64_t n) { apply(ShiftEnded{shift_of(n)}); }
  /// A worker at a live desk who said "ready".
  void desk(std::int64_t n, UnitId at, std::uint64_t skills = 0) {
    hire(n, skills);
    start_shift(n, {at}, {desk_of(n)});
    apply(EndpointUp{desk_of(n)});
    apply(WorkerReady{WorkerId{n}});
  }
  void phone(std::int64_t n, std::vector<UnitId> at) {
    hire(n);
    start_shift(n, std::move(at), {phone_of(n)});
  }
  void duty_phone(std::int64_t n, std::int32_t capacity) {
    hire(n, 0, capacity);
    start_shift(n, {kCity}, {duty_of(n)});
  }
  void desk_and_phone(std::int64_t n, UnitId at) {
    hire(n);
    start_shift(n, {at}, {desk_of(n), phone_of(n)});
    apply(EndpointUp{desk_of(n)});
    apply(WorkerReady{WorkerId{n}});
  }
  void ready(std::int64_t n) { apply(WorkerReady{WorkerId{n}}); }
  void away(std::int64_t n) { apply(WorkerAway{WorkerId{n}}); }
  WorkerState state(std::int64_t n) const { return core.worker(WorkerId{n})->state; }
  AwayReason reason(std::int64_t n) const { return core.worker(WorkerId{n})->reason; }

  // --- Calls ---
  void call(std::int64_t n, LineId line, CallerFacts facts = {}, Channel channel = Channel::kPhone) {
    apply(CallArrived{CallId{n}, line, channel, std::nullopt, facts, now, n});
  }
  void call(std::int64_t n, UnitId unit) { call(n, line_of(unit)); }
  /// A caller whose number can be rung back.
  void call_with_number(std::int64_t n, LineId line, CallerFacts facts = {}, Channel channel = Channel::kPhone) {
    apply(CallArrived{CallId{n}, line, channel, "key", facts, now, n});
  }
  CallState call_state(std::int64_t n) const { return core.call(CallId{n})->state; }
  Ring ring(std::int64_t n) const { return core.call(CallId{n})->widest_ring; }
  CallerClass effective(std::int64_t n) const { return core.call(CallId{n})->effective; }
  /// Who is offered or talking to the caller; 0 = nobody.
  std::int64_t with(std::int64_t n) const { return core.call(CallId{n})->worker.value; }
  OfferCall offer_of(std::int64_t n) const {
    const OfferId id = core.call(CallId{n})->offer;
    for (const OfferCall& o : offers)
      if (o.offer == id) return o;
    ADD_FAILURE() << "call " << n << " is not offered";
    return {};
  }
  void accept(std::int64_t n) { accept(offer_of(n)); }
  void accept(const OfferCall& o) { apply(OfferAccepted{o.offer, o.epoch, o.worker, o.endpoints.front()}); }
  void decline(std::int64_t n) {
    const OfferCall o = offer_of(n);
    apply(OfferDeclined{o.offer, o.epoch, o.worker});
  }
  void leave(std::int64_t n, LeftCause cause = LeftCause::kHungUp) { apply(CallerLeft{CallId{n}, cause}); }
  void end(std::int64_t n) { apply(CallEnded{CallId{n}, WorkerId{with(n)}, false}); }
  // --- Transfers: the worker who talks passes call `n` on ---
  void pass(std::int64_t n, TransferKind kind, WorkerId to) {
    apply(TransferAsked{CallId{n}, WorkerId{with(n)}, kind, to, {}, false});
  }
  void pass(std::int64_t n, TransferKind kind, UnitId to) {
    apply(TransferAsked{CallId{n}, WorkerId{with(n)}, kind, {}, to, false});
  }
  void pass_to_supervisor(std::int64_t n, TransferKind kind) {
    apply(TransferAsked{CallId{n}, WorkerId{with(n)}, kind, {}, {}, true});
  }
  void cancel_transfer(std::int64_t n) { apply(TransferCancelled{CallId{n}, WorkerId{with(n)}}); }
  /// Who is offered the call beside its talk; 0 = nobody.
  std::int64_t second(std::int64_t n) const { return core.call(CallId{n})->second.value; }
  OfferCall second_offer(std::int64_t n) const {
    const OfferId id = core.call(CallId{n})->second_offer;
    for (const OfferCall& o : offers)
      if (o.offer == id) return o;
    ADD_FAILURE() << "call " << n << " has no second";
    return {};
  }
  /// Call `n` talks with worker `first`, who is put on duty at this unit for it.
  void talk(std::int64_t n, std::int64_t first, UnitId at) {
    desk(first, at);
    call_with_number(n, line_of(at));
    accept(n);
  }
  ErrorCode refusal() const { return only<RefuseEvent>().why; }

  /// Accepted, talked, hung up and written down, all at this instant.
  void serve(std::int64_t n) {
    const std::int64_t w = with(n);
    accept(n);
    end(n);
    ready(w);
  }

  // --- Time ---
  /// Lets time pass, firing each timer at its own instant.
  void pass(Duration d) {
    const Instant target = now + d;
    std::vector<Command> all;
    while (core.next_timer() && *core.next_timer() <= target) {
      now = *core.next_timer();
      auto commands = apply(Ticked{});
      all.insert(all.end(), commands.begin(), commands.end());
    }
    now = target;
    last = all;
  }

  // --- What was ordered last ---
  template <class T>
  std::vector<T> ordered() const {
    std::vector<T> out;
    for (const Command& c : last)
      if (const T* t = std::get_if<T>(&c)) out.push_back(*t);
    return out;
  }
  template <class T>
  T only() const {
    const auto all = ordered<T>();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? T{} : all.front();
  }
  CallOutcome outcome() const { return only<EndCall>().outcome; }

  Instant now;
  RoutingCore core;
  std::vector<Command> last;
  std::vector<OfferCall> offers;

 private:
  void remember(const Command& c) {
    if (const auto* o = std::get_if<OfferCall>(&c)) offers.push_back(*o);
  }
};

}  // namespace kapok::routing
