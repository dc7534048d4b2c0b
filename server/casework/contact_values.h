#pragma once

#include "core/enum_names.h"

/// The closed lists of a contact (domain.md §2.3). The first value of each is what an empty form holds.
namespace kapok::casework {

enum class ContactState { kDraft, kFinalised };

/// What the contact was. Data contacts come from someone with a matter; the others are counted by type.
enum class ContactType {
  kNotRecorded,
  kSelf,
  kOnBehalf,
  kOrganisation,
  kConsultation,
  kSilent,
  kHangUp,
  kWrongNumber,
  kPrank,
  kAbusive,
  kSexualNuisance,
  kAdvert,
  kTest,
  kThanks,
  kComplaint,
};

constexpr bool is_data(ContactType type) {
  return type == ContactType::kSelf || type == ContactType::kOnBehalf || type == ContactType::kOrganisation ||
         type == ContactType::kConsultation;
}

/// Who is on the line, seen from the person the help is for.
enum class CallerRelation {
  kNotRecorded,
  kSelf,
  kFamily,
  kNeighbour,
  kFriend,
  kCommunityWorker,
  kOrganisation,
  kOther
};

/// High: planned within 72 hours or a week. Imminent: being done or just done.
enum class RiskLevel { kNotAssessed, kNone, kLow, kModerate, kHigh, kImminent };

enum class Language { kNotRecorded, kMandarin, kCantonese, kHakka, kTeochew, kEnglish, kSign, kOther };

/// What was done, not what was asked for (decision 3).
enum class ServiceKind { kCounselling, kEmotionalSupport, kWelfareSupport };

/// Consent to keep what was told (PIPL Art. 29). Rescue needs none (domain.md §5 row 19).
enum class Consent { kNotAsked, kGiven, kGivenSeparately, kByGuardian, kRefused, kNotNeededForRescue };

/// The limits of writing up (domain.md §0.3).
enum class RecordKind { kMinimal, kFull };

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::ContactState> kEnumNames<casework::ContactState>[] = {
    {casework::ContactState::kDraft, "draft", "草稿"},
    {casework::ContactState::kFinalised, "finalised", "已提交"},
};

template <>
inline constexpr EnumName<casework::ContactType> kEnumNames<casework::ContactType>[] = {
    {casework::ContactType::kNotRecorded, "not_recorded", "未填"},
    {casework::ContactType::kSelf, "self", "本人求助"},
    {casework::ContactType::kOnBehalf, "on_behalf", "代他人求助"},
    {casework::ContactType::kOrganisation, "organisation", "单位来电"},
    {casework::ContactType::kConsultation, "consultation", "政策咨询"},
    {casework::ContactType::kSilent, "silent", "无声来电"},
    {casework::ContactType::kHangUp, "hang_up", "接通即挂"},
    {casework::ContactType::kWrongNumber, "wrong_number", "打错"},
    {casework::ContactType::kPrank, "prank", "骚扰来电（恶作剧）"},
    {casework::ContactType::kAbusive, "abusive", "辱骂威胁"},
    {casework::ContactType::kSexualNuisance, "sexual_nuisance", "骚扰来电（性骚扰）"},
    {casework::ContactType::kAdvert, "advert", "推销"},
    {casework::ContactType::kTest, "test", "测试"},
    {casework::ContactType::kThanks, "thanks", "致谢"},
    {casework::ContactType::kComplaint, "complaint", "投诉"},
};

template <>
inline constexpr EnumName<casework::CallerRelation> kEnumNames<casework::CallerRelation>[] = {
    {casework::CallerRelation::kNotRecorded, "not_recorded", "未填"},
    {casework::CallerRelation::kSelf, "self", "本人"},
    {casework::CallerRelation::kFamily, "family", "家属"},
    {casework::CallerRelation::kNeighbour, "neighbour", "邻居"},
    {casework::CallerRelation::kFriend, "friend", "朋友"},
    {casework::CallerRelation::kCommunityWorker, "community_worker", "村居工作人员"},
    {casework::CallerRelation::kOrganisation, "organisation", "单位"},
    {casework::CallerRelation::kOther, "other", "其他"},
};

template <>
inline constexpr EnumName<casework::RiskLevel> kEnumNames<casework::RiskLevel>[] = {
    {casework::RiskLevel::kNotAssessed, "not_assessed", "未评估"},
    {casework::RiskLevel::kNone, "none", "无"},
    {casework::RiskLevel::kLow, "low", "低风险"},
    {casework::RiskLevel::kModerate, "moderate", "中风险"},
    {casework::RiskLevel::kHigh, "high", "高风险"},
    {casework::RiskLevel::kImminent, "imminent", "紧急"},
};

template <>
inline constexpr EnumName<casework::Language> kEnumNames<casework::Language>[] = {
    {casework::Language::kNotRecorded, "not_recorded", "未填"},
    {casework::Language::kMandarin, "mandarin", "普通话"},
    {casework::Language::kCantonese, "cantonese", "粤语"},
    {casework::Language::kHakka, "hakka", "客家话"},
    {casework::Language::kTeochew, "teochew", "潮汕话"},
    {casework::Language::kEnglish, "english", "英语"},
    {casework::Language::kSign, "sign", "手语"},
    {casework::Language::kOther, "other", "其他"},
};

template <>
inline constexpr EnumName<casework::ServiceKind> kEnumNames<casework::ServiceKind>[] = {
    {casework::ServiceKind::kCounselling, "counselling", "心理疏导"},
    {casework::ServiceKind::kEmotionalSupport, "emotional_support", "情绪支持"},
    {casework::ServiceKind::kWelfareSupport, "welfare_support", "保障支持"},
};

template <>
inline constexpr EnumName<casework::Consent> kEnumNames<casework::Consent>[] = {
    {casework::Consent::kNotAsked, "not_asked", "未询问"},
    {casework::Consent::kGiven, "given", "同意"},
    {casework::Consent::kGivenSeparately, "given_separately", "单独同意"},
    {casework::Consent::kByGuardian, "by_guardian", "监护人同意"},
    {casework::Consent::kRefused, "refused", "不同意"},
    {casework::Consent::kNotNeededForRescue, "not_needed_for_rescue", "紧急救助无需"},
};

template <>
inline constexpr EnumName<casework::RecordKind> kEnumNames<casework::RecordKind>[] = {
    {casework::RecordKind::kMinimal, "minimal", "简要记录"},
    {casework::RecordKind::kFull, "full", "完整记录"},
};

}  // namespace kapok
