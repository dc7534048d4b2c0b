#include "routing/transfers.h"

#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;
constexpr TransferKind kCold = TransferKind::kCold;
constexpr TransferKind kWarm = TransferKind::kWarm;

// --- Cold ----------------------------------------------------------------------------------------------------

TEST(ColdTransfer, LetsTheFirstGoAndTheCallWaitsInItsOldPlaceWithTheRingsOfTheUnit) {
  City c;
  c.talk(1, 1, City::kA);
  const Instant arrived = c.now;
  c.pass(minutes{2});
  c.pass(1, kCold, City::kD);
  const RecordTransfer record = c.only<RecordTransfer>();
  EXPECT_EQ(record.worker, WorkerId{1});
  EXPECT_EQ(record.to_unit, City::kD);
  EXPECT_EQ(record.leg, 1);
  EXPECT_EQ(c.only<ReturnCallToWaiting>().why, WaitsAgain::kTransferred);
  EXPECT_EQ(c.state(1), WorkerState::kAfterCall);
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
  EXPECT_EQ(c.core.call(CallId{1})->arrived_at, arrived);
  EXPECT_EQ(c.core.call(CallId{1})->arrival_seq, 1);
  c.desk(2, City::kC);
  c.decline(1);  // the city's ring has been open for long
  c.desk(3, City::kD);
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation) << "near is near to the unit asked for";
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
}

TEST(ColdTransfer, TheContactStaysWithTheUnitThatWasDialled) {
  City c;
  c.talk(1, 1, City::kA);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.core.call(CallId{1})->unit, City::kA);
  EXPECT_EQ(c.core.counters(City::kA).calls_waiting, 1);
  EXPECT_EQ(c.core.counters(City::kD).calls_waiting, 0);
}

TEST(ColdTransfer, GoesToTheNearestFreeWorkerOfTheUnitAtOnce) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kA);
  c.pass(seconds{10});
  c.desk(3, City::kD);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.with(1), 3) << "though worker 2 of his own station has been idle for longer";
}

TEST(ColdTransfer, IsNeverOfferedToTheFirstAgain) {
  City c;
  c.talk(1, 1, City::kA);
  c.pass(1, kCold, City::kA);
  c.ready(1);
  c.pass(minutes{10});
  EXPECT_EQ(c.with(1), 0);
  EXPECT_EQ(c.state(1), WorkerState::kReady);
}

TEST(ColdTransfer, KeepsItsPlaceAmongThoseWhoCameMeanwhile) {
  City c;
  c.talk(1, 1, City::kA);
  c.pass(seconds{30});
  c.call(2, City::kB);
  c.pass(1, kCold, City::kB);
  c.desk(2, City::kB);
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.with(2), 0);
}

TEST(ColdTransfer, ANamedWorkerWhoIsFreeIsAskedFirstWhateverHisRing) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kA);
  c.desk(3, City::kD);
  c.pass(1, kCold, WorkerId{3});
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kTransfer);
  EXPECT_EQ(c.only<RecordTransfer>().to_worker, WorkerId{3});
  c.decline(1);
  EXPECT_EQ(c.with(1), 2) << "then the normal path from his home";
}

TEST(ColdTransfer, ABusyNamedWorkerIsNotWaitedFor) {
  City c;
  c.talk(1, 1, City::kA);
  c.talk(2, 2, City::kA);
  c.desk(3, City::kB);
  c.pass(1, kCold, WorkerId{2});
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
}

TEST(ColdTransfer, ASecondOneMovesTheRingsAgain) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kC);
  c.pass(1, kCold, City::kC);
  c.accept(1);
  EXPECT_EQ(c.only<ConnectCall>().leg, 2);
  EXPECT_EQ(c.only<ConnectCall>().relieves, WorkerId{});
  c.desk(3, City::kD);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.with(1), 3);
}

TEST(ColdTransfer, ToAPlaceWhereNobodyIsOnDutyPassesOnAtOnce) {
  City c;
  c.talk(1, 1, City::kA);
  c.desk(2, City::kB);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.with(1), 2) << "nobody waits for an empty station";
}

TEST(ColdTransfer, TheUnitsPresetAppliesFromThenOn) {
  City c;
  DirectoryChanged d;
  d.units = {City::unit(1001, 100, UnitKind::kStation, RingPreset::kLocal),
             City::unit(1101, 110, UnitKind::kStation, RingPreset::kLocal)};
  c.apply(d);
  c.talk(1, 1, City::kA);
  c.talk(2, 4, City::kD);
  c.pass(1, kCold, City::kD);
  EXPECT_EQ(c.ring(1), Ring::kStation) << "kept local for ten seconds";
  d.units = {City::unit(1101, 110, UnitKind::kStation, RingPreset::kNormal)};
  c.apply(d);
  EXPECT_EQ(c.ring(1), Ring::kDistrict) << "a change of that unit's preset reaches him";
}

TEST(ColdTransfer, ADirectoryThatMovesUnitsKeepsTheRingsWhereTheTransferSentThem) {
  City c;
  c.talk(1, 1, City::kA);
  c.talk(2, 2, City::kD);
  c.pass(1, kCold, City::kD);
  DirectoryChanged d;
  d.units = {City::unit(1101, 101, UnitKind::kStation)};
  c.apply(d);
  c.desk(3, City::kD);
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation);
}

TEST(ColdTransfer, OfATextCallRingsAsLongAsATextDoes) {
  City c;
  c.desk(1, City::kA);
  c.call(1, City::line_of(City::kA), {}, Channel::kSms);
  c.accept(1);
  c.desk(2, City::kB);
  c.pass(1, kCold, City::kB);
  EXPECT_EQ(c.offer_of(1).ring_until - c.offer_of(1).made_at, kTextOffer);
}

TEST(ColdTransfer, ACallerWhoHangsUpAfterwardsWasAnswered) {
  City c;
  c.talk(1, 1, City::kA);
  c.pass(1, kCold, City::kD);
  c.leave(1);
  EXPECT_EQ(c.outcome(), CallOutcome::kAnswered);
  EXPECT_EQ(c.only<EndCall>().worker, WorkerId{});
}

TEST(ColdTransfer, SurvivesARestartWithTheSameRings) {
  City c;
  c.talk(1, 1, City::kA);
  c.talk(2, 2, City::kA);
  c.pass(1, kCold, City::kD);
  const DirectoryChanged directory = directory_of(c.core);
  const Restarted stored = as_stored(c.core, 2);
  c.core = RoutingCore();
  c.apply(directory);
  c.apply(stored);
  c.phone(3, {City::kD});
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kStation);
}

// --- Who may ask for what ------------------------------------------------------------------------------------

TEST(Transfers, OnlyTheTalkingWorkerMayPassHisTalkOn) {
  City c;
  c.desk(1, City::kA);
  c.desk(2, City::kB);
  c.call(1, City::kA);
  c.apply(TransferAsked{CallId{1}, WorkerId{1}, kCold, {}, City::kB, false});
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState) << "he has not accepted it yet";
  c.accept(1);
  c.apply(TransferAsked{CallId{1}, WorkerId{2}, kCold, {}, City::kB, false});
  EXPECT_EQ(c.refusal(), ErrorCode::kNotYours);
  c.apply(TransferAsked{CallId{1}, {}, kCold, {}, City::kB, false});
  EXPECT_EQ(c.refusal(), ErrorCode::kUnknownWorker);
  c.apply(TransferAsked{CallId{7}, WorkerId{1}, kCold, {}, City::kB, false});
  EXPECT_EQ(c.refusal(), ErrorCode::kUnknownCall);
  c.apply(TransferCancelled{CallId{1}, WorkerId{1}});
  EXPECT_EQ(c.refusal(), ErrorCode::kWrongState);
}

TEST(Transfers, NeedExactlyOneTargetThatExistsAndIsOnDutyAndNotTheFirst) {
  for (const TransferKind kind : {kCold, kWarm}) {
    City c;
    c.talk(1, 1, City::kA);
    c.apply(TransferAsked{CallId{1}, WorkerId{1}, kind, {}, {}, false});
    EXPECT_EQ(c.refusal(), ErrorCode::kInvalidArgument);
    c.apply(TransferAsked{CallId{1}, WorkerId{1}, kind, WorkerId{1}, City::kA, false});
    EXPECT_EQ(c.refusal(), ErrorCode::kInvalidArgument);
    c.pass(1, kind, WorkerId{1});
    EXPECT_EQ(c.refusal(), ErrorCode::kInvalidArgument);
    c.pass(1, kind, WorkerId{77});
    EXPECT_EQ(c.refusal(), ErrorCode::kUnknownWorker);
    c.pass(1, kind, UnitId{77});
    EXPECT_EQ(c.refusal(), ErrorCode::kUnknownUnit);
    c.hire(2);
    c.pass(1, kind, WorkerId{2});
    EXPECT_EQ(c.refusal(), ErrorCode::kNotOnDuty);
    c.start_shift(2, {City::kB}, {City::desk_of(2)});
    c.pass(1, kind, WorkerId{2});
    EXPECT_EQ(c.refusal(), ErrorCode::kNotOnDuty) << "a shift without a reachable endpoint is no duty";
    EXPECT_EQ(c.call_state(1), CallState::kTalking);
    EXPECT_EQ(c.with(1), 1);
  }
}

TEST(Transfers, GoToNobodyWithoutTheSkillTheLineRequires) {
  for (const TransferKind kind : {kCold, kWarm}) {
    City c;
    c.desk(1, City::kA, City::kLegalSkill);
    c.call(1, City::kLegalLine);
    c.accept(1);
    c.desk(2, City::kB);
    c.pass(1, kind, WorkerId{2});
    EXPECT_EQ(c.refusal(), ErrorCode::kNobodyFree);
    c.desk(3, City::kB, City::kLegalSkill);
    c.pass(1, kind, City::kB);
    EXPECT_EQ(kind == kWarm ? c.second(1) : c.with(1), 3);
  }
}

TEST(Transfers, ARefusedOneChangesNothing) {
  City c;
  c.talk(1, 1, City::kA);
  const auto hash = c.core.state_hash();
  c.pass(1, kWarm, City::kD);
  c.pass(1, kCold, UnitId{77});
  c.cancel_transfer(1);
  EXPECT_EQ(c.core.state_hash(), hash);
}

TEST(Transfers, ADutyPhonePassesOneOfSeveralCallsOnAndKeepsTheOthers) {
  City c;
  c.duty_phone(1, 3);
  for (std::int64_t n : {1, 2}) {
    c.call(n, City::kA);
    c.accept(n);
  }
  c.desk(2, City::kB);
  c.pass(1, kWarm, WorkerId{2});
  c.accept(c.second_offer(1));
  EXPECT_EQ(c.state(1), WorkerState::kTalking);
  EXPECT_EQ(c.core.worker(WorkerId{1})->calls, std::vector{CallId{2}});
}

TEST(Transfers, ADutyPhoneWithRoomMayBeTheSecond) {
  City c;
  c.duty_phone(1, 2);
  c.call(1, City::kA);
  c.accept(1);
  c.talk(2, 2, City::kB);
  c.pass(2, kWarm, WorkerId{1});
  c.accept(c.second_offer(2));
  EXPECT_EQ(c.core.worker(WorkerId{1})->calls.size(), 2u);
}

}  // namespace
}  // namespace kapok::routing
