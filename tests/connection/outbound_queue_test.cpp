#include "connection/outbound_queue.h"

#include <gtest/gtest.h>

namespace kapok::connection {
namespace {

using Pushed = OutboundQueue::Pushed;
constexpr std::size_t kAll = 1 << 30;

OutboundQueue small_queue(std::size_t messages, std::size_t bytes = 1000) { return {messages, bytes, "<resync>"}; }

TEST(OutboundQueue, FramesLeaveInTheOrderTheyCame) {
  auto queue = small_queue(10);
  queue.push("a", "");
  queue.push("b", "k");
  queue.push("c", "");
  EXPECT_EQ(queue.take(kAll).bytes, "abc");
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(OutboundQueue, ANewerStateTakesThePlaceOfTheOlder) {
  auto queue = small_queue(10);
  queue.push("old", "k");
  queue.push("reply", "");
  EXPECT_EQ(queue.push("newer", "k"), Pushed::kReplaced);
  EXPECT_EQ(queue.take(kAll).bytes, "newerreply");
}

TEST(OutboundQueue, AStateAlreadyTakenIsNotReplaced) {
  auto queue = small_queue(10);
  queue.push("first", "k");
  EXPECT_EQ(queue.take(kAll).bytes, "first");
  EXPECT_EQ(queue.push("second", "k"), Pushed::kQueued);
  EXPECT_EQ(queue.take(kAll).bytes, "second");
}

TEST(OutboundQueue, ABatchEndsWithTheFrameThatReachesTheWantedSize) {
  auto queue = small_queue(10);
  for (const char* frame : {"1111", "2222", "3333"}) queue.push(frame, "");
  EXPECT_EQ(queue.take(5).bytes, "11112222");
  EXPECT_EQ(queue.take(1).bytes, "3333");
  EXPECT_EQ(queue.take(1).bytes, "");
}

TEST(OutboundQueue, OverflowDropsStateAndKeepsRepliesBeforeOneResync) {
  auto queue = small_queue(3);
  queue.push("s1", "k1");
  queue.push("reply", "");
  queue.push("s2", "k2");
  EXPECT_EQ(queue.push("s3", "k3"), Pushed::kBehind);
  EXPECT_EQ(queue.push("s4", "k4"), Pushed::kDropped);
  const auto batch = queue.take(kAll);
  EXPECT_EQ(batch.bytes, "reply<resync>");
  EXPECT_TRUE(batch.fell_behind);
}

TEST(OutboundQueue, AfterTheResyncHasBeenTakenStateFlowsAgain) {
  auto queue = small_queue(1);
  queue.push("s1", "k1");
  queue.push("s2", "k2");
  EXPECT_TRUE(queue.is_behind());
  queue.take(kAll);
  EXPECT_FALSE(queue.is_behind());
  EXPECT_EQ(queue.push("s3", "k1"), Pushed::kQueued);
  EXPECT_FALSE(queue.take(kAll).fell_behind);
}

TEST(OutboundQueue, AReplyThatOverflowsMakesRoomByDroppingState) {
  auto queue = small_queue(2);
  queue.push("s1", "k1");
  queue.push("s2", "k2");
  EXPECT_EQ(queue.push("reply", ""), Pushed::kBehind);
  EXPECT_EQ(queue.take(kAll).bytes, "<resync>reply");
}

TEST(OutboundQueue, WhenOnlyRepliesFillItTheNextOneIsRefused) {
  auto queue = small_queue(3);
  queue.push("r1", "");
  queue.push("r2", "");
  queue.push("r3", "");
  EXPECT_EQ(queue.push("r4", ""), Pushed::kFull);
}

TEST(OutboundQueue, TheByteBoundHoldsToTheByte) {
  auto queue = small_queue(100, 10);
  EXPECT_EQ(queue.push("1234567890", ""), Pushed::kQueued);
  EXPECT_EQ(queue.push("", ""), Pushed::kQueued);
  EXPECT_EQ(queue.push("x", "k"), Pushed::kBehind);
  EXPECT_EQ(queue.bytes(), 10U);
}

TEST(OutboundQueue, AReplacementThatWouldBreakTheByteBoundOverflows) {
  auto queue = small_queue(100, 10);
  queue.push("12345", "k");
  queue.push("6789", "");
  EXPECT_EQ(queue.push("123456", "k"), Pushed::kReplaced);
  EXPECT_EQ(queue.push("1234567", "k"), Pushed::kBehind);
  EXPECT_EQ(queue.take(kAll).bytes, "6789<resync>");
  EXPECT_EQ(queue.bytes(), 0U);
}

}  // namespace
}  // namespace kapok::connection
