#include <gtest/gtest.h>

#include <set>

#include "casework/callback.h"
#include "casework/contact_values.h"
#include "casework/missed_caller.h"
#include "casework/need.h"
#include "casework/referral.h"
#include "casework/shift.h"
#include "casework/working_calendar.h"

namespace kapok::casework {
namespace {

template <class E>
class Words : public testing::Test {};

using Enums =
    testing::Types<ContactState, ContactType, CallerRelation, RiskLevel, Language, ServiceKind, Consent, RecordKind,
                   NeedGroup, NeedKind, Urgency, NeedState, ReferralState, ReturnReason, ClosureResult, CallbackState,
                   AttemptResult, MissedCallerState, NoCallbackReason, ShiftState>;
TYPED_TEST_SUITE(Words, Enums);

TYPED_TEST(Words, EachValueHasOneNameAndOneChineseWord) {
  std::set<std::string_view> names, words;
  int expected = 0;
  for (const auto& row : kEnumNames<TypeParam>) {
    EXPECT_EQ(static_cast<int>(row.value), expected++) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(words.insert(row.zh).second && !row.zh.empty()) << row.name;
    EXPECT_EQ(from_name<TypeParam>(row.name), row.value);
  }
}

TEST(NeedKind, EveryKindIsInTheGroupOfTheForm) {
  int by_group[3] = {};
  for (const auto& row : kEnumNames<NeedKind>) ++by_group[static_cast<int>(group_of(row.value))];
  EXPECT_EQ(by_group[static_cast<int>(NeedGroup::kMaterialAid)], 10);
  EXPECT_EQ(by_group[static_cast<int>(NeedGroup::kEmotionalSupport)], 8);
  EXPECT_EQ(by_group[static_cast<int>(NeedGroup::kOther)], 12);
  EXPECT_EQ(group_of(NeedKind::kSelfHarm), NeedGroup::kEmotionalSupport);
  EXPECT_EQ(group_of(NeedKind::kReliefApplication), NeedGroup::kOther);  // a benefit, not goods (domain.md §2.3)
}

TEST(WorkingCalendar, WeekdaysAreWorkedUnlessTheCalendarSaysOtherwise) {
  using std::chrono::year;
  const CivilDay friday = year{2026} / 10 / 9, saturday = year{2026} / 10 / 10, sunday = year{2026} / 10 / 11;
  const WorkingCalendar plain, with_make_up{{{saturday, true}}};
  EXPECT_TRUE(plain.is_working_day(friday));
  EXPECT_FALSE(plain.is_working_day(saturday));
  EXPECT_FALSE(plain.is_working_day(sunday));
  EXPECT_EQ(plain.next_working_day(friday), CivilDay{year{2026} / 10 / 12});
  EXPECT_EQ(with_make_up.next_working_day(friday), saturday);
}

}  // namespace
}  // namespace kapok::casework
