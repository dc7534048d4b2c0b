#include "service/sign_in_throttle.h"

#include <gtest/gtest.h>

namespace kapok::service {
namespace {

constexpr Instant kNow{1'700'000'000'000'000};

void fail_times(SignInThrottle& throttle, int times, Instant at = kNow) {
  for (int n = 0; n < times; ++n) throttle.failed("chan", "10.0.0.1", at);
}

TEST(SignInThrottle, FourFailuresAreFree) {
  SignInThrottle throttle;
  fail_times(throttle, 4);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow), std::nullopt);
}

TEST(SignInThrottle, TheFifthLocksForExactlyAMinute) {
  SignInThrottle throttle;
  fail_times(throttle, 5);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow), kNow + minutes{1});
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow + minutes{1}), std::nullopt);
}

TEST(SignInThrottle, LocksDoubleAndStopAtFifteenMinutes) {
  SignInThrottle throttle;
  fail_times(throttle, 6);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow), kNow + minutes{2});
  fail_times(throttle, 40);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow), kNow + minutes{15});
}

TEST(SignInThrottle, AnAttackerElsewhereCannotLockTheWorkerOut) {
  SignInThrottle throttle;
  fail_times(throttle, 50);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.2", kNow), std::nullopt);
}

TEST(SignInThrottle, ASuccessForgets) {
  SignInThrottle throttle;
  fail_times(throttle, 4);
  throttle.succeeded("chan", "10.0.0.1");
  fail_times(throttle, 4);
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow), std::nullopt);
}

TEST(SignInThrottle, AnHourWithoutFailureForgets) {
  SignInThrottle throttle;
  fail_times(throttle, 4);
  fail_times(throttle, 1, kNow + hours{1} + minutes{1});
  EXPECT_EQ(throttle.locked_until("chan", "10.0.0.1", kNow + hours{1} + minutes{1}), std::nullopt);
}

}  // namespace
}  // namespace kapok::service
