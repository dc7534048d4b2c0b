#include "routing/policy.h"
#include "state_of_core.h"
#include "tiny_city.h"

namespace kapok::routing {
namespace {

using City = TinyCity;

/// Worker 1 answers the phone of station A with worker 2 as backup, who sits at a desk of another region.
struct Backup : testing::Test {
  Backup() {
    c.hire(1);
    c.apply(ShiftStarted{City::shift_of(1), WorkerId{1}, {City::kA}, {City::phone_of(1)}, WorkerId{2}});
  }
  void miss() { c.pass(kPhoneOffer); }
  City c;
};

TEST_F(Backup, OfAMissedPhoneIsAskedNextWhateverHisRing) {
  c.desk(2, City::kD);
  c.phone(3, {City::kA});  // nearer, and free
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  miss();
  EXPECT_EQ(c.with(1), 2);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kBackup);
  EXPECT_EQ(c.offer_of(1).ring, Ring::kCity);
}

TEST_F(Backup, IsAskedOnceAndThenTheRingsGoOn) {
  c.desk(2, City::kD);
  c.phone(3, {City::kA});
  c.call(1, City::kA);
  miss();
  c.decline(1);
  EXPECT_EQ(c.with(1), 3);
  EXPECT_EQ(c.offer_of(1).reason, OfferReason::kRing);
}

TEST_F(Backup, WhoIsBusyIsNotWaitedFor) {
  c.desk(2, City::kD);
  c.call(9, City::kD);
  c.accept(9);
  c.phone(3, {City::kA});
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  miss();
  EXPECT_EQ(c.with(1), 3);
}

TEST_F(Backup, WithoutTheSkillIsNotAsked) {
  c.hire(1, City::kLegalSkill);
  c.hire(2);
  c.desk(2, City::kD);
  c.call(1, City::kLegalLine);
  ASSERT_EQ(c.with(1), 1);
  miss();
  EXPECT_EQ(c.call_state(1), CallState::kWaiting);
}

TEST_F(Backup, IsNotAskedAfterADecline) {
  c.desk(2, City::kD);
  c.phone(3, {City::kA});
  c.call(1, City::kA);
  c.decline(1);
  EXPECT_EQ(c.with(1), 3);
}

TEST_F(Backup, StandsBehindAPhoneThatCannotBeRungToo) {
  c.desk(2, City::kD);
  c.phone(3, {City::kA});
  c.call(1, City::kA);
  const OfferCall o = c.offer_of(1);
  c.apply(OfferFailed{o.offer, o.epoch, o.endpoints.front(), OfferFailure::kUnreachable});
  EXPECT_EQ(c.with(1), 2);
}

TEST_F(Backup, OfAShiftIsKnownAgainAfterARestart) {
  c.desk(2, City::kD);
  c.phone(3, {City::kA});
  crash(c);
  c.apply(EndpointUp{City::desk_of(2)});
  c.call(1, City::kA);
  ASSERT_EQ(c.with(1), 1);
  miss();
  EXPECT_EQ(c.with(1), 2);
}

}  // namespace
}  // namespace kapok::routing
