#include "routing/invariants.h"

#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

/// Each test breaks one thing behind the core's back and expects check_all() to say which.
class Invariants : public testing::Test {
 protected:
  Invariants() {
    c.desk(1, City::kA);
    c.desk(2, City::kA);
    c.call(1, City::kA);
    c.accept(1);          // 1 talks to worker 1
    c.call(2, City::kA);  // 2 is offered to worker 2
    c.call(3, City::kA);  // 3 and 4 wait
    c.call(4, City::kA);
  }
  State& state() { return StateOfCore::of(c.core); }
  void expect(const std::string& begins) {
    const auto broken = c.core.check_all();
    ASSERT_TRUE(broken.has_value()) << "nothing noticed";
    EXPECT_EQ(broken->substr(0, begins.size()), begins) << *broken;
  }
  City c;
};

TEST_F(Invariants, HoldInASoundCity) { EXPECT_EQ(c.core.check_all(), std::nullopt); }

TEST_F(Invariants, NoticeACallerWithTwoTalks) {
  state().worker(WorkerId{2}).talking.insert(CallId{1});
  expect("I1");
}

TEST_F(Invariants, NoticeAWaitingCallerStillOffered) {
  state().call(CallId{2}).state = CallState::kWaiting;
  expect("I1");
}

TEST_F(Invariants, NoticeAWorkerWithTwoTalks) {
  CallRecord& call = state().call(CallId{3});
  call.state = CallState::kTalking;
  call.worker = WorkerId{1};
  state().worker(WorkerId{1}).talking.insert(CallId{3});
  expect("I2");
}

TEST_F(Invariants, NoticeAnOfferToSomebodyOffDuty) {
  state().worker(WorkerId{2}).shifts.clear();
  state().offers.begin()->second.made_in_step = state().step;
  expect("I3");
}

TEST_F(Invariants, NoticeACallerWaitingBesideAFreeWorker) {
  State& s = state();
  CallRecord& call = s.call(CallId{3});
  call.excluded[WorkerId{5}] = kForThisCall;
  c.leave(4);
  c.desk(5, City::kA);  // passed over for caller 3
  ASSERT_EQ(c.core.check_all(), std::nullopt);
  call.excluded.clear();
  expect("I4");
}

TEST_F(Invariants, NoticeALaterCallerOfferedFirst) {
  OfferRecord& offer = state().offers.begin()->second;
  offer.made_in_step = state().step;
  state().call(CallId{2}).arrival.arrival_seq = 100;  // now later than 3 and 4
  expect("I5");
}

TEST_F(Invariants, NoticeAClassThatFell) {
  state().call(CallId{1}).effective = CallerClass::kCallback;
  expect("I6");
}

TEST_F(Invariants, NoticeACallerMissingFromAWaitSet) {
  CallRecord& call = state().call(CallId{3});
  state().waiting.erase(call.path.at(Ring::kDistrict), call.effective, call.wait_group(), {call.key(), call.lane()});
  expect("I14");
}

TEST_F(Invariants, NoticeAForgottenRingTimer) {
  CallRecord& call = state().call(CallId{3});
  state().timers.cancel({call.ring_timer, TimerKind::kRingOpens, 3});
  expect("I7");
}

TEST_F(Invariants, NoticeAForgottenOfferTimer) {
  const OfferRecord& offer = state().offers.begin()->second;
  state().timers.cancel({offer.until, TimerKind::kOfferEnds, offer.id.value});
  expect("I7");
}

TEST_F(Invariants, NoticeACounterThatDrifted) {
  ++state().nodes[1].counts.talking;
  expect("I14");
}

TEST_F(Invariants, NoticeAMissedDeskThatRings) {
  state().worker(WorkerId{2}).desk_missed = true;
  state().offers.begin()->second.made_in_step = state().step;
  c.leave(3);
  c.leave(4);
  state().offers.begin()->second.made_in_step = state().step;
  expect("I16");
}

TEST_F(Invariants, NoticeSomebodyIdleForLonger) {
  c.leave(3);
  c.leave(4);
  c.desk(3, City::kA);
  State& s = state();
  s.offers.begin()->second.made_in_step = s.step;
  s.offers.begin()->second.idle_since = c.now + Duration{seconds{1}};
  expect("I15");
}

TEST_F(Invariants, NoticeASecondWhoIsAlsoTheFirst) {
  for (const std::int64_t waiting : {3, 4, 2}) c.leave(waiting);
  c.pass(1, TransferKind::kWarm, WorkerId{2});
  ASSERT_EQ(c.second(1), 2);
  state().call(CallId{1}).worker = WorkerId{2};
  expect("I1");
}

TEST_F(Invariants, NoticeAnOfferBesideNoTalk) {
  state().call(CallId{2}).second_offer = state().call(CallId{2}).offer;
  expect("I1");
}

TEST_F(Invariants, NoticeACrisisCallerNobodyWasAskedFor) {
  c.call(5, City::kCrisisLine);
  CallRecord& call = state().call(CallId{5});
  call.offers_made = 0;
  c.pass(seconds{20});
  ASSERT_EQ(c.core.check_all(), std::nullopt);
  call.widest = Ring::kCity;
  state().waiting.erase(kDutyNode, call.effective, call.wait_group(), {call.key(), call.lane()});
  EXPECT_NE(crisis_is_bounded(state()), std::nullopt);
}

TEST_F(Invariants, NoticeAKeptCallbackWithoutANumber) {
  state().call(CallId{3}).kept = true;
  expect("a callback is kept");
}

TEST_F(Invariants, NoticeAWaitingCallerWhoWillHearNothing) {
  state().announcing.hearing.erase(state().call(CallId{3}).hearer());
  expect("a caller hears nothing of his wait");
}

}  // namespace
}  // namespace kapok::routing
