#include "routing/replay.h"

#include <gtest/gtest.h>

#include "random_world.h"
#include "routing/command_text.h"
#include "routing/event_text.h"

namespace kapok::routing {
namespace {

/// A random world as its journal would hold it, restarts and all.
std::vector<JournalEntry> recorded(std::uint64_t seed, int steps) {
  RandomWorld world(seed);
  for (int i = 0; i < steps; ++i) EXPECT_EQ(world.step(), std::nullopt);
  std::vector<JournalEntry> journal;
  for (const Happened& h : world.history()) {
    JournalEntry entry;
    entry.seq = static_cast<std::int64_t>(journal.size()) + 1;
    entry.at = h.now;
    entry.event = event_text(h.event);
    if (h.restarted || journal.empty()) entry.core = core_start_text({"0.1.0", world.options()});
    entry.commands = digest_of(h.commands);
    if (entry.seq % 100 == 0) entry.state_hash = h.hash;
    journal.push_back(std::move(entry));
  }
  return journal;
}

std::optional<Replay::Difference> replay(const std::vector<JournalEntry>& journal) {
  Replay replay;
  for (const JournalEntry& entry : journal)
    if (auto difference = replay.take(entry)) return difference;
  return std::nullopt;
}

std::size_t find(const std::vector<JournalEntry>& journal, std::string_view name, std::size_t from) {
  for (std::size_t i = from; i < journal.size(); ++i)
    if (journal[i].event.starts_with(name)) return i;
  ADD_FAILURE() << "no " << name;
  return 0;
}

class RecordedWorlds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RecordedWorlds, GiveTheSameAnswersAgainOverRestarts) {
  const auto journal = recorded(GetParam(), 1500);
  Replay replay;
  for (const JournalEntry& entry : journal) {
    const auto difference = replay.take(entry);
    ASSERT_FALSE(difference) << "seq " << difference->seq << ": " << difference->what << "\n" << difference->event;
  }
  EXPECT_EQ(replay.figures().events, static_cast<std::int64_t>(journal.size()));
  EXPECT_EQ(replay.figures().digests_compared, replay.figures().events);
  EXPECT_GE(replay.figures().hashes_compared, 15);
  EXPECT_GE(replay.figures().starts, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecordedWorlds, testing::Range<std::uint64_t>(1, 9));

TEST(Replay, AMissingRowIsFoundAtTheNext) {
  auto journal = recorded(3, 400);
  journal.erase(journal.begin() + 200);
  const auto found = replay(journal);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Replay::Fault::kRowsMissing);
  EXPECT_EQ(found->seq, 202);
}

TEST(Replay, AnotherWorkerInOneEventIsFoundThereWithTheAnswerAsText) {
  auto journal = recorded(3, 600);
  const std::size_t at = find(journal, "OfferAccepted", 300);
  auto accepted = std::get<OfferAccepted>(*parse_event(journal[at].event));
  accepted.worker = WorkerId{accepted.worker.value + 1};
  journal[at].event = event_text(accepted);
  const auto found = replay(journal);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Replay::Fault::kOtherCommands);
  EXPECT_EQ(found->seq, journal[at].seq);
  EXPECT_EQ(found->recorded, journal[at].commands);
  ASSERT_FALSE(found->commands.empty());
  EXPECT_NE(found->recomputed, found->recorded);
}

TEST(Replay, TwoEventsInEachOthersPlaceAreFound) {
  auto journal = recorded(5, 600);
  const std::size_t at = find(journal, "CallArrived", 300);
  std::swap(journal[at].event, journal[at + 1].event);
  const auto found = replay(journal);
  ASSERT_TRUE(found);
  EXPECT_GE(found->seq, journal[at].seq);
  EXPECT_LE(found->seq, journal[at + 1].seq);
}

TEST(Replay, WhatOnlyTheStateShowsIsFoundByTheNextHash) {
  auto journal = recorded(5, 600);
  journal[300].state_hash = 1;
  const auto found = replay(journal);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Replay::Fault::kOtherState);
  EXPECT_EQ(found->seq, 301);
}

TEST(Replay, RefusesWhatNoCoreMayBeTold) {
  const auto journal = recorded(3, 50);
  const auto fault_of = [](std::vector<JournalEntry> entries) {
    const auto found = replay(entries);
    return found ? std::optional(found->fault) : std::nullopt;
  };
  EXPECT_EQ(fault_of({journal[2]}), Replay::Fault::kNoStart);
  auto again = journal;
  again[5].event = journal[1].event;
  EXPECT_EQ(fault_of(again), Replay::Fault::kOutOfOrder) << "Restarted in the middle";
  auto early = journal;
  early[5].at = Instant{1};
  EXPECT_EQ(fault_of(early), Replay::Fault::kOutOfOrder);
  auto torn = journal;
  torn[5].event = "CallerLeft call=";
  EXPECT_EQ(fault_of(torn), Replay::Fault::kUnreadable);
  auto unborn = journal;
  unborn[0].core = "Core";
  EXPECT_EQ(fault_of(unborn), Replay::Fault::kUnreadable);
}

/// The journal leaves out an event that was refused when no timer was due: nothing of it is needed to replay.
TEST(Replay, AnEventThatWasOnlyRefusedIsNotNeeded) {
  RandomWorld world(11);
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(world.step(), std::nullopt);
  RoutingCore core(world.options());
  int left_out = 0;
  for (const Happened& h : world.history()) {
    if (h.restarted) core = RoutingCore(world.options());
    const bool due = core.next_timer() && *core.next_timer() <= h.now;
    const bool refused = h.commands.size() == 1 && (std::holds_alternative<RefuseEvent>(h.commands.front()) ||
                                                    std::holds_alternative<RefuseAccept>(h.commands.front()));
    if (refused && !due) {
      ++left_out;
      continue;
    }
    ASSERT_EQ(core.apply(h.now, h.event), h.commands);
    ASSERT_EQ(core.state_hash(), h.hash);
  }
  EXPECT_GT(left_out, 100);
}

}  // namespace
}  // namespace kapok::routing
