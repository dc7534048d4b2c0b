#include <gtest/gtest.h>

#include <algorithm>

#include "service/city_fixture.h"
#include "storage/gap_table.h"

/// What the roster does by itself: imports that change it, shifts nobody comes to, people who take no calls.
namespace kapok::service {
namespace {

constexpr ShiftId kShift{501};

/// To be changed and put on the roster again.
casework::Shift again(casework::Shift shift) {
  ++shift.version;
  return shift;
}

std::int32_t on_duty(City& city, UnitId unit) { return city.calls().core().counters(unit).on_duty; }

TEST(RosterChanges, NewUnitsOfARunningShiftHoldAtOnce) {
  City city;
  const Instant now = city.clock.now();
  auto shift = again(city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, kShift));
  EXPECT_EQ(on_duty(city, City::kNeighbour), 0);
  shift.units = {City::kNeighbour};
  city.put_on_roster(shift);
  EXPECT_EQ(on_duty(city, City::kStation), 0);
  EXPECT_EQ(on_duty(city, City::kNeighbour), 1);
  city.pass(hours{2});
  EXPECT_EQ(on_duty(city, City::kNeighbour), 0);
}

TEST(RosterChanges, NewUnitsOfARunningShiftDropNoTalk) {
  City city;
  const TestClient gate = city.gateway();
  const Instant now = city.clock.now();
  auto shift = again(city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, kShift));
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto ring = *gate.outbox->last<api::RingEndpoint>();
  city.ask(city.gateways(), gate,
           api::OfferAnswered{.offer = ring.offer, .epoch = ring.epoch, .endpoint = ring.endpoint, .at = {}});
  city.settle();
  shift = city.stored_shift(kShift);
  EXPECT_EQ(shift.state, casework::ShiftState::kOnDuty);
  shift = again(shift);
  shift.units = {City::kNeighbour};
  city.put_on_roster(shift);
  EXPECT_EQ(city.stored_call(call).state, CallState::kTalking);
  EXPECT_EQ(gate.outbox->count<api::Park>(), 0u);
  EXPECT_EQ(City::refusal(city.left(gate, "a-1", EndedBy::kWorker)), std::nullopt);
  EXPECT_EQ(city.stored_call(call).outcome, CallOutcome::kAnswered);
}

TEST(RosterChanges, NewEndOfARunningShiftIsWhenItEnds) {
  City city;
  const Instant now = city.clock.now();
  auto shift = again(city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, kShift));
  shift.period.to = now + hours{1};
  city.put_on_roster(shift);
  city.pass(minutes{59});
  EXPECT_EQ(on_duty(city, City::kStation), 1);
  city.pass(minutes{1});
  EXPECT_EQ(on_duty(city, City::kStation), 0);
}

TEST(RosterChanges, NewEndIsToldToTheDesk) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kAn, City::kStation, {now, now + hours{2}}, EndpointKind::kDesk, kShift);
  city.on_duty(City::kAn);
  auto shift = again(city.stored_shift(kShift));
  shift.period.to = now + hours{5};
  city.put_on_roster(shift);
  EXPECT_EQ(city.duty().state_of(City::kAn).shift_ends_at, now + hours{5});
  EXPECT_EQ(city.duty().state_of(City::kAn).state, WorkerState::kReady);
}

TEST(RosterChanges, CancelledShiftEndsAndAShiftThatIsGoneEndsToo) {
  City city;
  const Instant now = city.clock.now();
  auto shift = again(city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, kShift));
  shift.state = casework::ShiftState::kCancelled;
  city.put_on_roster(shift);
  EXPECT_EQ(on_duty(city, City::kStation), 0);
  city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, ShiftId{502});
  EXPECT_EQ(on_duty(city, City::kStation), 1);
  city.run_sql("DELETE FROM shift WHERE id = 502");
  city.duty().roster_changed();
  city.run_until([&] { return city.duty().roster().find(ShiftId{502}) == nullptr; });
  city.settle();
  EXPECT_EQ(on_duty(city, City::kStation), 0);
}

TEST(RosterChanges, ShiftTakenOnTheSpotOutlivesARosterReadBeforeItWasSaved) {
  City city;
  city.on_duty(City::kAn);
  city.duty().roster_changed();
  city.settle();
  EXPECT_EQ(on_duty(city, City::kStation), 1);
}

TEST(RosterChanges, DeskNobodyCheckedInToIsAbsentAfterTheGraceAndNotBefore) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kAn, City::kStation, {now, now + hours{2}}, EndpointKind::kDesk, kShift);
  city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, ShiftId{502});
  city.pass(casework::kCheckInGrace - seconds{1});
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kPlanned);
  city.pass(seconds{1});
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kAbsent);
  EXPECT_EQ(city.stored_shift(ShiftId{502}).state, casework::ShiftState::kPlanned);  // a phone is there by itself
  const TestClient bai = city.connect(City::kBai);
  const auto listed = city.ask(city.duty(), bai, api::ListShifts{});
  ASSERT_TRUE(listed.body.ok());
  const auto shifts = std::get<api::ShiftList>(listed.body.value()).shifts;
  EXPECT_TRUE(std::ranges::any_of(
      shifts, [](const auto& shift) { return shift.shift == kShift && shift.state == casework::ShiftState::kAbsent; }));
}

TEST(RosterChanges, AbsentWorkerMayStillCheckIn) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kAn, City::kStation, {now, now + hours{2}}, EndpointKind::kDesk, kShift);
  city.pass(minutes{20});
  ASSERT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kAbsent);
  city.on_duty(City::kAn);
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kOnDuty);
  EXPECT_EQ(city.stored_shift(kShift).checked_in_at, now + minutes{20});
  city.pass(minutes{100});
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kClosed);
}

TEST(RosterChanges, ReadyDeskIsNotAbsent) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kAn, City::kStation, {now, now + hours{2}}, EndpointKind::kDesk, kShift);
  const TestClient an = city.connect(City::kAn);
  city.ask(city.duty(), an, api::OpenDesk{});
  city.ask(city.duty(), an, api::SetReady{true});
  city.settle();
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kOnDuty);
}

TEST(RosterChanges, SupervisorOnCallIsNeverRungForACaller) {
  City city;
  const TestClient gate = city.gateway();
  const Instant now = city.clock.now();
  city.roster(City::kOnCall, City::kCityUnit, {now, now + hours{2}}, EndpointKind::kPhone, kShift);
  EXPECT_EQ(on_duty(city, City::kCityUnit), 0);
  city.arrive(gate, "a-1");
  for (int minute = 0; minute < 3; ++minute) {
    city.pass(seconds{20});
    city.ask(city.gateways(), gate, api::Beat{});
  }
  EXPECT_EQ(gate.outbox->count<api::RingEndpoint>(), 0u);
  for (const api::HuntList& list : gate.outbox->all<api::HuntList>()) EXPECT_TRUE(list.endpoints.empty());
  city.restart();
  EXPECT_EQ(on_duty(city, City::kCityUnit), 0);
  EXPECT_EQ(city.gateway(2).outbox->count<api::RingEndpoint>(), 0u);
  city.pass(hours{2});
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kPlanned);
}

TEST(RosterChanges, SupervisorOnCallChecksInAndOutOfHisShift) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kOnCall, City::kCityUnit, {now, now + hours{2}}, EndpointKind::kPhone, kShift);
  const TestClient on_call = city.connect(City::kOnCall);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), on_call, api::TakeDuty{})), std::nullopt);
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kOnDuty);
  EXPECT_EQ(on_duty(city, City::kCityUnit), 0);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), on_call, api::LeaveDuty{})), std::nullopt);
  EXPECT_EQ(city.stored_shift(kShift).state, casework::ShiftState::kClosed);
}

}  // namespace
}  // namespace kapok::service
