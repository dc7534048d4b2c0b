#pragma once

#include <string_view>

#include "casework/contact.h"

/// One call of a Friday afternoon, from the empty draft to the finalised record.
namespace kapok::casework::samples {

inline constexpr WorkerId kAnswerer{1}, kColleague{2}, kSupervisor{3}, kLead{4};

inline Instant at(std::string_view text) { return parse_local(text, kChinaOffset).value(); }

inline const Instant kAnswered = at("2026-11-20 14:00");  // a Friday
inline const Instant kNow = kAnswered + minutes{10};

inline Contact draft() {
  return open_draft({.id = ContactId{10},
                     .display_number = "GZ-261120-0001",
                     .call = CallId{5},
                     .unit = UnitId{30},
                     .line = LineId{6},
                     .channel = Channel::kPhone,
                     .caller_number = "13800138000",
                     .started_at = kAnswered - seconds{9},
                     .answered_at = kAnswered,
                     .ended_at = {},
                     .answered_by = kAnswerer},
                    kChinaOffset);
}

inline Need need(NeedKind kind, NeedId id = {}, ReferralId referral = {}) {
  Need one;
  one.id = id;
  one.kind = kind;
  one.referral = referral;
  return one;
}

/// A full record of someone without food.
inline ContactFields food() {
  ContactFields fields;
  fields.type = ContactType::kSelf;
  fields.summary = "独居老人，家中缺米";
  fields.point = UnitId{40};
  fields.answered_by = kAnswerer;
  fields.needs = {need(NeedKind::kRiceFlour)};
  return fields;
}

inline Contact finalised(WorkerId by = kAnswerer) { return finalise(draft(), 1, food(), by, kNow).value(); }

template <class T>
ErrorCode code(const Result<T>& result) {
  return result ? ErrorCode::kInternal : result.error().code;
}

}  // namespace kapok::casework::samples
