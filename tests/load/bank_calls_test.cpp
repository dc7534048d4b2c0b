#include "load/bank_calls.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace kapok::load {
namespace {

const std::string kHeader = "date,arrival_s,vru_s,queued,wait_s,service_s,outcome,type,priority\n";

std::vector<BankCall> read(const std::string& rows, const BankLimits& limits = {}) {
  return read_bank_calls(kHeader + rows, limits);
}

std::string refusal(const std::string& csv, const BankLimits& limits = {}) {
  try {
    read_bank_calls(csv, limits);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(BankCalls, RowsAreReadAsTheyStandOdditiesIncluded) {
  const auto calls = read(
      "2027-02-01,688,18,0,0,0,hang,NW,0\n"
      "2027-02-01,700,-61,1,40,168,agent,PS,2\n"
      "2027-02-03,86399,5,1,9,3,phantom,PS,0\n");
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].outcome, BankOutcome::kHungUp);
  EXPECT_FALSE(calls[0].queued);
  EXPECT_EQ(calls[1].vru_s, -61);
  EXPECT_EQ(calls[1].wait_s, 40);
  EXPECT_EQ(calls[1].service_s, 168);
  EXPECT_EQ(calls[2].day, 2);
  EXPECT_EQ(calls[2].outcome, BankOutcome::kPhantom);
}

TEST(BankCalls, ColumnsMayStandInAnyOrderAndLinesEndInEitherWay) {
  const auto calls =
      read_bank_calls("outcome,type,service_s,wait_s,queued,vru_s,arrival_s,date\r\nagent,PS,7,6,1,5,4,2027-02-01\r\n");
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].arrival_s, 4);
  EXPECT_EQ(calls[0].vru_s, 5);
  EXPECT_EQ(calls[0].wait_s, 6);
  EXPECT_EQ(calls[0].service_s, 7);
}

TEST(BankCalls, AHeaderWithoutOrWithTwiceAColumnIsRefused) {
  EXPECT_EQ(refusal("date,arrival_s,vru_s,queued,wait_s,service_s\n"),
            "line 1: column outcome stands 0 times in the header");
  EXPECT_EQ(refusal("date," + kHeader), "line 1: column date stands 2 times in the header");
  EXPECT_EQ(refusal(""), "the record is empty");
  EXPECT_EQ(refusal(kHeader), "the record holds no call");
}

TEST(BankCalls, ABadRowIsRefusedWithItsLine) {
  const std::string good = "2027-02-01,1,1,0,0,9,agent,PS,0\n";
  const auto second = [&](const std::string& row) { return refusal(kHeader + good + row + "\n"); };
  EXPECT_EQ(second("2027-02-01,1,1,0,0,9,agent,PS"), "line 3: 8 cells, the header has 9");
  EXPECT_EQ(second(""), "line 3: 1 cells, the header has 9");
  EXPECT_EQ(second("2027-02-30,1,1,0,0,9,agent,PS,0"), "line 3: there is no day 2027-02-30");
  EXPECT_EQ(second("01.02.2027,1,1,0,0,9,agent,PS,0"), "line 3: date is '01.02.2027', not like 2026-11-22");
  EXPECT_EQ(second("2027-02-01,86400,1,0,0,9,agent,PS,0"),
            "line 3: arrival_s is '86400', not a number from 0 to 86399");
  EXPECT_EQ(second("2027-02-01,1,1,2,0,9,agent,PS,0"), "line 3: queued is '2', not a number from 0 to 1");
  EXPECT_EQ(second("2027-02-01,1,1,0,0x,9,agent,PS,0"), "line 3: wait_s is '0x', not a number from 0 to 86400");
  EXPECT_EQ(second("2027-02-01,1,1,0,0,-9,agent,PS,0"), "line 3: service_s is '-9', not a number from 0 to 86400");
  EXPECT_EQ(second("2027-02-01,1,-601,0,0,9,agent,PS,0"), "line 3: vru_s is '-601', not a number from -600 to 86400");
  EXPECT_EQ(second("2027-02-01,1,1,0,0,9,served,PS,0"), "line 3: unknown outcome 'served'");
  EXPECT_EQ(second("2027-01-31,1,1,0,0,9,agent,PS,0"), "line 3: a date before that of the row above");
  EXPECT_EQ(second("2027-02-08,1,1,0,0,9,agent,PS,0"), "line 3: more than 7 days");
}

TEST(BankCalls, AFileBeyondTheLimitsIsRefused) {
  const std::string good = "2027-02-01,1,1,0,0,9,agent,PS,0\n";
  const BankLimits two{.bytes_max = 1000, .calls_max = 2, .days_max = 7};
  EXPECT_EQ(read(good + good, two).size(), 2U);
  EXPECT_EQ(refusal(kHeader + good + good + good, two), "line 4: more than 2 calls");
  EXPECT_EQ(refusal(kHeader + std::string(1000, 'x'), two), "the record has more than 1000 bytes");
}

}  // namespace
}  // namespace kapok::load
