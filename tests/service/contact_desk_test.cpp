#include "service/contact_desk.h"

#include "service/apply_twice.h"
#include "service/records_fixture.h"
#include "storage/contact_correction_table.h"
#include "storage/referral_table.h"

namespace kapok::service {
namespace {

using casework::NeedKind;
using storage::AuditAction;

class ContactWriting : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    desk_ = std::make_unique<ContactDesk>(*office_, *index_);
  }

  api::FinaliseContact finalising(const casework::Contact& draft, casework::ContactFields text) {
    return {draft.id, draft.version, std::move(text), {}};
  }
  casework::Contact finished(const Rang& rang = {}, std::string summary = "独居老人需要米面") {
    casework::Contact draft = answered_call(rang);
    const auto saved = told<api::ContactSaved>(*desk_, rang.answered_by,
                                               finalising(draft, fields(std::move(summary), {NeedKind::kRiceFlour})));
    draft.version = saved.version;
    return draft;
  }
  casework::Contact stored(ContactId id) {
    casework::Contact contact;
    read([&](storage::ReadTransaction& tx) { contact = storage::ContactTable::get(tx, id).value(); });
    return contact;
  }

  std::unique_ptr<ContactDesk> desk_;
};

TEST_F(ContactWriting, AutosaveKeepsTheDraftAndASecondSeatHearsTheCurrentVersion) {
  const casework::Contact draft = answered_call();
  EXPECT_EQ(draft.version, 1U);
  EXPECT_EQ(draft.display_number, "GZ-261120-0001");
  const api::SaveDraft first{draft.id, 1, fields("刚开始记")};
  EXPECT_EQ(told<api::ContactSaved>(*desk_, kChen, first).version, 2U);
  const auto late = ask(*desk_, kChen, api::SaveDraft{draft.id, 1, fields("另一台电脑")});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kVersionConflict);
  EXPECT_EQ(late.error().detail, "current version is 2");
  EXPECT_EQ(stored(draft.id).fields.summary, "刚开始记");
}

TEST_F(ContactWriting, ADraftIsNobodysBusinessAtAnotherStation) {
  const casework::Contact draft = answered_call();
  EXPECT_EQ(refusal(*desk_, kHe, api::SaveDraft{draft.id, 1, fields("不该写")}), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kChen, api::SaveDraft{ContactId{42}, 1, fields("没有")}), "UNKNOWN_CONTACT");
}

TEST_F(ContactWriting, FinalisingWritesContactNeedsOrderAndIndexTogether) {
  const casework::Contact draft = answered_call();
  auto request = finalising(draft, fields("独居老人需要米面", {NeedKind::kRiceFlour, NeedKind::kLoneliness}));
  request.dispatches = {{{0}, kShamianPoint, casework::Urgency::kUrgent, "送到楼下"}};
  const auto saved = told<api::ContactSaved>(*desk_, kChen, request);
  ASSERT_EQ(saved.referrals.size(), 1U);
  const casework::Contact contact = stored(draft.id);
  EXPECT_EQ(contact.state, casework::ContactState::kFinalised);
  EXPECT_EQ(contact.fields.needs[0].state, casework::NeedState::kReferred);
  EXPECT_EQ(contact.fields.needs[0].referral, saved.referrals[0]);
  EXPECT_EQ(contact.fields.needs[1].state, casework::NeedState::kOpen);
  EXPECT_EQ(count("referral_event"), 1);
  EXPECT_EQ(count("search_document"), 1);
  EXPECT_EQ(audited(AuditAction::kContactFinalised), 1);
}

TEST_F(ContactWriting, ARefusedFinalisingLeavesNothingBehind) {
  const casework::Contact draft = answered_call();
  auto request = finalising(draft, fields("两张单要同一个需求", {NeedKind::kMedicine}));
  request.dispatches = {{{0}, kShamianPoint, casework::Urgency::kNormal, {}},
                        {{0}, kNanyuan, casework::Urgency::kNormal, {}}};
  EXPECT_EQ(refusal(*desk_, kChen, request), "WRONG_STATE");
  EXPECT_EQ(count("referral"), 0);
  EXPECT_EQ(count("need"), 0);
  EXPECT_EQ(count("search_document"), 0);
  EXPECT_EQ(audited(AuditAction::kContactFinalised), 0);
  EXPECT_EQ(stored(draft.id).state, casework::ContactState::kDraft);
  request.dispatches = {{{0}, kLiwan, casework::Urgency::kNormal, {}}};
  EXPECT_EQ(refusal(*desk_, kChen, request), "INVALID_ARGUMENT");
  request.dispatches = {{{7}, kNanyuan, casework::Urgency::kNormal, {}}};
  EXPECT_EQ(refusal(*desk_, kChen, request), "INVALID_ARGUMENT");
}

TEST_F(ContactWriting, ACorrectionKeepsTheOriginalWithItsReason) {
  const casework::Contact contact = finished();
  auto text = fields("独居老人需要米面和药", {NeedKind::kRiceFlour});
  EXPECT_EQ(refusal(*desk_, kHe, api::CorrectContact{contact.id, contact.version, text, "改一改"}), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kChen, api::CorrectContact{contact.id, contact.version, text, ""}), "INVALID_ARGUMENT");
  EXPECT_EQ(told<api::ContactSaved>(*desk_, kChen, api::CorrectContact{contact.id, contact.version, text, "漏记药品"})
                .version,
            contact.version + 1);
  read([&](storage::ReadTransaction& tx) {
    const auto kept = storage::ContactCorrectionTable::of_contact(tx, contact.id);
    ASSERT_EQ(kept.rows.size(), 1U);
    EXPECT_EQ(kept.rows[0].reason, "漏记药品");
    EXPECT_EQ(kept.rows[0].changed_fields, "summary");
    const auto before = storage::decode_contact_fields(kept.rows[0].before);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->summary, "独居老人需要米面");
    ASSERT_EQ(before->needs.size(), 1U);
    EXPECT_EQ(before->needs[0].kind, NeedKind::kRiceFlour);
  });
}

TEST_F(ContactWriting, ASupervisorOfThePatchReviewsOnceAndNobodyElse) {
  const casework::Contact contact = finished();
  const api::ReviewContact review{contact.id, contact.version, "记录清楚，注意追问药名"};
  EXPECT_EQ(refusal(*desk_, kLead, review), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kDistrict, review), "FORBIDDEN");
  const auto saved = told<api::ContactSaved>(*desk_, kSupervisor, review);
  EXPECT_EQ(stored(contact.id).reviewed_by, kSupervisor);
  EXPECT_EQ(refusal(*desk_, kSupervisor, api::ReviewContact{contact.id, saved.version, "再评"}), "ALREADY_TAKEN");
}

TEST_F(ContactWriting, WhatAColleagueWroteTheAnswererConfirms) {
  const casework::Contact draft = answered_call();
  const auto saved = told<api::ContactSaved>(*desk_, kLead, finalising(draft, fields("代录")));
  EXPECT_EQ(refusal(*desk_, kLead, api::ConfirmContact{draft.id, saved.version}), "NOT_YOURS");
  told<api::ContactSaved>(*desk_, kChen, api::ConfirmContact{draft.id, saved.version});
  EXPECT_TRUE(stored(draft.id).confirmed_at.is_set());
}

TEST_F(ContactWriting, AManualContactIsOneCommandAndNeverInTheFuture) {
  api::RecordManual record;
  record.unit = kShamian;
  record.line = kShamianManualLine;
  record.caller_number = "020-81212345";
  record.occurred_at = clock_.now() - hours{2};
  record.ended_at = record.occurred_at + minutes{6};
  record.fields = fields("电话补录：询问低保", {NeedKind::kReliefApplication});
  const auto saved = told<api::ContactSaved>(*desk_, kChen, record);
  EXPECT_EQ(saved.version, 1U);
  EXPECT_EQ(stored(saved.contact).fields.answered_by, kChen);
  record.occurred_at = clock_.now() + minutes{6};
  record.ended_at = {};
  EXPECT_EQ(refusal(*desk_, kChen, record), "INVALID_ARGUMENT");
  record.occurred_at = clock_.now() + minutes{4};
  EXPECT_EQ(refusal(*desk_, kChen, record), "");
  record.line = kNanyuanLine;
  EXPECT_EQ(refusal(*desk_, kChen, record), "UNKNOWN_LINE");
  record.unit = kNanyuan;
  EXPECT_EQ(refusal(*desk_, kChen, record), "FORBIDDEN");
}

TEST_F(ContactWriting, OpeningIsInTheAuditTrailBeforeTheAnswerOncePerQuarterHour) {
  const casework::Contact contact = finished();
  const api::ShowContact show{contact.id, {}, false, {}};
  const auto view = told<api::ContactView>(*desk_, kChen, show);
  EXPECT_EQ(audited(AuditAction::kRecordOpened), 1);
  EXPECT_FALSE(view.masked);
  EXPECT_EQ(view.caller_number, "13800138000");
  EXPECT_EQ(view.outcome, CallOutcome::kAnswered);
  told<api::ContactView>(*desk_, kChen, show);
  EXPECT_EQ(audited(AuditAction::kRecordOpened), 1);
  told<api::ContactView>(*desk_, kSupervisor, api::ShowContact{{}, "gz-261120-0001", false, {}});
  EXPECT_EQ(audited(AuditAction::kRecordOpened), 2);
  clock_.advance(minutes{16});
  told<api::ContactView>(*desk_, kChen, show);
  EXPECT_EQ(audited(AuditAction::kRecordOpened), 3);
}

TEST_F(ContactWriting, WithoutItsAuditRowNoRecordIsShown) {
  const casework::Contact contact = finished();
  writer_->stop();
  EXPECT_EQ(refusal(*desk_, kChen, api::ShowContact{contact.id, {}, false, {}}), "SHUTTING_DOWN");
}

TEST_F(ContactWriting, WhoHelpedOutReadsTheRecordOnlyWhileHeIsAtIt) {
  const casework::Contact contact = finished({.answered_by = kHe});
  const api::ShowContact show{contact.id, {}, false, {}};
  EXPECT_FALSE(told<api::ContactView>(*desk_, kHe, show).masked);
  clock_.advance(hours{24 * 8});
  EXPECT_TRUE(told<api::ContactView>(*desk_, kHe, show).masked);
}

TEST_F(ContactWriting, EveryChangeIsToldToThoseWhoListenAfterItIsSaved) {
  std::vector<casework::ContactState> heard;
  desk_->listen([&](const casework::Contact& contact) { heard.push_back(contact.state); });
  const casework::Contact draft = answered_call();
  told<api::ContactSaved>(*desk_, kChen, api::SaveDraft{draft.id, 1, fields("一句")});
  EXPECT_EQ(refusal(*desk_, kChen, api::SaveDraft{draft.id, 1, fields("旧版本")}), "VERSION_CONFLICT");
  told<api::ContactSaved>(*desk_, kChen, api::FinaliseContact{draft.id, 2, fields("一句"), {}});
  EXPECT_EQ(heard, (std::vector{casework::ContactState::kDraft, casework::ContactState::kFinalised}));
}

TEST_F(ContactWriting, ThoseWithoutContentSeeMaskedRowsOrNothing) {
  const casework::Contact contact = finished();
  const api::ShowContact show{contact.id, {}, false, {}};
  const auto view = told<api::ContactView>(*desk_, kEvaluator, show);
  EXPECT_TRUE(view.masked);
  EXPECT_EQ(view.contact.fields.person_name, "张*");
  EXPECT_EQ(view.caller_number, "138****8000");
  EXPECT_EQ(view.contact.caller_number, "138****8000");
  EXPECT_EQ(view.contact.fields.summary, "");
  EXPECT_EQ(view.contact.fields.address, "");
  EXPECT_EQ(refusal(*desk_, kHe, show), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kOperator, show), "FORBIDDEN");
}

TEST_F(ContactWriting, BreakingTheGlassNeedsACodeAndWordsAndLastsHalfAnHour) {
  const casework::Contact contact = finished();
  EXPECT_EQ(refusal(*desk_, kDistrict, api::ShowContact{contact.id, {}, true, "看看"}), "INVALID_ARGUMENT");
  EXPECT_EQ(refusal(*desk_, kDistrict, api::ShowContact{contact.id, {}, true, "complaint:太短"}), "INVALID_ARGUMENT");
  EXPECT_EQ(refusal(*desk_, kEvaluator, api::ShowContact{contact.id, {}, true, "complaint:家属投诉未回访需要核对记录"}),
            "FORBIDDEN");
  const api::ShowContact broken{contact.id, {}, true, "complaint：家属投诉未回访，需要核对记录"};
  EXPECT_FALSE(told<api::ContactView>(*desk_, kDistrict, broken).masked);
  EXPECT_EQ(audited(AuditAction::kBreakGlass), 1);
  const api::ShowContact again{contact.id, {}, false, {}};
  EXPECT_FALSE(told<api::ContactView>(*desk_, kDistrict, again).masked);
  clock_.advance(minutes{31});
  EXPECT_TRUE(told<api::ContactView>(*desk_, kDistrict, again).masked);
}

TEST_F(ContactWriting, ADamagedRecordIsRefusedWhileOthersAreServed) {
  const casework::Contact spoilt = finished();
  const casework::Contact sound = finished({.caller = "13700137000"});
  stop();
  tamper("UPDATE contact SET risk = 'high' WHERE id = " + std::to_string(spoilt.id.value));
  start();
  desk_ = std::make_unique<ContactDesk>(*office_, *index_);
  EXPECT_EQ(refusal(*desk_, kChen, api::ShowContact{spoilt.id, {}, false, {}}), "ROW_DAMAGED");
  EXPECT_EQ(told<api::ContactView>(*desk_, kChen, api::ShowContact{sound.id, {}, false, {}}).contact.id, sound.id);
}

TEST_F(ContactWriting, DraftsAreListedForTheirWriterAndForTheLead) {
  answered_call();
  answered_call({.answered_by = kLead});
  EXPECT_EQ(told<api::LogPage>(*desk_, kChen, api::ListDrafts{}).rows.size(), 1U);
  EXPECT_EQ(told<api::LogPage>(*desk_, kLead, api::ListDrafts{kShamian}).rows.size(), 2U);
  EXPECT_EQ(refusal(*desk_, kHe, api::ListDrafts{kShamian}), "FORBIDDEN");
}

TEST_F(ContactWriting, ADraftMayBeWrittenASecondTime) {
  apply_twice(*changes_);
  const casework::Contact draft = answered_call();
  const auto saved = told<api::ContactSaved>(
      *desk_, kChen, api::SaveDraft{draft.id, 1, fields("要米面", {NeedKind::kRiceFlour, NeedKind::kMedicine})});
  EXPECT_EQ(saved.version, 2u);
  EXPECT_EQ(count("need"), 2);
  EXPECT_EQ(audited(AuditAction::kContactWritten), 2);  // opened, saved
}

TEST_F(ContactWriting, NoContactIsFinalisedWhileItsCallLasts) {
  // A caller who is given back must find somebody who can still write (decision 1: one record of the whole call).
  const casework::Contact draft = answered_call();
  const auto put = [&](CallState state) {
    EXPECT_TRUE(save([&](storage::Transaction& tx) -> Result<> {
      auto row = storage::CallTable::get(tx, draft.call).value();
      row.state = state;
      return storage::CallTable::save(tx, row);
    }));
  };
  for (const CallState state : {CallState::kTalking, CallState::kWaiting, CallState::kOffered}) {
    put(state);
    EXPECT_EQ(refusal(*desk_, kChen, finalising(draft, fields("一句"))), "WRONG_STATE");
  }
  EXPECT_EQ(refusal(*desk_, kChen, api::SaveDraft{draft.id, 1, fields("一句")}), "");
  put(CallState::kEnded);
  EXPECT_EQ(refusal(*desk_, kChen, api::FinaliseContact{draft.id, 2, fields("一句"), {}}), "");
}

}  // namespace
}  // namespace kapok::service
