#include "service/follow_up_desk.h"

#include "service/records_fixture.h"
#include "storage/follow_up_table.h"

namespace kapok::service {
namespace {

using casework::AfterUnanswered;
using casework::CallbackState;

class FollowUps : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    desk_ = std::make_unique<FollowUpDesk>(*office_,
                                           [this](FollowUpId, WorkerId, std::string number) -> Result<std::uint64_t> {
                                             if (gateway_down_) return ErrorCode::kGatewayUnavailable;
                                             rung_ = std::move(number);
                                             return std::uint64_t{1};
                                           });
  }

  casework::Callback stored(FollowUpId id) {
    casework::Callback callback;
    read([&](storage::ReadTransaction& tx) { callback = storage::FollowUpTable::get(tx, id).value(); });
    return callback;
  }
  void report(FollowUpId id, bool worker, bool caller) {
    auto answered = std::make_shared<std::optional<api::Reply>>();
    auto question = std::make_shared<Question>();
    question->now = clock_.now();
    question->reply = [answered](api::Reply reply) { *answered = std::move(reply); };
    desk_->dialled(question, {id, 1, worker, caller, clock_.now(), clock_.now()});
    wait([&] { return answered->has_value(); });
  }
  void set_time(int hour, int minute) {
    clock_.set(from_local(CivilDay{std::chrono::year{2026} / 11 / 20}, hours{hour} + minutes{minute}, kChinaOffset));
  }

  std::string rung_;
  bool gateway_down_ = false;
  std::unique_ptr<FollowUpDesk> desk_;
};

TEST_F(FollowUps, OneCallbackPerNumberAndUnitHoweverOftenHeTried) {
  const auto first = unanswered_call({}, CallOutcome::kAbandoned);
  EXPECT_EQ(first.kind, AfterUnanswered::kCallback);
  EXPECT_FALSE(first.joined);
  const auto second = unanswered_call({.caller = "+8613800138000"}, CallOutcome::kMissed);
  EXPECT_TRUE(second.joined);
  EXPECT_EQ(second.callback, first.callback);
  EXPECT_EQ(stored(first.callback).unanswered_arrivals, 2U);
  const auto elsewhere = unanswered_call({.unit = kNanyuan, .line = kNanyuanLine}, CallOutcome::kMissed);
  EXPECT_NE(elsewhere.callback, first.callback);
  EXPECT_EQ(count("follow_up"), 2);
}

TEST_F(FollowUps, ShortHangUpsAreOnlyCountedAndWithheldNumbersBecomeEntries) {
  EXPECT_EQ(unanswered_call({}, CallOutcome::kShortAbandoned).kind, AfterUnanswered::kCountedOnly);
  EXPECT_EQ(unanswered_call({}, CallOutcome::kTest).kind, AfterUnanswered::kNothing);
  EXPECT_EQ(unanswered_call({.caller = ""}, CallOutcome::kAbandoned).kind, AfterUnanswered::kMissedEntry);
  EXPECT_EQ(unanswered_call({.caller = "12345"}, CallOutcome::kMissedNobodyOnDuty).kind, AfterUnanswered::kMissedEntry);
  EXPECT_EQ(count("follow_up"), 0);
  EXPECT_EQ(count("missed_caller"), 2);
}

TEST_F(FollowUps, AtNightThePhoneRingsWithinAQuarterOrNotBeforeEight) {
  set_time(2, 0);
  const auto left = unanswered_call({}, CallOutcome::kMissed);
  EXPECT_EQ(left.due_at, clock_.now() + minutes{15});
  clock_.advance(minutes{20});
  told<api::CallbackView>(*desk_, kChen, api::ClaimCallback{left.callback, 1});
  EXPECT_EQ(refusal(*desk_, kChen, api::DialCallback{left.callback, 2}), "WRONG_STATE");
  const auto again = unanswered_call({}, CallOutcome::kMissed);  // a second attempt speaks for haste
  ASSERT_TRUE(again.joined);
  EXPECT_EQ(refusal(*desk_, kChen, api::DialCallback{left.callback, 3}), "");
  EXPECT_EQ(rung_, "+8613800138000");
}

TEST_F(FollowUps, WhoGotThroughByHimselfNeedsNoCallback) {
  const auto left = unanswered_call({}, CallOutcome::kAbandoned);
  answered_call();
  EXPECT_EQ(stored(left.callback).state, CallbackState::kSuperseded);
}

TEST_F(FollowUps, AClaimHoldsAgainstColleaguesAndADialClosesIt) {
  const auto left = unanswered_call({}, CallOutcome::kAbandoned);
  EXPECT_EQ(refusal(*desk_, kHe, api::ClaimCallback{left.callback, 1}), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kChen, api::DialCallback{left.callback, 1}), "NOT_YOURS");
  const auto claimed = told<api::CallbackView>(*desk_, kChen, api::ClaimCallback{left.callback, 1});
  EXPECT_EQ(claimed.caller_masked, "138****8000");
  EXPECT_EQ(refusal(*desk_, kLead, api::ClaimCallback{left.callback, 2}), "ALREADY_TAKEN");
  gateway_down_ = true;
  EXPECT_EQ(refusal(*desk_, kChen, api::DialCallback{left.callback, 2}), "GATEWAY_UNAVAILABLE");
  gateway_down_ = false;
  told<api::CallbackView>(*desk_, kChen, api::DialCallback{left.callback, 2});
  EXPECT_EQ(refusal(*desk_, kChen, api::DialCallback{left.callback, 2}), "BUSY");
  report(left.callback, false, false);
  EXPECT_TRUE(stored(left.callback).attempts.empty());
  report(left.callback, true, true);
  EXPECT_EQ(stored(left.callback).state, CallbackState::kDone);
  EXPECT_EQ(stored(left.callback).attempts.size(), 1U);
}

TEST_F(FollowUps, AnAttemptWithoutAnswerIsTriedAgainThreeTimes) {
  const auto left = unanswered_call({}, CallOutcome::kAbandoned);
  std::uint64_t version = 1;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    version = told<api::CallbackView>(*desk_, kChen, api::ClaimCallback{left.callback, version}).version;
    version = told<api::CallbackView>(
                  *desk_, kChen, api::CallbackAttempted{left.callback, version, casework::AttemptResult::kNoAnswer})
                  .version;
  }
  const auto callback = stored(left.callback);
  EXPECT_EQ(callback.state, CallbackState::kUnreachable);
  ASSERT_EQ(callback.attempts.size(), 3U);
  EXPECT_EQ(callback.attempts[2].by, kChen);
  EXPECT_EQ(callback.attempts[2].result, casework::AttemptResult::kNoAnswer);
}

TEST_F(FollowUps, ListsShowWhatIsDueFirstAndOnlyOfOnesOwnUnits) {
  unanswered_call({.caller = "13700137000"}, CallOutcome::kAbandoned);
  clock_.advance(minutes{1});
  unanswered_call({.unit = kNanyuan, .line = kNanyuanLine}, CallOutcome::kAbandoned);
  EXPECT_EQ(told<api::CallbackPage>(*desk_, kChen, api::ListCallbacks{}).callbacks.size(), 1U);
  const auto all = told<api::CallbackPage>(*desk_, kDistrict, api::ListCallbacks{}).callbacks;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_LT(all[0].due_at, all[1].due_at);
  clock_.advance(minutes{30});
  EXPECT_TRUE(told<api::CallbackPage>(*desk_, kChen, api::ListCallbacks{}).callbacks.at(0).overdue);
}

TEST_F(FollowUps, AMissedCallerIsAcknowledgedOnceByHisUnit) {
  const auto left = unanswered_call({.caller = ""}, CallOutcome::kMissed);
  EXPECT_EQ(refusal(*desk_, kHe, api::AcknowledgeMissed{left.missed, 1, {}}), "FORBIDDEN");
  EXPECT_EQ(told<api::MissedPage>(*desk_, kChen, api::ListMissed{}).missed.size(), 1U);
  const auto noted = told<api::MissedView>(*desk_, kChen, api::AcknowledgeMissed{left.missed, 1, "已查看"});
  EXPECT_EQ(noted.acknowledged_by_name, "陈嘉");
  EXPECT_EQ(refusal(*desk_, kLead, api::AcknowledgeMissed{left.missed, 1, {}}), "ALREADY_TAKEN");
  EXPECT_TRUE(told<api::MissedPage>(*desk_, kChen, api::ListMissed{}).missed.empty());
  EXPECT_EQ(audited(storage::AuditAction::kMissedCallerAcknowledged), 1);
}

}  // namespace
}  // namespace kapok::service
