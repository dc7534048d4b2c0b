#include "casework/shift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/local_time.h"

namespace kapok::casework {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Instant at(std::string_view text) { return parse_local(text, kChinaOffset).value(); }

Shift night() {
  Shift shift;
  shift.id = ShiftId{1};
  shift.worker = WorkerId{7};
  shift.units = {UnitId{30}};
  shift.period = {at("2026-11-30 18:00"), at("2026-12-01 08:00")};
  return shift;
}

ErrorCode refusal(void (*change)(Shift&), bool long_confirmed = false) {
  Shift shift = night();
  change(shift);
  const auto checked = check_shift(shift, long_confirmed);
  return checked ? ErrorCode::kInternal : checked.error().code;
}

constexpr ErrorCode kTaken = ErrorCode::kInternal;

template <class T>
ErrorCode code(const Result<T>& result) {
  return result ? kTaken : result.error().code;
}

TEST(Shift, MayCrossMidnightAMonthAndAYear) {
  EXPECT_EQ(refusal([](Shift&) {}), kTaken);
  EXPECT_EQ(refusal([](Shift& s) { s.period = {at("2026-12-31 20:00"), at("2027-01-01 08:00")}; }), kTaken);
}

TEST(Shift, EndsAfterItStarts) {
  EXPECT_EQ(refusal([](Shift& s) { s.period.to = s.period.from; }), ErrorCode::kShiftEndsBeforeStart);
  EXPECT_EQ(refusal([](Shift& s) { s.period.to = s.period.from - seconds{1}; }), ErrorCode::kShiftEndsBeforeStart);
}

TEST(Shift, LongerThanADayIsConfirmed) {
  EXPECT_EQ(refusal([](Shift& s) { s.period.to = s.period.from + hours{24}; }), kTaken);
  EXPECT_EQ(refusal([](Shift& s) { s.period.to = s.period.from + hours{24} + seconds{1}; }), ErrorCode::kShiftTooLong);
  EXPECT_EQ(refusal([](Shift& s) { s.period.to = s.period.from + hours{72}; }, true), kTaken);
}

TEST(Shift, MayCoverSeveralStationsJointly) {
  EXPECT_EQ(refusal([](Shift& s) { s.units = {UnitId{30}, UnitId{31}, UnitId{32}}; }), kTaken);
  EXPECT_EQ(refusal([](Shift& s) { s.units = {UnitId{30}, UnitId{31}, UnitId{30}}; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal([](Shift& s) { s.units.clear(); }), ErrorCode::kUnknownUnit);
  EXPECT_EQ(refusal([](Shift& s) { s.units = {UnitId{}}; }), ErrorCode::kUnknownUnit);
  EXPECT_EQ(refusal([](Shift& s) {
              s.units.clear();
              for (std::int64_t i = 1; i <= 33; ++i) s.units.push_back(UnitId{i});
            }),
            ErrorCode::kInvalidArgument);
}

TEST(Shift, HasAWorkerWhoIsNotHisOwnBackupAndAPhoneToRing) {
  EXPECT_EQ(refusal([](Shift& s) { s.worker = {}; }), ErrorCode::kUnknownWorker);
  EXPECT_EQ(refusal([](Shift& s) { s.backup = s.worker; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal([](Shift& s) { s.by = EndpointKind::kPhone; }), ErrorCode::kUnknownEndpoint);
  EXPECT_EQ(refusal([](Shift& s) {
              s.by = EndpointKind::kPhone;
              s.endpoint = EndpointId{3};
            }),
            kTaken);
}

TEST(Shift, OverlapsOfOneWorkerAreNamedAndTouchingIsNone) {
  const Shift shift = night();
  Shift touching = night(), other_worker = night(), overlap = night(), cancelled = night();
  touching.id = other_worker.id = overlap.id = cancelled.id = ShiftId{2};
  touching.period = {shift.period.to, shift.period.to + hours{8}};
  other_worker.worker = WorkerId{8};
  overlap.period = {shift.period.to - seconds{1}, shift.period.to + hours{8}};
  cancelled.state = ShiftState::kCancelled;
  EXPECT_THAT(overlapping(shift, std::vector{shift, touching, other_worker, overlap, cancelled}), ElementsAre(3));
  EXPECT_THAT(overlapping(shift, {}), IsEmpty());
}

TEST(Shift, CheckInOpensHalfAnHourEarlyAndClosesAtTheEnd) {
  const Shift shift = night();
  EXPECT_EQ(code(check_in(shift, shift.period.from - minutes{30} - seconds{1})), ErrorCode::kNotOnDuty);
  EXPECT_TRUE(check_in(shift, shift.period.from - minutes{30}));
  EXPECT_TRUE(check_in(shift, shift.period.to - seconds{1}));
  EXPECT_EQ(code(check_in(shift, shift.period.to)), ErrorCode::kNotOnDuty);
}

TEST(Shift, IsHeldOnceAndClosedOnce) {
  const Shift shift = night();
  const Shift held = check_in(shift, shift.period.from).value();
  EXPECT_EQ(held.state, ShiftState::kOnDuty);
  EXPECT_EQ(held.version, 2U);
  EXPECT_EQ(code(check_in(held, shift.period.from)), ErrorCode::kAlreadyOnDuty);
  const Shift over = close(held, shift.period.to).value();
  EXPECT_EQ(over.closed_at, shift.period.to);
  EXPECT_EQ(code(close(over, shift.period.to)), ErrorCode::kWrongState);
  EXPECT_EQ(code(check_in(over, shift.period.from)), ErrorCode::kWrongState);
  EXPECT_EQ(code(close(shift, shift.period.to)), ErrorCode::kWrongState);
}

TEST(Shift, WhoDoesNotComeIsAbsentAfterTheGraceAndMayStillComeLate) {
  const Shift shift = night();
  EXPECT_EQ(code(mark_absent(shift, shift.period.from + minutes{15} - seconds{1})), ErrorCode::kWrongState);
  const Shift absent = mark_absent(shift, shift.period.from + minutes{15}).value();
  EXPECT_EQ(absent.state, ShiftState::kAbsent);
  EXPECT_TRUE(check_in(absent, shift.period.from + hours{1}));
}

TEST(Shift, IsCancelledOnlyBeforeItBegins) {
  const Shift shift = night();
  EXPECT_TRUE(cancel(shift, shift.period.from - seconds{1}));
  EXPECT_EQ(code(cancel(shift, shift.period.from)), ErrorCode::kWrongState);
}

}  // namespace
}  // namespace kapok::casework
