#include "fault_rules.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace kapok::faults {
namespace {

TEST(FaultRules, ARuleSaysWhatFailsHowOftenAndWhere) {
  const Orders orders = parse_orders("rule 3 sync EIO 2 1 */data/kapok.db-wal\nclock -3600\n");
  ASSERT_EQ(orders.rules.size(), 1U);
  const Rule& rule = orders.rules.front();
  EXPECT_EQ(rule.id, 3);
  EXPECT_EQ(rule.operation, Operation::kSync);
  EXPECT_EQ(rule.kind, FaultKind::kError);
  EXPECT_EQ(rule.error, EIO);
  EXPECT_EQ(rule.skip, 2U);
  EXPECT_EQ(rule.times, 1U);
  EXPECT_EQ(rule.pattern, "*/data/kapok.db-wal");
  EXPECT_EQ(orders.clock_shift_s, -3600);
}

TEST(FaultRules, APatternMayHoldBlanks) {
  EXPECT_EQ(parse_orders("rule 0 write delay:250 0 0 /a folder/*").rules.front().pattern, "/a folder/*");
  EXPECT_EQ(parse_orders("rule 0 write delay:250 0 0 /a folder/*").rules.front().delay_ms, 250);
}

TEST(FaultRules, WhatIsNoOrderEndsTheProcess) {
  for (const char* wrong : {"rule 0 write ENOENT 0 0 *", "rule 512 write EIO 0 0 *", "rule 0 fly EIO 0 0 *", "clock x",
                            "rule 0 write EIO 0 0 ", "rule 0 write delay:-1 0 0 *", "nonsense"})
    EXPECT_DEATH(parse_orders(wrong), "no order");
}

}  // namespace
}  // namespace kapok::faults
