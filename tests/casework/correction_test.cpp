#include "casework/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "casework/contact_samples.h"

namespace kapok::casework {
namespace {

using namespace samples;
using testing::ElementsAre;

// Corrections.

ContactFields two_bags() {
  ContactFields fields = food();
  fields.needs.front().quantity = 2;
  return fields;
}

TEST(Correction, KeepsTheTextItReplaced) {
  const auto corrected = correct(finalised(), 2, two_bags(), kAnswerer, false, "数量记错", kNow + hours{1});
  ASSERT_TRUE(corrected);
  EXPECT_EQ(corrected->contact.fields, two_bags());
  EXPECT_EQ(corrected->contact.version, 3U);
  EXPECT_EQ(corrected->correction.before, food());
  EXPECT_EQ(corrected->correction.version, 3U);
  EXPECT_EQ(corrected->correction.reason, "数量记错");
  EXPECT_THAT(changed_fields(corrected->correction.before, corrected->contact.fields), ElementsAre("needs"));
}

TEST(Correction, IsForFinalisedContactsAlone) {
  EXPECT_EQ(code(correct(draft(), 1, two_bags(), kAnswerer, false, "x", kNow)), ErrorCode::kWrongState);
}

TEST(Correction, BelongsToTheWriterForSevenDaysAndToALeadAlways) {
  const Contact contact = finalised();
  const Instant last = contact.finalised_at + hours{7 * 24};
  EXPECT_TRUE(correct(contact, 2, two_bags(), kAnswerer, false, "x", last));
  EXPECT_EQ(code(correct(contact, 2, two_bags(), kAnswerer, false, "x", last + seconds{1})), ErrorCode::kForbidden);
  EXPECT_EQ(code(correct(contact, 2, two_bags(), kColleague, false, "x", kNow)), ErrorCode::kForbidden);
  EXPECT_TRUE(correct(contact, 2, two_bags(), kLead, true, "x", last + hours{24 * 365}));
}

TEST(Correction, AsksAReasonOfOneToTwoHundredCharacters) {
  const auto with = [](std::string reason) {
    return code(correct(finalised(), 2, two_bags(), kAnswerer, false, std::move(reason), kNow));
  };
  EXPECT_EQ(with(""), ErrorCode::kInvalidArgument);
  EXPECT_EQ(with(" 　"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(with(std::string(201, 'x')), ErrorCode::kTextTooLong);
  EXPECT_EQ(with(std::string(200, 'x')), ErrorCode::kInternal);  // taken
}

TEST(Correction, MayNotEmptyTheRecordNorChangeNothing) {
  ContactFields emptied = food();
  emptied.summary.clear();
  EXPECT_EQ(code(correct(finalised(), 2, emptied, kAnswerer, false, "x", kNow)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(correct(finalised(), 2, food(), kAnswerer, false, "x", kNow)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(correct(finalised(), 1, two_bags(), kAnswerer, false, "x", kNow)), ErrorCode::kVersionConflict);
}

TEST(Correction, ANeedThatAReferralCarriesStays) {
  Contact contact = finalised();
  contact.fields.needs = {need(NeedKind::kRiceFlour, NeedId{1}, ReferralId{9}), need(NeedKind::kOil, NeedId{2})};
  ContactFields without = contact.fields;
  without.needs.pop_back();
  EXPECT_TRUE(correct(contact, 2, without, kAnswerer, false, "x", kNow));
  without.needs.front().kind = NeedKind::kMedicine;
  EXPECT_EQ(code(correct(contact, 2, without, kAnswerer, false, "x", kNow)), ErrorCode::kInvalidArgument);
  without.needs.clear();
  EXPECT_EQ(code(correct(contact, 2, without, kAnswerer, false, "x", kNow)), ErrorCode::kInvalidArgument);
}

// Written by a colleague (代录), reviewed by a supervisor.

TEST(Confirmation, IsTheAnswerersAloneAndOnlyForAColleaguesText) {
  const Contact by_colleague = finalised(kColleague);
  EXPECT_TRUE(awaits_confirmation(by_colleague));
  EXPECT_EQ(code(confirm_by_answerer(by_colleague, 2, kColleague, kNow)), ErrorCode::kNotYours);
  EXPECT_EQ(code(confirm_by_answerer(by_colleague, 1, kAnswerer, kNow)), ErrorCode::kVersionConflict);
  const auto confirmed = confirm_by_answerer(by_colleague, 2, kAnswerer, kNow);
  ASSERT_TRUE(confirmed);
  EXPECT_FALSE(awaits_confirmation(*confirmed));
  EXPECT_EQ(code(confirm_by_answerer(*confirmed, 3, kAnswerer, kNow)), ErrorCode::kWrongState);
  EXPECT_EQ(code(confirm_by_answerer(finalised(), 2, kAnswerer, kNow)), ErrorCode::kWrongState);
  EXPECT_FALSE(awaits_confirmation(save_draft(draft(), 1, food(), kColleague, kNow).value()));
}

TEST(Confirmation, LapsesWhenSomeoneElseChangesTheText) {
  const Contact confirmed = confirm_by_answerer(finalised(kColleague), 2, kAnswerer, kNow).value();
  EXPECT_TRUE(awaits_confirmation(correct(confirmed, 3, two_bags(), kColleague, false, "x", kNow).value().contact));
  EXPECT_TRUE(awaits_confirmation(correct(confirmed, 3, two_bags(), kLead, true, "x", kNow).value().contact));
}

// Who may still read it (decision 7).

TEST(Assigned, ADraftIsTheAnswerersAndTheWritersTask) {
  const Contact by_colleague = save_draft(draft(), 1, food(), kColleague, kNow).value();
  const Instant next_week = kNow + hours{8 * 24};
  EXPECT_TRUE(is_assigned(by_colleague, kAnswerer, next_week));
  EXPECT_TRUE(is_assigned(by_colleague, kColleague, next_week));
  EXPECT_FALSE(is_assigned(by_colleague, kLead, kNow));
  EXPECT_FALSE(is_assigned(by_colleague, WorkerId{}, kNow));
}

TEST(Assigned, AFinishedRecordClosesAfterThirtyMinutesForTheAnswererAndSevenDaysForTheWriter) {
  const Contact confirmed = confirm_by_answerer(finalised(kColleague), 2, kAnswerer, kNow).value();
  EXPECT_TRUE(is_assigned(confirmed, kAnswerer, kNow + minutes{30}));
  EXPECT_FALSE(is_assigned(confirmed, kAnswerer, kNow + minutes{30} + seconds{1}));
  EXPECT_TRUE(is_assigned(confirmed, kColleague, kNow + hours{7 * 24}));
  EXPECT_FALSE(is_assigned(confirmed, kColleague, kNow + hours{7 * 24} + seconds{1}));
}

TEST(Assigned, WhoHasToConfirmMayReadUntilHeDoes) {
  EXPECT_TRUE(is_assigned(finalised(kColleague), kAnswerer, kNow + hours{30 * 24}));
}

TEST(Review, IsOncePerTextAndNeverOnesOwn) {
  const Contact contact = finalised();
  EXPECT_EQ(code(review(contact, 2, kAnswerer, "好", kNow)), ErrorCode::kForbidden);
  EXPECT_EQ(code(review(finalised(kColleague), 2, kColleague, "好", kNow)), ErrorCode::kForbidden);
  EXPECT_EQ(code(review(draft(), 1, kSupervisor, "好", kNow)), ErrorCode::kWrongState);
  EXPECT_EQ(code(review(contact, 2, kSupervisor, " ", kNow)), ErrorCode::kInvalidArgument);
  const auto reviewed = review(contact, 2, kSupervisor, "记录清楚", kNow + hours{1});
  ASSERT_TRUE(reviewed);
  EXPECT_EQ(reviewed->reviewed_by, kSupervisor);
  EXPECT_EQ(code(review(*reviewed, 3, kSupervisor, "又", kNow + hours{2})), ErrorCode::kAlreadyTaken);
  const Contact corrected = correct(*reviewed, 3, two_bags(), kAnswerer, false, "x", kNow + hours{3}).value().contact;
  EXPECT_TRUE(review(corrected, 4, kSupervisor, "再评", kNow + hours{4}));
}

}  // namespace
}  // namespace kapok::casework
