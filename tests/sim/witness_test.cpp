#include "sim/witness.h"

#include <gtest/gtest.h>

namespace kapok::sim {
namespace {

using namespace routing;

constexpr EndpointId kDesk{1}, kPhone{2};
constexpr WorkerId kWorker{5};
constexpr Instant kNow{1};

DirectoryChanged directory() {
  DirectoryChanged d;
  d.workers = {{kWorker, UnitId{1}, {{kDesk, EndpointKind::kDesk, 1}, {kPhone, EndpointKind::kPhone, 1}}, 0, 0}};
  d.lines = {{LineId{9}, UnitId{1}, LineMode::kTrunk, true, 0}};
  return d;
}
OfferCall offer(std::int64_t id, EndpointId endpoint, std::int64_t at_s) {
  OfferCall command;
  command.offer = OfferId{id};
  command.worker = kWorker;
  command.endpoints = {endpoint};
  command.made_at = Instant{at_s * 1'000'000};
  return command;
}
RecordOfferEnded ended(std::int64_t id, OfferEnd how, std::int64_t at_s) {
  return {OfferId{id}, CallId{1}, kWorker, how, Instant{at_s * 1'000'000}};
}
WithdrawOffer silent(std::int64_t id, EndpointId endpoint) {
  return {OfferId{id}, 1, CallId{1}, kWorker, {endpoint}, {}};
}
NoteMiss miss(std::int64_t id, std::int64_t at_s) {
  return {OfferId{id}, CallId{1}, kWorker, Instant{at_s * 1'000'000}};
}

class WitnessBesideTheLine : public testing::Test {
 protected:
  WitnessBesideTheLine() {
    EXPECT_EQ(witness.take(kNow, directory(), {}), std::nullopt);
    EXPECT_EQ(witness.take(kNow, Restarted{}, {}), std::nullopt);
    EXPECT_EQ(witness.take(kNow, ShiftStarted{ShiftId{1}, kWorker, {UnitId{1}}, {kDesk}}, {}), std::nullopt);
  }
  std::string said(const Event& event, const std::vector<Command>& commands) {
    return witness.take(kNow, event, commands).value_or("");
  }
  Witness witness;
};

TEST_F(WitnessBesideTheLine, SeesADeskRungAgainBeforeItsWorkerActed) {
  EXPECT_EQ(said(Ticked{}, {offer(10, kDesk, 100)}), "");
  EXPECT_EQ(said(Ticked{}, {silent(10, kDesk), ended(10, OfferEnd::kMissed, 112), miss(10, 112)}), "");
  Witness patient = witness;
  EXPECT_EQ(patient.take(kNow, WorkerReady{kWorker}, {offer(11, kDesk, 900)}), std::nullopt);
  EXPECT_EQ(said(Ticked{}, {offer(11, kDesk, 900)}).substr(0, 3), "I16");
}

TEST_F(WitnessBesideTheLine, SeesAMissedPhoneRungWithinAMinute) {
  EXPECT_EQ(said(Ticked{}, {offer(10, kPhone, 100)}), "");
  EXPECT_EQ(said(Ticked{}, {silent(10, kPhone), ended(10, OfferEnd::kMissed, 135), miss(10, 135)}), "");
  Witness patient = witness;
  EXPECT_EQ(patient.take(kNow, Ticked{}, {offer(11, kPhone, 195)}), std::nullopt);
  EXPECT_EQ(said(Ticked{}, {offer(11, kPhone, 194)}).substr(0, 3), "I16");
}

TEST_F(WitnessBesideTheLine, SeesAStrayAcceptThatMadeATalkOrWasNotAnswered) {
  EXPECT_EQ(said(Ticked{}, {offer(10, kDesk, 100)}), "");
  const OfferAccepted stray{OfferId{10}, 1, kWorker, kPhone};
  Witness other = witness;
  EXPECT_EQ(said(stray, {ConnectCall{CallId{1}, OfferId{10}, kWorker, kPhone, 1, {}, {}, {}}}).substr(0, 2), "I9");
  EXPECT_EQ(Witness(other).take(kNow, stray, {}).value_or("").substr(0, 2), "I9");
  EXPECT_EQ(other.take(kNow, stray, {RefuseAccept{OfferId{10}, kWorker, kPhone, ErrorCode::kUnknownEndpoint}}),
            std::nullopt);
}

TEST_F(WitnessBesideTheLine, SeesAFirstDeclineThatCostsThePlace) {
  WorkerStateChanged state;
  state.worker = kWorker;
  state.state = WorkerState::kReady;
  state.idle_since = Instant{50'000'000};
  EXPECT_EQ(said(Ticked{}, {state, offer(10, kDesk, 100)}), "");
  state.idle_since = Instant{101'000'000};
  EXPECT_EQ(said(Ticked{}, {silent(10, kDesk), ended(10, OfferEnd::kDeclined, 101), state}).substr(0, 3), "D11");
}

TEST_F(WitnessBesideTheLine, SeesAnOfferThatRingsOnAfterItsEnd) {
  EXPECT_EQ(said(Ticked{}, {offer(10, kDesk, 100)}), "");
  EXPECT_EQ(said(Ticked{}, {ended(10, OfferEnd::kMissed, 112), miss(10, 112)}).substr(0, 2), "W3");
}

TEST_F(WitnessBesideTheLine, SeesAfterCallThatDoesNotEnd) {
  WorkerStateChanged state;
  state.worker = kWorker;
  state.state = WorkerState::kAfterCall;
  state.until = Instant{300};
  EXPECT_EQ(said(Ticked{}, {state}), "");
  EXPECT_EQ(witness.take(Instant{299}, Ticked{}, {}), std::nullopt);
  EXPECT_EQ(witness.take(Instant{300}, Ticked{}, {}).value_or("").substr(0, 2), "W1");
}

TEST_F(WitnessBesideTheLine, SeesACallerWhoHearsSilenceAndOneWhosePlaceFalls) {
  EXPECT_EQ(said(Ticked{}, {offer(10, kDesk, 100)}), "");
  ConnectCall talk;
  talk.call = CallId{1};
  talk.offer = OfferId{10};
  talk.worker = kWorker;
  talk.endpoint = kDesk;
  EXPECT_EQ(said(OfferAccepted{OfferId{10}, 1, kWorker, kDesk}, {ended(10, OfferEnd::kAccepted, 101), talk}), "");
  EXPECT_EQ(said(EndpointDown{kDesk}, {}), "");
  EXPECT_EQ(witness.take(kNow + seconds{15}, Ticked{}, {}).value_or("").substr(0, 2), "W2");
  CallWaitingChanged place;
  place.call = CallId{2};
  place.widest_ring = Ring::kRegion;
  EXPECT_EQ(said(EndpointUp{kDesk}, {place}), "");
  place.widest_ring = Ring::kDistrict;
  EXPECT_EQ(said(Ticked{}, {place}).substr(0, 2), "D8");
}

TEST_F(WitnessBesideTheLine, SeesAnOfferToOneWhoSaidAway) {
  EXPECT_EQ(said(WorkerAway{kWorker}, {}), "");
  EXPECT_EQ(said(Ticked{}, {offer(10, kDesk, 100)}).substr(0, 2), "W4");
}

TEST_F(WitnessBesideTheLine, SeesACallerOfTheWrongClass) {
  CallArrived event;
  event.call = CallId{1};
  event.line = LineId{9};
  RecordArrival command;
  command.call = CallId{1};
  command.line = LineId{9};
  command.base = CallerClass::kNormal;
  EXPECT_EQ(said(event, {command}).substr(0, 2), "D9");
}

}  // namespace
}  // namespace kapok::sim
