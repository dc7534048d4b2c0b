#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "random_world.h"

namespace kapok::routing {
namespace {

class RandomWorlds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomWorlds, KeepEveryInvariantAfterEveryEventAndDrainWhenFaultsStop) {
  RandomWorld world(GetParam());
  for (int i = 0; i < 1500; ++i) ASSERT_EQ(world.step(), std::nullopt) << world.story();
  ASSERT_EQ(world.drain(), std::nullopt) << world.story();
  const Ledger& ledger = world.ledger();
  EXPECT_EQ(ledger.arrived, ledger.ended) << "each arrival ends in exactly one outcome";
  EXPECT_GT(ledger.arrived.size(), 50u);
}

/// KAPOK_WORLDS makes a longer run (tests/nightly).
std::uint64_t worlds() {
  const char* asked = std::getenv("KAPOK_WORLDS");
  return asked == nullptr ? 24 : std::strtoull(asked, nullptr, 10);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWorlds, testing::Range<std::uint64_t>(1, worlds() + 1));

TEST(RandomWorld, TheSameEventsTwiceGiveTheSameCommandsAndTheSameHash) {
  RandomWorld first(4711);
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(first.step(), std::nullopt);
  RoutingCore second(first.options());
  std::size_t compared = 0;
  for (const Happened& h : first.history()) {
    if (h.restarted) second = RoutingCore(first.options());
    EXPECT_EQ(second.apply(h.now, h.event), h.commands);
    ASSERT_EQ(second.state_hash(), h.hash) << "after event " << compared;
    ++compared;
  }
  EXPECT_GT(compared, 2000u);
}

TEST(RandomWorld, ExactlyOneWinnerForEachOffer) {
  RandomWorld world(99);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(world.step(), std::nullopt);
  std::map<OfferId, int> ends;
  std::map<OfferId, int> misses;
  std::set<OfferId> made;
  for (const Happened& h : world.history())
    for (const Command& command : h.commands) {
      if (const auto* offer = std::get_if<OfferCall>(&command)) EXPECT_TRUE(made.insert(offer->offer).second);
      if (const auto* end = std::get_if<RecordOfferEnded>(&command)) ++ends[end->offer];
      if (const auto* miss = std::get_if<NoteMiss>(&command)) ++misses[miss->offer];
    }
  EXPECT_GT(made.size(), 200u);
  for (const auto& [offer, count] : ends) EXPECT_EQ(count, 1);
  for (const auto& [offer, count] : misses) EXPECT_EQ(count, 1) << "at most one RONA mark per offer (I16)";
}

/// What happens in no random world is checked by none.
TEST(RandomWorld, TransfersAndKeptCallbacksEndInEveryWay) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    RandomWorld world(seed);
    for (int i = 0; i < 1500; ++i) ASSERT_EQ(world.step(), std::nullopt) << world.story();
    for (const Happened& h : world.history())
      for (const Command& command : h.commands) {
        if (const auto* asked = std::get_if<RecordTransfer>(&command)) ++seen[std::string(name_of(asked->kind))];
        if (const auto* ended = std::get_if<RecordTransferEnded>(&command)) ++seen[std::string(name_of(ended->how))];
        if (const auto* offer = std::get_if<OfferCall>(&command))
          ++seen["offer " + std::string(name_of(offer->reason))];
        if (const auto* talk = std::get_if<ConnectCall>(&command)) seen["dial"] += talk->dial_caller ? 1 : 0;
        if (std::holds_alternative<KeepCallback>(command)) ++seen["kept"];
        if (std::holds_alternative<RecordCallerReached>(command)) ++seen["reached"];
      }
  }
  for (const auto& [how, word, zh] : kEnumNames<TransferEnd>) EXPECT_GT(seen[std::string(word)], 0) << word;
  for (const char* what : {"cold", "warm", "offer transfer", "offer returned", "kept", "dial", "reached"})
    EXPECT_GT(seen[what], 0) << what;
}

TEST(RandomWorld, MakesOffersForEveryReasonAndHoldsCallersForBoth) {
  std::map<OfferReason, int> reasons;
  int held_for_worker = 0;
  int held_for_language = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    RandomWorld world(seed);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_EQ(world.step(), std::nullopt);
      held_for_worker += world.holds_for_workers() ? 1 : 0;
      held_for_language += world.holds_for_languages() ? 1 : 0;
    }
    for (const Happened& h : world.history())
      for (const Command& command : h.commands)
        if (const auto* offer = std::get_if<OfferCall>(&command)) ++reasons[offer->reason];
  }
  EXPECT_GT(reasons[OfferReason::kRing], 500);
  EXPECT_GT(reasons[OfferReason::kSticky], 5);
  EXPECT_GT(reasons[OfferReason::kBackup], 5);
  EXPECT_GT(held_for_worker, 0);
  EXPECT_GT(held_for_language, 20);
}

}  // namespace
}  // namespace kapok::routing
