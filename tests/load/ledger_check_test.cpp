#include "load/ledger_check.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kapok::load {
namespace {

/// Two answered calls, one abandoned, one order; the log agrees.
class LedgerCheck : public testing::Test {
 protected:
  LedgerCheck() {
    add(1, "call-1", true);
    add(2, "call-2", true);
    add(3, "call-3", false);
    ledger.finalise({11, "chen", {7, 1}});
    ledger.finalise({12, "li", {}});
    ledger.dispatch(31, 100);
    ledger.move(31, OrderState::kAccepted);
    log.calls = {{1, 11, true, Bucket::kAnswered, true, {1, 7}},
                 {2, 12, true, Bucket::kAnswered, true, {}},
                 {3, 0, true, Bucket::kAbandoned, false, {}}};
    log.referrals = {{31, OrderState::kAccepted}};
    log.report[0] = 2;
    log.report[1] = 1;
    log.has_report = true;
  }

  void add(std::int64_t id, const char* ref, bool answered) {
    LedgerCall& call = ledger.arrive(ref, static_cast<std::uint64_t>(id), "020-00100001", 0);
    ledger.take(call, id, kSecondUs);
    call.answered = answered;
    call.offers = 1;
    call.end = CallEnd::kCallerLeft;
    call.left = {60 * kSecondUs, 61 * kSecondUs};
  }

  [[nodiscard]] CheckRow row(const char* what) const {
    const CheckResult result = check_ledger(ledger, log, false);
    return *std::find_if(result.rows.begin(), result.rows.end(), [&](const auto& each) { return each.what == what; });
  }
  [[nodiscard]] std::size_t differences(bool shared = false) const {
    return check_ledger(ledger, log, shared).problem_count;
  }

  Ledger ledger;
  LogFacts log;
};

TEST_F(LedgerCheck, EqualBooksHaveNoDifference) {
  EXPECT_EQ(differences(), 0U);
  EXPECT_EQ(row("arrivals O").ledger, 3);
  EXPECT_EQ(row("A").log, 2);
  EXPECT_EQ(row("contacts finalised").log, 2);
}

TEST_F(LedgerCheck, ACallMissingInTheLogIsFound) {
  log.calls.pop_back();
  log.report[1] = 0;
  EXPECT_EQ(differences(), 1U);
  EXPECT_EQ(row("AB").different, 1);
}

TEST_F(LedgerCheck, ACallThatStandsTwiceIsFound) {
  log.calls.push_back(log.calls.back());
  EXPECT_GE(differences(), 1U);
}

TEST_F(LedgerCheck, ErrorsThatCancelOutInTheCountsAreFound) {
  std::swap(log.calls[1].bucket, log.calls[2].bucket);
  EXPECT_EQ(row("A").ledger, row("A").log);
  EXPECT_EQ(row("A").different, 1);
  EXPECT_EQ(row("AB").different, 1);
}

TEST_F(LedgerCheck, ACallNobodyPlacedIsFoundUnlessOthersUseTheServer) {
  log.calls.push_back({4, 0, true, Bucket::kMissed, false, {}});
  log.report[3] = 1;
  EXPECT_EQ(differences(), 1U);
  EXPECT_EQ(differences(true), 0U);
}

TEST_F(LedgerCheck, AnOpenCallIsFound) {
  log.calls[2].ended = false;
  EXPECT_GE(differences(), 1U);
}

TEST_F(LedgerCheck, WhoIsStillToBeRungBackIsOpenInBothBooks) {
  LedgerCall& call = *ledger.by_call(3);
  call.end = CallEnd::kNotYet;
  call.kept = true;
  EXPECT_GE(differences(), 1U) << "the log says that he left";
  log.calls[2].bucket = Bucket::kMissed;
  log.report = {2, 0, 0, 1};
  EXPECT_EQ(differences(), 0U) << "the server gave him up";
  log.calls[2].ended = false;
  log.report = {2};
  EXPECT_EQ(differences(), 0U);
  EXPECT_EQ(row("callbacks still to be made").log, 1);
  call.kept = false;
  EXPECT_GE(differences(), 1U) << "nobody is promised anything";
}

TEST_F(LedgerCheck, ARecordThatIsLostOrChangedIsFound) {
  log.calls[0].needs = {1};
  EXPECT_EQ(row("contacts finalised").different, 1);
  log.calls[0].finalised = false;
  EXPECT_EQ(row("contacts finalised").log, 1);
  log.calls[0].contact = 0;
  EXPECT_EQ(row("contacts finalised").different, 1);
}

TEST_F(LedgerCheck, AnOrderThatIsLostDoubledOrInAnotherStateIsFound) {
  log.referrals[0].state = OrderState::kDispatched;
  EXPECT_EQ(row("referrals").different, 1);
  log.referrals.push_back({31, OrderState::kAccepted});
  EXPECT_EQ(row("referrals").different, 1);
  log.referrals.clear();
  EXPECT_EQ(row("referrals").log, 0);
  EXPECT_EQ(row("referrals").different, 1);
}

TEST_F(LedgerCheck, AReportThatCountsOtherwiseThanTheLogIsFound) {
  log.report[0] = 3;
  EXPECT_EQ(differences(), 1U);
}

TEST_F(LedgerCheck, ACallWithoutNumberTakesUpARowOfItsBucketOnly) {
  ledger.arrive("call-4", 4, "020-00100001", 0).end = CallEnd::kBackfilled;
  log.calls.push_back({9, 0, true, Bucket::kMissed, false, {}});
  log.report[3] = 1;
  EXPECT_EQ(differences(), 0U);
  log.calls.back().bucket = Bucket::kFailure;
  EXPECT_GE(differences(), 2U);
}

}  // namespace
}  // namespace kapok::load
