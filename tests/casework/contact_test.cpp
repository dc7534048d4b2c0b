#include "casework/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "casework/contact_samples.h"

namespace kapok::casework {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;

// Limits (domain.md §0.3).

TEST(RecordLimits, ByDayTheMinimalRecordIsDueInThirtyMinutes) {
  EXPECT_EQ(record_limits(kAnswered, kChinaOffset).minimal_due, at("2026-11-20 14:30"));
  EXPECT_EQ(record_limits(at("2026-11-20 21:59:59"), kChinaOffset).minimal_due, at("2026-11-20 22:29:59"));
  EXPECT_EQ(record_limits(at("2026-11-20 07:30"), kChinaOffset).minimal_due, at("2026-11-20 08:00"));
}

TEST(RecordLimits, WhatIsAnsweredAtNightIsDueAtTen) {
  EXPECT_EQ(record_limits(at("2026-11-20 22:00"), kChinaOffset).minimal_due, at("2026-11-21 10:00"));
  EXPECT_EQ(record_limits(at("2026-11-21 00:00"), kChinaOffset).minimal_due, at("2026-11-21 10:00"));
  EXPECT_EQ(record_limits(at("2026-11-21 07:29:59"), kChinaOffset).minimal_due, at("2026-11-21 10:00"));
}

TEST(RecordLimits, TheFullRecordIsDueAtTheEndOfTheNextWorkingDay) {
  EXPECT_EQ(record_limits(at("2026-11-19 14:00"), kChinaOffset).full_due, at("2026-11-20 24:00"));
  EXPECT_EQ(record_limits(kAnswered, kChinaOffset).full_due, at("2026-11-23 24:00"));  // Friday → Monday
}

TEST(RecordLimits, HolidaysAndMakeUpDaysMoveTheFullRecord) {
  const WorkingCalendar calendar{
      {{CivilDay{std::chrono::year{2026} / 11 / 21}, true}, {CivilDay{std::chrono::year{2026} / 11 / 20}, false}}};
  EXPECT_EQ(record_limits(kAnswered, kChinaOffset, calendar).full_due, at("2026-11-21 24:00"));
  EXPECT_EQ(record_limits(at("2026-11-19 14:00"), kChinaOffset, calendar).full_due, at("2026-11-21 24:00"));
}

// Few fields (domain.md §0.13).

TEST(ContactFields, GoodsAskFourFields) {
  ContactFields fields;
  fields.needs = {need(NeedKind::kRiceFlour)};
  EXPECT_THAT(missing_fields(fields, RecordKind::kFull), ElementsAre("type"));
  fields.type = ContactType::kSelf;
  EXPECT_THAT(missing_fields(fields, RecordKind::kFull), ElementsAre("summary", "address"));
  EXPECT_THAT(missing_fields(fields, RecordKind::kMinimal), ElementsAre("summary"));
  EXPECT_THAT(missing_fields(food(), RecordKind::kFull), IsEmpty());
}

TEST(ContactFields, ContactsWithoutDataAskAtMostTwo) {
  for (const auto& type : kEnumNames<ContactType>) {
    if (is_data(type.value)) continue;
    ContactFields fields;
    fields.type = type.value;
    EXPECT_LE(missing_fields(fields, RecordKind::kFull).size(), 1U) << type.name;
    EXPECT_EQ(missing_fields(fields, RecordKind::kMinimal), missing_fields(fields, RecordKind::kFull)) << type.name;
  }
  ContactFields wrong_number;
  wrong_number.type = ContactType::kWrongNumber;
  EXPECT_THAT(missing_fields(wrong_number, RecordKind::kFull), IsEmpty());
}

TEST(ContactFields, RiskIsAskedOnlyWhereItMatters) {
  ContactFields fields = food();
  EXPECT_FALSE(risk_must_be_asked(fields));
  fields.worried = true;
  EXPECT_TRUE(risk_must_be_asked(fields));
  fields = food();
  fields.needs.push_back(need(NeedKind::kLoneliness));
  EXPECT_THAT(missing_fields(fields, RecordKind::kMinimal), ElementsAre("risk"));
  fields.risk = RiskLevel::kNone;
  EXPECT_THAT(missing_fields(fields, RecordKind::kMinimal), IsEmpty());
  fields = food();
  fields.services = {ServiceKind::kWelfareSupport};
  EXPECT_FALSE(risk_must_be_asked(fields));
  fields.services = {ServiceKind::kCounselling};
  EXPECT_TRUE(risk_must_be_asked(fields));
}

TEST(ContactFields, EachLimitIsTheLastThatFits) {
  ContactFields fields = food();
  fields.summary = std::string(8000, 'x');
  fields.person_name = std::string(64, 'x');
  fields.person_number = std::string(20, '1');
  fields.needs = std::vector<Need>(kNeedsPerContactMax, need(NeedKind::kOil));
  fields.needs.back().quantity = kNeedQuantityMax;
  fields.needs.back().detail = std::string(200, 'x');
  EXPECT_TRUE(check_fields(fields));
  const auto refused = [&fields](auto change) {
    ContactFields changed = fields;
    change(changed);
    return code(check_fields(changed));
  };
  EXPECT_EQ(refused([](auto& f) { f.summary += 'x'; }), ErrorCode::kTextTooLong);
  EXPECT_EQ(refused([](auto& f) { f.person_name += 'x'; }), ErrorCode::kTextTooLong);
  EXPECT_EQ(refused([](auto& f) { f.person_number += '1'; }), ErrorCode::kTextTooLong);
  EXPECT_EQ(refused([](auto& f) { f.address = std::string(201, 'x'); }), ErrorCode::kTextTooLong);
  EXPECT_EQ(refused([](auto& f) { f.needs.back().detail += 'x'; }), ErrorCode::kTextTooLong);
  EXPECT_EQ(refused([](auto& f) { ++f.needs.back().quantity; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& f) { f.needs.emplace_back(); }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& f) { f.person_name = "a\nb"; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& f) { f.summary = "\xFF"; }), ErrorCode::kTextNotUtf8);
  EXPECT_EQ(refused([](auto& f) { f.services = {ServiceKind::kCounselling, ServiceKind::kCounselling}; }),
            ErrorCode::kInvalidArgument);
}

// Draft and finalising.

TEST(Contact, AnEmptyDraftSavesAndRaisesTheVersion) {
  ContactFields fields;
  fields.answered_by = kAnswerer;
  const auto saved = save_draft(draft(), 1, fields, kAnswerer, kNow);
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->version, 2U);
  EXPECT_EQ(saved->written_by, kAnswerer);
  EXPECT_FALSE(saved->minimal_at.is_set());
}

TEST(Contact, TheFirstSaveWithAMinimalRecordIsRemembered) {
  const Contact first = save_draft(draft(), 1, food(), kAnswerer, kNow).value();
  const Contact second = save_draft(first, 2, food(), kAnswerer, kNow + minutes{5}).value();
  EXPECT_EQ(second.minimal_at, kNow);
}

TEST(Contact, AnOldVersionIsRefusedWithTheCurrentOne) {
  const Contact saved = save_draft(draft(), 1, food(), kAnswerer, kNow).value();
  const auto refused = save_draft(saved, 1, food(), kColleague, kNow);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kVersionConflict, "current version is 2"}));
  EXPECT_EQ(code(finalise(saved, 3, food(), kAnswerer, kNow)), ErrorCode::kVersionConflict);
}

TEST(Contact, NobodyChangesWhoAnsweredACall) {
  ContactFields fields = food();
  fields.answered_by = kColleague;
  EXPECT_EQ(code(save_draft(draft(), 1, fields, kColleague, kNow)), ErrorCode::kInvalidArgument);
}

TEST(Contact, ABackfilledCallLearnsItsAnswererFromTheWriter) {
  Contact backfilled = draft();
  backfilled.fields.answered_by = {};
  EXPECT_EQ(save_draft(backfilled, 1, food(), kColleague, kNow)->fields.answered_by, kAnswerer);
}

TEST(Contact, FinalisingNamesEveryMissingField) {
  ContactFields fields = food();
  fields.summary = " 　";
  fields.point = {};
  const auto refused = finalise(draft(), 1, fields, kAnswerer, kNow);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kInvalidArgument, "missing: summary address"}));
}

TEST(Contact, AfterFinalisingNothingIsSavedAsADraft) {
  const Contact contact = finalised();
  EXPECT_EQ(contact.state, ContactState::kFinalised);
  EXPECT_EQ(contact.finalised_at, kNow);
  EXPECT_EQ(contact.version, 2U);
  EXPECT_EQ(code(save_draft(contact, 2, food(), kAnswerer, kNow)), ErrorCode::kWrongState);
  EXPECT_EQ(code(finalise(contact, 2, food(), kAnswerer, kNow)), ErrorCode::kWrongState);
}

TEST(Contact, LateRecordsShowAndAreStillTaken) {
  const Contact open = draft();
  EXPECT_EQ(overdue_record(open, open.minimal_due), std::nullopt);
  EXPECT_EQ(overdue_record(open, open.minimal_due + seconds{1}), RecordKind::kMinimal);
  EXPECT_EQ(overdue_record(open, open.full_due + seconds{1}), RecordKind::kFull);
  const auto late = finalise(open, 1, food(), kAnswerer, open.full_due + hours{1});
  ASSERT_TRUE(late);
  EXPECT_EQ(overdue_record(*late, open.full_due + hours{2}), std::nullopt);
}

// Manual contacts (电话补录).

NewContact visit() {
  NewContact asked;
  asked.id = ContactId{11};
  asked.unit = UnitId{30};
  asked.channel = Channel::kHomeVisit;
  asked.started_at = kNow - hours{2};
  asked.ended_at = kNow - hours{1};
  return asked;
}

TEST(ManualContact, IsFinalisedInOneActByWhoWritesIt) {
  const auto contact = record_manual(visit(), food(), kColleague, kNow, kChinaOffset);
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->state, ContactState::kFinalised);
  EXPECT_EQ(contact->version, 1U);
  EXPECT_EQ(contact->fields.answered_by, kColleague);
  EXPECT_FALSE(awaits_confirmation(*contact));
  NewContact for_colleague = visit();
  for_colleague.answered_by = kAnswerer;
  EXPECT_TRUE(awaits_confirmation(record_manual(for_colleague, food(), kColleague, kNow, kChinaOffset).value()));
}

TEST(ManualContact, RefusesImpossibleTimes) {
  const auto refused = [](auto change) {
    NewContact asked = visit();
    change(asked);
    return code(record_manual(asked, food(), kAnswerer, kNow, kChinaOffset));
  };
  EXPECT_EQ(refused([](auto& a) { a.started_at = a.ended_at = kNow + minutes{5} + seconds{1}; }),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& a) { a.started_at = a.ended_at = kNow + minutes{5}; }), ErrorCode::kInternal);  // taken
  EXPECT_EQ(refused([](auto& a) { a.ended_at = a.started_at - seconds{1}; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& a) { a.started_at = {}; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& a) { a.call = CallId{1}; }), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused([](auto& a) { a.caller_number = std::string(21, '1'); }), ErrorCode::kTextTooLong);
}

TEST(Contact, EveryFieldThatDiffersIsNamed) {
  ContactFields other;
  other.type = ContactType::kSelf;
  other.relation = CallerRelation::kFamily;
  other.person_name = other.person_number = other.address = other.summary = "x";
  other.point = UnitId{1};
  other.language = Language::kHakka;
  other.risk = RiskLevel::kHigh;
  other.worried = true;
  other.services = {ServiceKind::kCounselling};
  other.consent = Consent::kGiven;
  other.answered_by = WorkerId{1};
  other.needs = {Need{}};
  EXPECT_EQ(changed_fields({}, other).size(), 14U);
  EXPECT_THAT(changed_fields(other, other), IsEmpty());
}

}  // namespace
}  // namespace kapok::casework
