#include "service/roster.h"

#include <gtest/gtest.h>

namespace kapok::service {
namespace {

constexpr Instant kNoon{1'790'128'800'000'000};

casework::Shift shift(std::int64_t id, std::int64_t worker, Duration from, Duration to) {
  casework::Shift made;
  made.id = ShiftId{id};
  made.worker = WorkerId{worker};
  made.units = {UnitId{1}};
  made.period = {kNoon + from, kNoon + to};
  return made;
}

TEST(Roster, ShiftIsDueFromItsFirstInstantAndEndsAtItsLast) {
  Roster roster;
  roster.put(shift(1, 7, hours{0}, hours{2}));
  EXPECT_TRUE(roster.due(kNoon - Duration{1}).empty());
  ASSERT_EQ(roster.due(kNoon).size(), 1u);
  EXPECT_EQ(roster.due(kNoon)[0].edge, Roster::Edge::kStart);
  roster.started(ShiftId{1});
  EXPECT_TRUE(roster.due(kNoon + hours{2} - Duration{1}).empty());
  ASSERT_EQ(roster.due(kNoon + hours{2}).size(), 1u);
  EXPECT_EQ(roster.due(kNoon + hours{2})[0].edge, Roster::Edge::kEnd);
}

TEST(Roster, AtAChangeOfShiftsTheNewOneStartsFirst) {
  Roster roster;
  roster.put(shift(1, 7, hours{-2}, hours{0}));
  roster.put(shift(2, 8, hours{0}, hours{2}));
  roster.started(ShiftId{1});
  const auto due = roster.due(kNoon);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].shift, ShiftId{2});
  EXPECT_EQ(due[1].shift, ShiftId{1});
}

TEST(Roster, NextEdgeComesAfterNowAndLeavesOutWhatDoesNotStand) {
  Roster roster;
  casework::Shift cancelled = shift(1, 7, hours{1}, hours{2});
  cancelled.state = casework::ShiftState::kCancelled;
  roster.put(cancelled);
  roster.put(shift(2, 8, hours{3}, hours{4}));
  EXPECT_EQ(roster.next_edge(kNoon), kNoon + hours{3});
  EXPECT_EQ(roster.next_edge(kNoon + hours{3}), kNoon + hours{3} + casework::kCheckInGrace);
  EXPECT_EQ(roster.next_edge(kNoon + hours{3} + casework::kCheckInGrace), kNoon + hours{4});
  EXPECT_EQ(roster.next_edge(kNoon + hours{4}), std::nullopt);
}

TEST(Roster, ReplacedShiftLeavesNothingOfTheOldOneBehind) {
  Roster roster;
  roster.put(shift(1, 7, hours{1}, hours{2}));
  roster.put(shift(1, 8, hours{5}, hours{6}));
  EXPECT_EQ(roster.next_edge(kNoon), kNoon + hours{5});
  EXPECT_EQ(roster.open_for_check_in(WorkerId{7}, kNoon + hours{1}), nullptr);
  EXPECT_NE(roster.open_for_check_in(WorkerId{8}, kNoon + hours{5}), nullptr);
}

TEST(Roster, OfTwoRunningShiftsTheOneThatLastsLongerIsTheWorkers) {
  Roster roster;
  roster.put(shift(1, 7, hours{0}, hours{4}));
  roster.put(shift(2, 7, hours{0}, hours{2}));
  EXPECT_EQ(roster.running(WorkerId{7}), nullptr);
  roster.started(ShiftId{1});
  roster.started(ShiftId{2});
  EXPECT_EQ(roster.running(WorkerId{7})->id, ShiftId{1});
  roster.ended(ShiftId{1});
  EXPECT_EQ(roster.running(WorkerId{7})->id, ShiftId{2});
}

TEST(Roster, CheckInOpensBeforeTheShiftAndOnlyOnce) {
  Roster roster;
  casework::Shift planned = shift(1, 7, hours{1}, hours{2});
  roster.put(planned);
  EXPECT_EQ(roster.open_for_check_in(WorkerId{7}, planned.period.from - casework::kCheckInEarly - Duration{1}),
            nullptr);
  EXPECT_NE(roster.open_for_check_in(WorkerId{7}, planned.period.from - casework::kCheckInEarly), nullptr);
  planned.state = casework::ShiftState::kOnDuty;
  roster.put(planned);
  EXPECT_EQ(roster.open_for_check_in(WorkerId{7}, planned.period.from), nullptr);
}

}  // namespace
}  // namespace kapok::service
