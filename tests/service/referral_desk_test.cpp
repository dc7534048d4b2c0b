#include "service/referral_desk.h"

#include "service/contact_desk.h"
#include "service/records_fixture.h"
#include "storage/need_table.h"

namespace kapok::service {
namespace {

using casework::NeedKind;
using casework::ReferralState;

class Referrals : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    contacts_ = std::make_unique<ContactDesk>(*office_, *index_);
    desk_ = std::make_unique<ReferralDesk>(*office_);
  }

  /// An order from Shamian to Nanyuan.
  ReferralId dispatched(casework::Urgency urgency = casework::Urgency::kNormal) {
    const casework::Contact draft = answered_call();
    contact_ = draft.id;
    api::FinaliseContact finalise{draft.id, 1, fields("需要米面", {NeedKind::kRiceFlour}), {}};
    finalise.dispatches = {{{0}, kNanyuan, urgency, "五楼无电梯"}};
    return told<api::ContactSaved>(*contacts_, kChen, finalise).referrals.at(0);
  }
  casework::Need need() {
    casework::Need found;
    read([&](storage::ReadTransaction& tx) { found = storage::NeedTable::of_contact(tx, contact_).value().at(0); });
    return found;
  }

  ContactId contact_;
  std::unique_ptr<ContactDesk> contacts_;
  std::unique_ptr<ReferralDesk> desk_;
};

TEST_F(Referrals, OfTwentyWhoAcceptAtOnceOneWinsAndTheOthersHearWho) {
  const ReferralId id = dispatched();
  std::vector<std::shared_ptr<std::optional<api::Reply>>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(std::make_shared<std::optional<api::Reply>>());
    begin(*desk_, i % 2 == 0 ? kHe : kNanyuanLead, api::AcceptReferral{id, 1}, answers.back());
  }
  int winners = 0;
  std::string winner;
  for (const auto& answer : answers) {
    wait([&] { return answer->has_value(); });
    if (!(*answer)->body) continue;
    ++winners;
    winner = std::get<api::ReferralView>(*(*answer)->body).owner_name;
  }
  EXPECT_EQ(winners, 1);
  for (const auto& answer : answers) {
    if ((*answer)->body) continue;
    EXPECT_EQ((*answer)->body.error().code, ErrorCode::kAlreadyTaken);
    EXPECT_EQ((*answer)->body.error().detail, winner + " 2026-11-20T10:00:00+08:00");
  }
  EXPECT_EQ(count("referral_event"), 2);
}

TEST_F(Referrals, ThePersonIsShownToWhoAcceptedAndWhoWroteNotBefore) {
  const ReferralId id = dispatched();
  const auto before = told<api::ReferralView>(*desk_, kHe, api::ShowReferral{id});
  EXPECT_EQ(before.person, "张*");
  EXPECT_EQ(before.address, "");
  EXPECT_EQ(before.referral.note, "");
  EXPECT_EQ(before.needs_zh, std::vector<std::string>{"米面"});
  EXPECT_EQ(told<api::ReferralView>(*desk_, kChen, api::ShowReferral{id}).person, "张伟强");
  EXPECT_EQ(told<api::ReferralView>(*desk_, kHe, api::AcceptReferral{id, 1}).address, "沙面大街54号");
  EXPECT_EQ(told<api::ReferralView>(*desk_, kHe, api::ShowReferral{id}).person, "张伟强");
  EXPECT_EQ(told<api::ReferralView>(*desk_, kEvaluator, api::ShowReferral{id}).person, "张*");
  EXPECT_EQ(refusal(*desk_, kOperator, api::ShowReferral{id}), "FORBIDDEN");
}

TEST_F(Referrals, OpeningAnOrderIsOneReadingPerQuarterHour) {
  const ReferralId id = dispatched();
  told<api::ReferralView>(*desk_, kChen, api::ShowReferral{id});
  told<api::ReferralView>(*desk_, kChen, api::ShowReferral{id});
  EXPECT_EQ(audited(storage::AuditAction::kRecordOpened), 1);
  clock_.advance(minutes{16});
  told<api::ReferralView>(*desk_, kChen, api::ShowReferral{id});
  EXPECT_EQ(audited(storage::AuditAction::kRecordOpened), 2);
}

TEST_F(Referrals, AReturnedOrderGoesElsewhereAndItsAgeGoesOn) {
  const ReferralId id = dispatched();
  const Instant created = clock_.now();
  EXPECT_EQ(refusal(*desk_, kChen, api::ReturnReferral{id, 1, casework::ReturnReason::kOutOfArea, {}}), "FORBIDDEN");
  clock_.advance(hours{1});
  const auto back =
      told<api::ReferralView>(*desk_, kHe, api::ReturnReferral{id, 1, casework::ReturnReason::kOutOfArea, "不在辖区"});
  EXPECT_EQ(back.referral.state, ReferralState::kReturned);
  EXPECT_EQ(refusal(*desk_, kHe, api::AcceptReferral{id, 2}), "WRONG_STATE");
  clock_.advance(hours{1});
  const auto again = told<api::ReferralView>(*desk_, kChen, api::RedispatchReferral{id, 2, kHongqiao, "改派洪桥"});
  EXPECT_EQ(again.referral.created_at, created);
  EXPECT_EQ(again.referral.to_unit, kHongqiao);
  EXPECT_EQ(again.referral.accept_by, clock_.now() + hours{4});
  EXPECT_EQ(again.events.size(), 3U);
}

TEST_F(Referrals, AfterItsWindowAnOrderIsNotReturnedAndShowsAsOverdue) {
  const ReferralId id = dispatched(casework::Urgency::kUrgent);
  api::ListReferrals overdue{kNanyuan, api::ReferralBox::kIncoming, true, true, {}, 50};
  EXPECT_TRUE(told<api::ReferralPage>(*desk_, kHe, overdue).referrals.empty());
  clock_.advance(minutes{31});
  EXPECT_EQ(refusal(*desk_, kHe, api::ReturnReferral{id, 1, casework::ReturnReason::kOutOfArea, "晚了"}),
            "WRONG_STATE");
  const auto late = told<api::ReferralPage>(*desk_, kHe, overdue).referrals;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].overdue);
  EXPECT_EQ(late[0].person, "张*");
  overdue.box = api::ReferralBox::kOutgoing;
  overdue.unit = kShamian;
  EXPECT_EQ(told<api::ReferralPage>(*desk_, kSupervisor, overdue).referrals.size(), 1U);
}

TEST_F(Referrals, CompletingMeetsTheNeedAndWithdrawingOpensItAgain) {
  const ReferralId done = dispatched();
  told<api::ReferralView>(*desk_, kHe, api::AcceptReferral{done, 1});
  EXPECT_EQ(refusal(*desk_, kHe, api::CompleteReferral{done, 2, casework::ClosureResult::kSolved, " "}),
            "INVALID_ARGUMENT");
  told<api::ReferralView>(*desk_, kHe, api::CompleteReferral{done, 2, casework::ClosureResult::kSolved, "已送到"});
  EXPECT_EQ(need().state, casework::NeedState::kMet);
  const ReferralId taken_back = dispatched();
  EXPECT_EQ(refusal(*desk_, kLead, api::WithdrawReferral{taken_back, 1, "不用了"}), "FORBIDDEN");
  told<api::ReferralView>(*desk_, kChen, api::WithdrawReferral{taken_back, 1, "求助人撤回"});
  EXPECT_EQ(need().state, casework::NeedState::kOpen);
  const auto anew = told<api::ReferralView>(
      *desk_, kChen, api::CreateReferral{contact_, {need().id}, kShamianPoint, casework::Urgency::kNormal, {}});
  EXPECT_EQ(anew.referral.state, ReferralState::kDispatched);
  EXPECT_EQ(need().referral, anew.referral.id);
}

TEST_F(Referrals, ListsShowIncomingToTheReceiverAndOutgoingToTheSender) {
  dispatched();
  dispatched();
  api::ListReferrals list{{}, api::ReferralBox::kIncoming, true, false, {}, 1};
  const auto first = told<api::ReferralPage>(*desk_, kHe, list);
  ASSERT_EQ(first.referrals.size(), 1U);
  list.cursor = first.next_cursor;
  const auto second = told<api::ReferralPage>(*desk_, kHe, list);
  ASSERT_EQ(second.referrals.size(), 1U);
  EXPECT_NE(first.referrals[0].referral.id, second.referrals[0].referral.id);
  EXPECT_EQ(second.next_cursor, "");
  EXPECT_TRUE(told<api::ReferralPage>(*desk_, kChen, api::ListReferrals{}).referrals.empty());
  api::ListReferrals sent{{}, api::ReferralBox::kOutgoing, true, false, {}, 50};
  const auto own = told<api::ReferralPage>(*desk_, kChen, sent).referrals;
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].person, "张*") << "a list opens nothing";
  EXPECT_EQ(own[0].address, "");
  list.cursor = "12.x";
  EXPECT_EQ(refusal(*desk_, kHe, list), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace kapok::service
