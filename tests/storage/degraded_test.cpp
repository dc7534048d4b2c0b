#include "storage/change_table.h"
#include "storage/degraded_fixture.h"
#include "storage/reply_table.h"

namespace kapok::storage {
namespace {

using enum FaultPoint;

TEST_F(DegradedTest, BatchWhoseCommitFailsIsSpooledAndTakenInOnce) {
  ASSERT_EQ(do_act(1).saved, SavedIn::kStore);
  fail(kStoreCommit, kStoreOpen);
  const auto outcome = do_act(2);
  EXPECT_TRUE(outcome.result);
  EXPECT_EQ(outcome.saved, SavedIn::kSpool);
  EXPECT_EQ(writer_->state(), StoreState::kDegraded);
  EXPECT_EQ(writer_->figures().spool_waiting, 1u);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}}));
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {2, 1}}));
  EXPECT_EQ(numbers_given(), 2);
  EXPECT_TRUE(audit_is_sound());
  EXPECT_EQ(do_act(3).saved, SavedIn::kStore);
  EXPECT_EQ(states_, (std::vector<StoreState>{StoreState::kDegraded, StoreState::kHealthy}));
}

TEST_F(DegradedTest, CommitThatReachedTheDiskAfterAllIsNotTakenInTwice) {
  fail(kStoreCommitDurable, kStoreOpen);
  EXPECT_EQ(do_act(1).saved, SavedIn::kSpool);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}}));
  fail(kStoreOpen);
  EXPECT_EQ(do_act(2).saved, SavedIn::kSpool);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {2, 1}}));
  EXPECT_EQ(numbers_given(), 2);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, BatchThatCannotBeginOrBreaksOffIsAppliedOnTheWorkingSet) {
  ASSERT_EQ(do_act(1).saved, SavedIn::kStore);
  for (const FaultPoint fault : {kStoreBegin, kStoreStatement}) {
    fail(fault, kStoreOpen);
    skip_ = fault == kStoreStatement ? 2 : 0;
    const auto id = 2 + static_cast<std::int64_t>(fault);
    EXPECT_EQ(do_act(id).saved, SavedIn::kSpool);
    EXPECT_EQ(do_act(id + 100).saved, SavedIn::kSpool);
    heal();
    wait_until(StoreState::kHealthy);
    EXPECT_EQ(acts()[id], 1);
    EXPECT_EQ(acts()[id + 100], 1);
  }
  EXPECT_EQ(numbers_given(), 5);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, RequestsThatMayNotRunThenHearStoreUnavailable) {
  fail(kStoreBegin, kStoreOpen);
  const auto first = do_act(1, Degraded::kNotAllowed);
  EXPECT_EQ(first.result.error().code, ErrorCode::kStoreUnavailable);
  EXPECT_EQ(first.saved, SavedIn::kNowhere);
  EXPECT_EQ(do_act(2).saved, SavedIn::kSpool);
  EXPECT_EQ(do_act(3, Degraded::kNotAllowed).result.error().code, ErrorCode::kStoreUnavailable);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{2, 1}}));
}

TEST_F(DegradedTest, RefusalInsideASpooledBatchStaysARefusal) {
  fail(kStoreOpen, kStoreBegin);
  ASSERT_EQ(do_act(1).saved, SavedIn::kSpool);
  const auto refused = write([](Transaction& tx) -> Result<> {
    (void)act(2)(tx);
    return Error{ErrorCode::kForbidden, "no"};
  });
  EXPECT_EQ(refused.result.error(), (Error{ErrorCode::kForbidden, "no"}));
  EXPECT_EQ(refused.saved, SavedIn::kNowhere);
  EXPECT_EQ(do_act(3).saved, SavedIn::kSpool);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {3, 1}}));
  EXPECT_EQ(numbers_given(), 2);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, WhatWaitsInTheSpoolIsTakenInAtTheNextStart) {
  fail(kStoreCommit, kStoreOpen);
  ASSERT_EQ(do_act(1).saved, SavedIn::kSpool);
  ASSERT_EQ(do_act(2).saved, SavedIn::kSpool);
  stop();
  heal();
  start();
  EXPECT_EQ(taken_.in, 2u);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {2, 1}}));
  EXPECT_TRUE(audit_is_sound());
  EXPECT_EQ(do_act(3).saved, SavedIn::kStore);
  stop();
  start();
  EXPECT_EQ(taken_.in + taken_.already_there, 0u);
  EXPECT_EQ(acts().size(), 3u);
}

TEST_F(DegradedTest, StartRefusesWhileTheStoreCannotTakeInAndLosesNothing) {
  fail(kStoreCommit, kStoreOpen);
  ASSERT_EQ(do_act(1).saved, SavedIn::kSpool);
  stop();
  const auto refused = try_start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kStoreUnavailable);
  EXPECT_NE(refused.error().detail.find("1 batches that wait in the spool"), std::string::npos);
  heal();
  start();
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}}));
}

TEST_F(DegradedTest, CrashWhileTakingInAtEveryBatchAndPlaceRepeatsNothing) {
  constexpr int kBatches = 4;
  std::int64_t id = 0;
  for (const FaultPoint where : {kStoreBegin, kStoreStatement, kStoreCommit, kStoreCommitDurable}) {
    for (int after = 0; after < kBatches; ++after) {
      fail(kStoreCommit, kStoreOpen);
      for (int i = 0; i < kBatches; ++i) ASSERT_EQ(do_act(++id).saved, SavedIn::kSpool);
      stop();
      fail(where);
      skip_ = where == kStoreStatement ? after * 5 : after;
      EXPECT_FALSE(try_start()) << static_cast<int>(where) << " " << after;
      skip_ = 0;
      heal();
      start();
      ASSERT_EQ(acts().size(), static_cast<std::size_t>(id));
      for (const auto& [act, times] : acts()) ASSERT_EQ(times, 1) << act;
    }
  }
  EXPECT_EQ(numbers_given(), id);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, BothFailingAcknowledgesNothingAndRecovers) {
  ASSERT_EQ(do_act(1).saved, SavedIn::kStore);
  fail(kStoreCommit, kStoreOpen, kSpoolSync);
  const auto lost = do_act(2);
  EXPECT_EQ(lost.result.error().code, ErrorCode::kStoreUnavailable);
  EXPECT_EQ(lost.saved, SavedIn::kNowhere);
  EXPECT_EQ(writer_->state(), StoreState::kNotRecorded);
  EXPECT_FALSE(do_act(3).result);
  // The spool alone does not help while nobody knows whether batch 2 is in the store.
  fail(kStoreOpen);
  EXPECT_FALSE(do_act(4).result);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(do_act(5).saved, SavedIn::kStore);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {5, 1}}));
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, UnacknowledgedBatchThatReachedTheStoreDoesNotStandInTheWay) {
  fail(kStoreCommitDurable, kStoreOpen, kSpoolWrite);
  EXPECT_FALSE(do_act(1).result);
  fail(kStoreOpen);
  EXPECT_FALSE(do_act(2).result);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(do_act(3).saved, SavedIn::kStore);
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{1, 1}, {3, 1}}));
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, SpoolThatFailsInDegradedStateIsTriedAgain) {
  fail(kStoreBegin, kStoreOpen);
  ASSERT_EQ(do_act(1).saved, SavedIn::kSpool);
  fail(kStoreBegin, kStoreOpen, kSpoolSync);
  EXPECT_FALSE(do_act(2).result);
  EXPECT_EQ(writer_->state(), StoreState::kNotRecorded);
  fail(kStoreBegin, kStoreOpen);
  wait_until(StoreState::kDegraded);  // by itself
  EXPECT_EQ(do_act(3).saved, SavedIn::kSpool);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts()[1], 1);
  EXPECT_EQ(acts()[2], 0);
  EXPECT_EQ(acts()[3], 1);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, FullSpoolMeansNotRecordedUntilTheStoreIsBack) {
  stop();
  std::filesystem::remove_all(spool_place());
  spool_bytes_ = 32 * 1024;
  start();
  fail(kStoreBegin, kStoreOpen);
  std::int64_t id = 0;
  while (do_act(++id).saved == SavedIn::kSpool) ASSERT_LT(id, 100);
  EXPECT_GT(id, 3);
  EXPECT_EQ(writer_->state(), StoreState::kNotRecorded);
  heal();
  wait_until(StoreState::kHealthy);
  EXPECT_EQ(acts().size(), static_cast<std::size_t>(id - 1));
  EXPECT_EQ(do_act(id).saved, SavedIn::kStore);
  EXPECT_TRUE(audit_is_sound());
}

TEST_F(DegradedTest, BatchThatDoesNotFitIsPutAsideAndTheRestGoesOn) {
  fail(kStoreBegin, kStoreOpen);
  const casework::Contact draft = example_draft();
  const auto save = [draft](Transaction& tx) { return ContactTable::save(tx, draft); };
  ASSERT_EQ(write(save).saved, SavedIn::kSpool);
  ASSERT_EQ(do_act(2).saved, SavedIn::kSpool);
  stop();
  heal();
  {  // somebody else's row under the same id
    const auto database = Database::open(store(), kNow).value();
    const auto writer = Writer::start(*database, *keys_).value();
    std::promise<void> saved;
    (void)writer->submit({.city = kCity, .at = kNow, .apply = save, .done = [&](WriteOutcome outcome) {
                            EXPECT_TRUE(outcome.result);
                            saved.set_value();
                          }});
    saved.get_future().wait();
    writer->stop();
    // It took the number that the spooled batch carries; give that back.
    writer->stop();
  }
  {
    const auto database = Database::open(store(), kNow).value();
    database->connect_writer().value()->run_text("DELETE FROM change");
  }
  start();
  ASSERT_EQ(taken_.put_aside.size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(taken_.put_aside[0]));
  EXPECT_EQ(taken_.put_aside[0].filename(), "spool-conflict-1");
  EXPECT_EQ(acts(), (std::map<std::int64_t, int>{{2, 1}}));
}

TEST_F(DegradedTest, VersionsAreComparedOnTheWorkingSetToo) {
  const casework::Contact draft = example_draft();
  ASSERT_TRUE(write([&](Transaction& tx) { return ContactTable::save(tx, draft); }).result);
  fail(kStoreBegin, kStoreOpen);
  const auto edit = [](std::uint64_t version, std::string text) {
    return [version, text](Transaction& tx) -> Result<> {
      auto contact = ContactTable::get(tx, ContactId{77});
      if (!contact) return contact.error();
      contact->version = version;
      contact->fields.summary = text;
      return ContactTable::save(tx, *contact);
    };
  };
  EXPECT_EQ(write(edit(2, "second")).saved, SavedIn::kSpool);
  EXPECT_EQ(write(edit(2, "late")).result.error().code, ErrorCode::kVersionConflict);
  EXPECT_EQ(write(edit(3, "third")).saved, SavedIn::kSpool);
  std::promise<std::string> seen;
  ASSERT_TRUE(writer_->look(
      {.read = [&](ReadTransaction& tx) { seen.set_value(ContactTable::get(tx, ContactId{77})->fields.summary); },
       .failed = [&](Error error) { seen.set_value(error.detail); }}));
  EXPECT_EQ(seen.get_future().get(), "third");
  heal();
  wait_until(StoreState::kHealthy);
  look([](ReadTransaction& tx) {
    const auto contact = ContactTable::get(tx, ContactId{77});
    ASSERT_TRUE(contact);
    EXPECT_EQ(contact->version, 3u);
    EXPECT_EQ(contact->fields.summary, "third");
  });
}

TEST_F(DegradedTest, KeptRepliesComeThroughAndWindowsOnlyMoveOn) {
  const auto keep = [](std::int64_t sequence) {
    return [sequence](Transaction& tx) {
      return ReplyTable::keep(tx, {5, sequence}, "asked", "answer " + std::to_string(sequence));
    };
  };
  ASSERT_TRUE(write(keep(10)).result);
  fail(kStoreBegin, kStoreOpen);
  EXPECT_EQ(write(keep(9)).saved, SavedIn::kSpool);
  heal();
  wait_until(StoreState::kHealthy);
  look([](ReadTransaction& tx) {
    EXPECT_EQ(ReplyTable::highest_sequence(tx, 5), 10);
    EXPECT_EQ(ReplyTable::find(tx, {5, 9}, "asked").value(), "answer 9");
  });
}

}  // namespace
}  // namespace kapok::storage
