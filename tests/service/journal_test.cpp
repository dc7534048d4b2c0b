#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "service/journal_pruning.h"
#include "storage/journal_replay.h"
#include "storage/journal_table.h"

namespace kapok::service {
namespace {

using routing::Replay;
using storage::JournalRow;
using storage::JournalTable;

constexpr CityId kCity{1};
constexpr Period kAlways{Instant{1}, Instant{INT64_MAX}};

storage::ReplayedJournal replay(City& city, Period stretch = kAlways) {
  return city.stored<storage::ReplayedJournal>(
      [&](storage::ReadTransaction& tx) { return storage::replay_journal(tx, kCity, stretch); });
}

std::vector<JournalRow> rows(City& city) {
  return city.stored<std::vector<JournalRow>>(
      [](storage::ReadTransaction& tx) { return JournalTable::from(tx, kCity, 1, 100'000).rows; });
}

std::string words_of(const std::optional<Replay::Difference>& difference) {
  if (!difference) return {};
  return std::to_string(difference->seq) + ": " + difference->what + "\n" + difference->event;
}

/// Time passes while the gateway's heart beats.
void pass(City& city, const TestClient& gate, int span_s) {
  for (int passed = 0; passed < span_s; passed += 4) {
    city.ask(city.gateways(), gate, api::Beat{});
    city.pass(seconds{4});
  }
}

/// Calls that are answered, missed, given back and left, two restarts among them.
void busy_day(City& city, int calls = 12) {
  TestClient gate = city.gateway(1);
  for (int i = 0; i < calls; ++i) {
    if (i == calls / 3 || i == 2 * calls / 3) {
      city.restart();
      gate = city.gateway(static_cast<std::uint64_t>(i) + 2);
    }
    const TestClient an = city.connect(City::kAn);
    city.ask(city.duty(), an, api::TakeDuty{});
    city.ask(city.duty(), an, api::OpenDesk{});
    city.ask(city.duty(), an, api::SetReady{true});
    const std::string ref = "day-" + std::to_string(i);
    const CallId call = City::call_of(city.arrive(gate, ref));
    city.settle();
    pass(city, gate, 5 + i);
    if (const auto shown = an.outbox->last<api::OfferShown>(); shown && i % 3 != 0)
      city.ask(city.calls(), an, api::AcceptOffer{shown->offer.offer, shown->offer.epoch});
    pass(city, gate, 20);
    if (i % 4 == 1) city.ask(city.calls(), an, api::HangUp{call});
    city.left(gate, ref);
    city.disconnect(an);
  }
}

/// Writes a row of the journal anew, through the table, so that its MAC holds.
void change_row(City& city, JournalRow row) {
  bool saved = false;
  city.office().changes.save(
      storage::WriteClass::kCallEvent, [&](storage::Transaction& tx) { return JournalTable::append(tx, row); },
      [&](const storage::WriteOutcome& outcome) {
        EXPECT_TRUE(outcome.result.ok());
        saved = true;
      });
  city.run_until([&] { return saved; });
}

TEST(Journal, ADayWithRestartsReplaysToTheSameAnswersAndStates) {
  City city;
  busy_day(city);
  const auto replayed = replay(city);
  EXPECT_FALSE(replayed.difference) << words_of(replayed.difference);
  EXPECT_EQ(replayed.first_seq, 1);
  EXPECT_EQ(replayed.figures.events, static_cast<std::int64_t>(rows(city).size()));
  EXPECT_EQ(replayed.figures.digests_compared, replayed.figures.events);
  EXPECT_EQ(replayed.figures.starts, 3);
  EXPECT_GE(replayed.figures.hashes_compared, 3);
}

TEST(Journal, WhatASickStoreLeavesToBeSavedASecondTimeReplaysAsWell) {
  City city;
  city.apply_twice();
  busy_day(city);
  const auto replayed = replay(city);
  EXPECT_FALSE(replayed.difference) << words_of(replayed.difference);
  EXPECT_EQ(replayed.figures.events, static_cast<std::int64_t>(rows(city).size()));
}

TEST(Journal, AStretchBeginsWithTheLastStartBeforeIt) {
  City city;
  busy_day(city);
  const auto all = rows(city);
  std::vector<std::int64_t> starts;
  for (const JournalRow& row : all)
    if (row.core) starts.push_back(row.seq);
  ASSERT_EQ(starts.size(), 3u);
  const Instant later = all.back().at;
  EXPECT_EQ(replay(city, {later, kAlways.to}).first_seq, starts[2]);
  const auto first = replay(city, {Instant{1}, all[static_cast<std::size_t>(starts[1]) - 1].at});
  EXPECT_EQ(first.figures.starts, 1);
  EXPECT_LT(first.last_seq, starts[1]);
  EXPECT_EQ(replay(city, {Instant{1}, Instant{2}}).figures.events, 0);
}

/// The first accept of the day and the row before it.
std::pair<JournalRow, JournalRow> accept_and_before(City& city) {
  const auto all = rows(city);
  const auto found = std::ranges::find_if(all, [](const auto& row) { return row.event.starts_with("OfferAccepted"); });
  EXPECT_NE(found, all.end());
  return {*found, *(found - 1)};
}

TEST(Journal, AChangedEventIsNamedWithWhatRoutingSaysToItNow) {
  City city;
  busy_day(city, 6);
  const JournalRow accepted = accept_and_before(city).first;
  JournalRow other = accepted;
  other.event.replace(other.event.find("worker=31"), 9, "worker=32");
  change_row(city, other);
  const auto found = replay(city).difference;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Replay::Fault::kOtherCommands);
  EXPECT_EQ(found->seq, accepted.seq);
  EXPECT_EQ(found->at, accepted.at);
  EXPECT_FALSE(found->commands.empty());
}

TEST(Journal, TwoEventsInEachOthersPlaceAreNamed) {
  City city;
  busy_day(city, 6);
  auto [accepted, before] = accept_and_before(city);
  std::swap(before.event, accepted.event);
  std::swap(before.commands, accepted.commands);
  change_row(city, before);
  change_row(city, accepted);
  const auto found = replay(city).difference;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->seq, before.seq);
}

TEST(Journal, AMissingRowIsNamedAtTheNext) {
  City city;
  busy_day(city, 3);
  city.run_sql("DELETE FROM journal WHERE seq = 7");
  const auto found = replay(city).difference;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Replay::Fault::kRowsMissing);
  EXPECT_EQ(found->seq, 8);
}

TEST(Journal, ARowThatWasEditedInTheFileIsDamagedAndItsPlaceIsNamed) {
  City city;
  busy_day(city, 3);
  city.run_sql("UPDATE journal SET at = at + 1 WHERE seq = 6");
  const auto replayed = replay(city);
  EXPECT_EQ(replayed.damaged_ids.size(), 1u);
  ASSERT_TRUE(replayed.difference);
  EXPECT_EQ(replayed.difference->fault, Replay::Fault::kRowsMissing);
  EXPECT_EQ(replayed.difference->seq, 7);
}

TEST(Journal, AnEventThatFollowsAnUnsavedOneIsNotSavedEither) {
  City city;
  const TestClient an = city.on_duty(City::kAn);
  const TestClient bai = city.on_duty(City::kBai);
  city.settle();
  const auto saved_before = rows(city).size();
  city.break_saving();
  // All three wait for the writer before it looks: one that fails, the mending, one that would succeed.
  std::vector<bool> saved;
  After note;
  note.done = [&saved](const Result<SavedEvent>& outcome) { saved.push_back(outcome.ok()); };
  city.calls().happened(routing::WorkerAway{City::kAn}, note);
  city.office().changes.save(
      storage::WriteClass::kCallEvent,
      [](storage::Transaction& tx) -> Result<> {
        tx.connection().run_text("ALTER TABLE journal_away RENAME TO journal");
        return Done{};
      },
      [](const storage::WriteOutcome&) {});
  city.calls().happened(routing::WorkerAway{City::kBai}, note);
  city.run_until([&] { return saved.size() == 2 && city.calls().running(); });
  EXPECT_EQ(saved, (std::vector<bool>{false, false}));
  const auto all = rows(city);
  ASSERT_GE(all.size(), saved_before + 2);
  EXPECT_TRUE(all[saved_before].core) << "the next row is the first of a new start";
  const auto replayed = replay(city);
  EXPECT_FALSE(replayed.difference) << words_of(replayed.difference);
  EXPECT_EQ(replayed.figures.starts, 2);
}

/// Events that change nothing and are never refused.
void tell_nothing(City& city, std::int64_t times) {
  std::int64_t done = 0;
  After note;
  note.done = [&done](const Result<SavedEvent>&) { ++done; };
  for (std::int64_t i = 0; i < times; ++i) city.calls().happened(routing::DirectoryChanged{}, note);
  city.run_until([&] { return done == times; });
}

TEST(Journal, TheStateIsHashedAtStartsAtMidnightAndEveryThousandEvents) {
  City city;
  city.on_duty(City::kAn);
  tell_nothing(city, kEventsPerStateHash + 100);
  city.pass(hours{15});  // into the next local day
  tell_nothing(city, 1);
  std::vector<JournalRow> hashed;
  std::int64_t longest = 0;
  for (const JournalRow& row : rows(city)) {
    if (!row.state_hash) continue;
    if (!hashed.empty()) longest = std::max(longest, row.seq - hashed.back().seq);
    hashed.push_back(row);
  }
  EXPECT_EQ(longest, kEventsPerStateHash);
  const CivilDay first = day_of(hashed.front().at, kChinaOffset);
  EXPECT_TRUE(std::ranges::any_of(hashed, [&](const auto& row) { return day_of(row.at, kChinaOffset) != first; }));
  EXPECT_FALSE(replay(city).difference);
}

TEST(JournalPruning, RemovesOnlyWhatLiesBeforeTheLastStartOlderThanNinetyDays) {
  City city;
  JournalPruning pruning(city.office());
  const auto first_seq = [&] {
    return city.stored<std::int64_t>([](auto& tx) { return JournalTable::first_seq(tx, kCity); });
  };
  busy_day(city, 3);
  tell_nothing(city, 2 * kJournalRowsPerPruning);
  city.clock.move(hours{24 * 50});
  city.restart();
  const auto second =
      city.stored<std::int64_t>([](auto& tx) { return JournalTable::last_start(tx, kCity, kAlways.to); });
  city.clock.move(hours{24 * 80});
  city.restart();
  pruning.start();
  city.settle();
  const auto kept = first_seq();
  EXPECT_LT(kept, second) << "the days after the border replay from an older start";

  city.clock.move(hours{24 * 15});
  pruning.look_at_clock();
  city.run_until([&] { return first_seq() == second; });
  city.settle();
  EXPECT_EQ(first_seq(), second);
  const auto replayed = replay(city);
  EXPECT_FALSE(replayed.difference) << words_of(replayed.difference);
  EXPECT_EQ(replayed.figures.starts, 2);
}

}  // namespace
}  // namespace kapok::service
