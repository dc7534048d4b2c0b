#include "storage/writer.h"

#include <atomic>
#include <vector>

#include "storage/policy.h"
#include "storage/state_table.h"
#include "storage/store_fixture.h"
#include "storage/unit_table.h"

namespace kapok::storage {
namespace {

class WriterTest : public StoreTest {
 protected:
  static Result<> put(Transaction& tx, const std::string& key) {
    write_state_value(tx, key, "here");
    return Done{};
  }
  bool stored(const std::string& key) {
    bool found = false;
    read([&](ReadTransaction& tx) { found = read_state_value(tx, key).has_value(); });
    return found;
  }

  /// Holds the writer inside one request until released, so that what is submitted meanwhile waits together.
  void hold_writer() {
    std::promise<void> entered;
    auto inside = entered.get_future();
    (void)submit(WriteClass::kCallEvent, [&, gate = release_.get_future().share()](Transaction&) -> Result<> {
      entered.set_value();
      gate.wait_for(std::chrono::seconds(20));
      return Done{};
    });
    inside.wait();
  }
  void release_writer() { release_.set_value(); }

  Result<> submit(WriteClass cls, std::function<Result<>(Transaction&)> apply, CityId city = kCity) {
    return writer_->submit(
        {.cls = cls, .city = city, .at = kNow, .apply = std::move(apply), .done = [this](WriteOutcome outcome) {
           const std::lock_guard lock(mutex_);
           outcomes_.push_back(std::move(outcome));
         }});
  }

  void wait_for_outcomes(std::size_t count) {
    for (int i = 0; i < 1'000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (outcomes_.size() >= count) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "outcomes did not come";
  }

  std::promise<void> release_;
  std::mutex mutex_;
  std::vector<WriteOutcome> outcomes_;
};

TEST_F(WriterTest, DoneIsCalledWhenOthersCanSeeTheChange) {
  std::promise<bool> seen;
  ASSERT_TRUE(writer_->submit({.city = kCity,
                               .at = kNow,
                               .apply = [](Transaction& tx) { return put(tx, "a"); },
                               .done =
                                   [&](WriteOutcome outcome) {
                                     EXPECT_EQ(outcome.saved, SavedIn::kStore);
                                     seen.set_value(stored("a"));
                                   }}));
  EXPECT_TRUE(seen.get_future().get());
}

TEST_F(WriterTest, RefusedRequestTakesWithItWhatItWrote) {
  const auto outcome = write([](Transaction& tx) -> Result<> {
    (void)put(tx, "half");
    return Error{ErrorCode::kWrongState, "no"};
  });
  EXPECT_EQ(outcome.result.error(), (Error{ErrorCode::kWrongState, "no"}));
  EXPECT_EQ(outcome.saved, SavedIn::kNowhere);
  EXPECT_FALSE(stored("half"));
}

TEST_F(WriterTest, RefusalInsideABatchLeavesItsNeighboursAlone) {
  hold_writer();
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) { return put(tx, "first"); });
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) -> Result<> {
    (void)put(tx, "half");
    return Error{ErrorCode::kForbidden, {}};
  });
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) -> Result<> {
    (void)put(tx, "thrown");
    throw std::runtime_error("a mistake of ours");
  });
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) -> Result<> {
    (void)put(tx, "broken");
    tx.connection().run_text("INSERT INTO state_value (key, value) VALUES ('broken', 'twice')");
    return Done{};
  });
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) { return put(tx, "last"); });
  release_writer();
  writer_->stop();
  ASSERT_EQ(outcomes_.size(), 6u);
  EXPECT_TRUE(outcomes_[1].result);
  EXPECT_EQ(outcomes_[2].result.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(outcomes_[3].result.error().code, ErrorCode::kInternal);
  EXPECT_EQ(outcomes_[4].result.error().code, ErrorCode::kInternal);
  EXPECT_TRUE(outcomes_[5].result);
  EXPECT_EQ(writer_->figures().commits, 2u);
  EXPECT_TRUE(stored("first"));
  EXPECT_FALSE(stored("half"));
  EXPECT_FALSE(stored("thrown"));
  EXPECT_FALSE(stored("broken"));
  EXPECT_TRUE(stored("last"));
}

TEST_F(WriterTest, AllThatWaitsGoesIntoOneCommitOfAtMost128) {
  hold_writer();
  for (std::size_t i = 0; i < kWriteBatchMax + 10; ++i)
    ASSERT_TRUE(submit(WriteClass::kCaseWork, [i](Transaction& tx) { return put(tx, std::to_string(i)); }));
  release_writer();
  writer_->stop();
  EXPECT_EQ(writer_->figures().commits, 3u);
  EXPECT_EQ(writer_->figures().largest_batch, kWriteBatchMax);
  EXPECT_EQ(outcomes_.size(), kWriteBatchMax + 11);
}

TEST_F(WriterTest, CallEventsGoBeforeCaseWorkBeforeReadAudits) {
  std::vector<int> order;
  hold_writer();
  const auto note = [&](int what) {
    return [&order, what](Transaction&) -> Result<> {
      order.push_back(what);
      return Done{};
    };
  };
  (void)submit(WriteClass::kReadAudit, note(4));
  (void)submit(WriteClass::kCaseWork, note(2));
  (void)submit(WriteClass::kCallEvent, note(0));
  (void)submit(WriteClass::kCaseWork, note(3));
  (void)submit(WriteClass::kCallEvent, note(1));
  release_writer();
  writer_->stop();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(WriterTest, BatchBelongsToOneCity) {
  hold_writer();
  for (const std::int64_t city : {1, 2, 1, 2})
    (void)submit(WriteClass::kCaseWork, [](Transaction&) -> Result<> { return Done{}; }, CityId{city});
  release_writer();
  writer_->stop();
  EXPECT_EQ(writer_->figures().commits, 3u);
  EXPECT_EQ(writer_->figures().requests, 5u);
}

TEST_F(WriterTest, FullQueueRefusesLesserWorkFirst) {
  hold_writer();
  const auto nothing = [](Transaction&) -> Result<> { return Done{}; };
  std::size_t waiting = 0;
  const auto fill = [&](WriteClass cls, std::size_t limit) {
    while (waiting < limit) {
      ASSERT_TRUE(submit(cls, nothing));
      ++waiting;
    }
    const auto refused = submit(cls, nothing);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRetryAfter);
  };
  fill(WriteClass::kReadAudit, kReadAuditQueueMax);
  fill(WriteClass::kCaseWork, kCaseWorkQueueMax);
  fill(WriteClass::kCallEvent, kWriteQueueMax);
  release_writer();
  writer_->stop();
  EXPECT_EQ(outcomes_.size(), kWriteQueueMax + 1);
}

TEST_F(WriterTest, StopCommitsAllThatWaitsAndRefusesTheRest) {
  hold_writer();
  (void)submit(WriteClass::kReadAudit, [](Transaction& tx) { return put(tx, "waited"); });
  release_writer();
  writer_->stop();
  EXPECT_TRUE(stored("waited"));
  EXPECT_EQ(submit(WriteClass::kCallEvent, [](Transaction&) -> Result<> { return Done{}; }).error().code,
            ErrorCode::kShuttingDown);
}

TEST_F(WriterTest, FailedCommitSavesNothingTellsEverybodyAndRecovers) {
  hold_writer();
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) { return put(tx, "innocent"); });
  (void)submit(WriteClass::kCaseWork, [](Transaction&) -> Result<> { return Error{ErrorCode::kForbidden, {}}; });
  (void)submit(WriteClass::kCaseWork, [](Transaction& tx) -> Result<> {
    tx.connection().run_text("PRAGMA defer_foreign_keys = ON");  // the missing parent shows at COMMIT only
    tx.connection().run_text(
        "INSERT INTO worker_role (id, worker_id, role, unit_id, city_id, version, mac) VALUES (1, 99, 'worker', 1, 1, "
        "1, '')");
    return Done{};
  });
  release_writer();
  wait_for_outcomes(4);
  const auto after = write([](Transaction& tx) { return put(tx, "after"); });
  EXPECT_TRUE(after.result);
  EXPECT_EQ(writer_->figures().failed_commits, 1u);
  EXPECT_EQ(outcomes_[0].saved, SavedIn::kStore);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(outcomes_[i].result.error().code, ErrorCode::kStoreUnavailable) << i;
    EXPECT_EQ(outcomes_[i].saved, SavedIn::kNowhere) << i;
  }
  EXPECT_FALSE(stored("innocent"));
  EXPECT_TRUE(stored("after"));
}

TEST_F(WriterTest, CommittedChangeIsInTheFilesAtOnce) {
  ASSERT_TRUE(write([](Transaction& tx) { return put(tx, "durable"); }).result);
  // What a power cut would leave now: the files as they are, without closing anything.
  const auto copy = directory_.path() / "copy";
  std::filesystem::create_directory(copy);
  std::filesystem::permissions(copy, std::filesystem::perms{0700});
  for (const char* name : {"kapok.db", "kapok.db-wal"}) std::filesystem::copy(store() / name, copy / name);
  const auto database = Database::open(copy, kNow).value();
  const auto reader = database->connect_reader().value();
  EXPECT_EQ(reader->text_of("SELECT value FROM state_value WHERE key = 'durable'"), "here");
}

TEST_F(WriterTest, IdleWriterTakesTheLogIntoTheFile) {
  ASSERT_TRUE(write([](Transaction& tx) { return put(tx, "a"); }).result);
  for (int i = 0; i < 200 && writer_->figures().checkpoints == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(writer_->figures().checkpoints, 1u);
}

TEST_F(WriterTest, HighestIdIsKeptWithItsBatch) {
  UnitRow row;
  row.id = UnitId{4711};
  row.city = kCity;
  row.code = "x";
  ASSERT_TRUE(write([row](Transaction& tx) mutable { return UnitTable::save(tx, row); }).result);
  ASSERT_FALSE(write([row](Transaction& tx) mutable -> Result<> {
                 row.id = UnitId{9999};
                 row.code = "y";
                 if (auto saved = UnitTable::save(tx, row); !saved) return saved;
                 return Error{ErrorCode::kForbidden, {}};
               }).result);
  reopen();
  read([](ReadTransaction& tx) {
    EXPECT_EQ(read_id_high_water(tx, kCity), 4711);
    EXPECT_EQ(read_id_high_water(tx, CityId{2}), 0);
  });
}

TEST_F(WriterTest, NumbersOfTheDayCountFromOneAndPerDay) {
  std::vector<std::int64_t> numbers;
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                numbers = {next_number_of_day(tx, 261121), next_number_of_day(tx, 261121),
                           next_number_of_day(tx, 261122)};
                return Done{};
              }).result);
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 1}));
}

}  // namespace
}  // namespace kapok::storage
