#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "storage/audit_query.h"
#include "storage/gap_table.h"

namespace kapok::service {
namespace {

TEST(DutyDesk, DutyTakenOnTheSpotWritesTheShift) {
  City city;
  const TestClient an = city.connect(City::kAn);
  const auto taken = city.ask(city.duty(), an, api::TakeDuty{});
  ASSERT_TRUE(taken.body.ok());
  const auto state = std::get<api::DeskState>(taken.body.value());
  EXPECT_EQ(state.state, WorkerState::kAway);
  const auto shift = city.stored_shift(state.shift);
  EXPECT_TRUE(shift.taken_on_the_spot);
  EXPECT_EQ(shift.period.length(), Duration{hours{8}});
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::TakeDuty{})), ErrorCode::kAlreadyOnDuty);
}

TEST(DutyDesk, SpotShiftHasToEndAfterItStartsAndWithinADay) {
  City city;
  const TestClient an = city.connect(City::kAn);
  const Instant now = city.clock.now();
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::TakeDuty{{}, now - seconds{1}})),
            ErrorCode::kShiftEndsBeforeStart);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::TakeDuty{{}, now + hours{25}})), ErrorCode::kShiftTooLong);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::TakeDuty{UnitId{999}, {}})), ErrorCode::kUnknownUnit);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::TakeDuty{City::kNeighbour, {}})), ErrorCode::kForbidden);
}

TEST(DutyDesk, RosteredPhoneIsOnDutyByItselfFromStartToEnd) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kNight, City::kStation, {now + minutes{10}, now + hours{2}}, EndpointKind::kPhone, ShiftId{501});
  EXPECT_EQ(city.calls().core().counters(City::kStation).on_duty, 0);
  city.pass(minutes{10});
  EXPECT_EQ(city.calls().core().counters(City::kStation).on_duty, 1);
  city.pass(minutes{110});
  EXPECT_EQ(city.calls().core().counters(City::kStation).on_duty, 0);
}

TEST(DutyDesk, AnsweringAnOfferIsTheSignIn) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kNight, City::kStation, {now, now + hours{2}}, EndpointKind::kPhone, ShiftId{501});
  EXPECT_EQ(city.stored_shift(ShiftId{501}).state, casework::ShiftState::kPlanned);
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  const auto ring = *gate.outbox->last<api::RingEndpoint>();
  city.ask(city.gateways(), gate,
           api::OfferAnswered{.offer = ring.offer, .epoch = ring.epoch, .endpoint = ring.endpoint, .at = {}});
  city.settle();
  EXPECT_EQ(city.stored_shift(ShiftId{501}).state, casework::ShiftState::kOnDuty);
  const auto audited = city.stored<std::vector<storage::AuditRow>>(
      [](auto& tx) { return storage::audit_rows_of(tx, storage::AuditObject::kShift, 501, 1'000'000, 10); });
  ASSERT_EQ(audited.size(), 1u);
  EXPECT_EQ(audited[0].event.action, storage::AuditAction::kDutyChanged);
  EXPECT_EQ(audited[0].event.actor, City::kNight);
}

TEST(DutyDesk, TakingDutyChecksInToTheRosteredShift) {
  City city;
  const Instant now = city.clock.now();
  city.roster(City::kAn, City::kStation, {now - minutes{5}, now + hours{2}}, EndpointKind::kDesk, ShiftId{501});
  const TestClient an = city.connect(City::kAn);
  const auto taken = city.ask(city.duty(), an, api::TakeDuty{});
  ASSERT_TRUE(taken.body.ok());
  EXPECT_EQ(std::get<api::DeskState>(taken.body.value()).shift, ShiftId{501});
  EXPECT_EQ(city.stored_shift(ShiftId{501}).state, casework::ShiftState::kOnDuty);
  city.pass(hours{2});
  EXPECT_EQ(city.stored_shift(ShiftId{501}).state, casework::ShiftState::kClosed);
  EXPECT_EQ(city.duty().state_of(City::kAn).state, WorkerState::kOffDuty);
}

TEST(DutyDesk, ShiftThatEndsInACallLetsItFinishAndOffersNothingNew) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient an = city.connect(City::kAn);
  city.ask(city.duty(), an, api::TakeDuty{{}, city.clock.now() + minutes{30}});
  city.ask(city.duty(), an, api::OpenDesk{});
  city.ask(city.duty(), an, api::SetReady{true});
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.clock.move(minutes{30});
  city.ask(city.gateways(), gate, api::Beat{});
  city.pass(seconds{1});
  EXPECT_EQ(city.stored_call(call).state, CallState::kTalking);
  EXPECT_EQ(City::refusal(city.ask(city.calls(), an, api::HangUp{call})), std::nullopt);
  city.arrive(gate, "a-2", City::kLineNumber, "13800138001");
  EXPECT_EQ(an.outbox->count<api::OfferShown>(), 1u);
}

TEST(DutyDesk, NobodyOnDutyIsAGapAndTheNextRingIsTriedAtOnce) {
  City city;
  const TestClient gate = city.gateway();
  const TestClient chen = city.on_duty(City::kChen);
  const auto gaps =
      city.stored<std::vector<storage::GapRow>>([](auto& tx) { return storage::GapTable::open(tx, CityId{1}).rows; });
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].unit, City::kStation);
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  ASSERT_EQ(chen.outbox->count<api::OfferShown>(), 1u);
  EXPECT_EQ(chen.outbox->last<api::OfferShown>()->offer.call, call);
  city.on_duty(City::kAn);
  const auto open =
      city.stored<std::size_t>([](auto& tx) { return storage::GapTable::open(tx, CityId{1}).rows.size(); });
  EXPECT_EQ(open, 0u);
}

TEST(DutyDesk, GapSurvivesARestartAsOneRow) {
  City city;
  city.restart();
  city.restart();
  const Instant now = city.clock.now();
  const auto gaps = city.stored<std::size_t>([&](auto& tx) {
    return storage::GapTable::touching(tx, CityId{1}, {now - hours{1}, now + hours{1}}).rows.size();
  });
  EXPECT_EQ(gaps, 2u);  // one for each station
}

TEST(DutyDesk, LeavingDutyEndsTheShiftAndWithoutOneIsRefused) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::LeaveDuty{})), std::nullopt);
  EXPECT_EQ(city.duty().state_of(City::kAn).state, WorkerState::kOffDuty);
  EXPECT_EQ(City::refusal(city.ask(city.duty(), an, api::LeaveDuty{})), ErrorCode::kNotOnDuty);
}

TEST(DutyDesk, ReadinessComesBackWithTheClientAfterARestart) {
  City city;
  city.on_duty(City::kAn);
  city.restart();
  EXPECT_EQ(city.calls().core().counters(City::kStation).ready, 0);
  const TestClient an = city.connect(City::kAn);
  city.ask(city.duty(), an, api::OpenDesk{});
  EXPECT_EQ(city.calls().core().counters(City::kStation).ready, 1);
}

TEST(DutyDesk, AfterARestartTheWorkerInAfterCallSeesTheDraftOfTheCallThatEnded) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  const auto view =
      std::get<api::CallView>(city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch}).body.value());
  city.ask(city.calls(), an, api::HangUp{call});
  city.restart();
  const TestClient back = city.connect(City::kAn);
  const auto state = std::get<api::DeskState>(city.ask(city.duty(), back, api::OpenDesk{}).body.value());
  EXPECT_EQ(state.state, WorkerState::kAfterCall);
  EXPECT_EQ(state.contact, view.contact);
  // And once it is finalised no longer.
  city.calls().draft_finished(City::kAn, view.contact);
  city.settle();
  EXPECT_FALSE(back.outbox->last<api::DeskState>()->contact.is_set());
}

TEST(DutyDesk, AClientThatFellBehindIsShownItsDeskAgain) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient bai = city.on_duty(City::kBai);
  const std::size_t before = bai.outbox->count<api::DeskState>();
  an.outbox->pushes.clear();
  city.duty().fell_behind(an.connection);
  ASSERT_EQ(an.outbox->count<api::DeskState>(), 1u);
  EXPECT_EQ(an.outbox->last<api::DeskState>()->state, WorkerState::kReady);
  EXPECT_EQ(an.outbox->pushes.back().second, "desk");
  EXPECT_EQ(bai.outbox->count<api::DeskState>(), before);
}

TEST(DutyDesk, StationListsItsShifts) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const auto listed = city.ask(city.duty(), an, api::ListShifts{});
  ASSERT_TRUE(listed.body.ok());
  const auto shifts = std::get<api::ShiftList>(listed.body.value()).shifts;
  ASSERT_EQ(shifts.size(), 1u);
  EXPECT_EQ(shifts[0].worker_name, "社工an");
  EXPECT_EQ(shifts[0].units_zh, std::vector<std::string>{"沙面街道"});
}

TEST(DutyDesk, ASecondDeskIsShownTheOfferThatRingsAndMayAcceptIt) {
  City city;
  const TestClient first = city.on_duty(City::kAn);
  const TestClient gate = city.gateway();
  city.arrive(gate, "1");
  const TestClient second = city.connect(City::kAn);
  city.ask(city.duty(), second, api::OpenDesk{});
  const auto shown = second.outbox->last<api::OfferShown>();
  ASSERT_TRUE(shown.has_value());
  EXPECT_TRUE(city.ask(city.calls(), second, api::AcceptOffer{shown->offer.offer, shown->offer.epoch}).body.ok());
  const TestClient third = city.connect(City::kAn);
  city.ask(city.duty(), third, api::OpenDesk{});
  EXPECT_EQ(third.outbox->count<api::OfferShown>(), 0U);
}

}  // namespace
}  // namespace kapok::service
