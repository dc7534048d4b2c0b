#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/result.h"

namespace kapok::casework {

/// Groups the project reports by (decision 3).
enum class NeedGroup { kMaterialAid, kEmotionalSupport, kOther };

/// One thing asked for (domain.md §2.3), in the order of the form.
enum class NeedKind {
  kRiceFlour,
  kOil,
  kFreshFood,
  kDrinkingWater,
  kMedicine,
  kInfantGoods,
  kClothing,
  kAssistiveDevice,
  kUrgentMedical,
  kShelter,
  kAnxiety,
  kLowMood,
  kLoneliness,
  kBereavement,
  kFamilyConflict,
  kCaregiverStrain,
  kSelfHarm,
  kTrauma,
  kPolicy,
  kReliefApplication,
  kChildProtection,
  kDomesticViolence,
  kElderCare,
  kDisability,
  kSchool,
  kWork,
  kLegal,
  kHousing,
  kNeighbourDispute,
  kHomeless,
};

constexpr NeedGroup group_of(NeedKind kind) {
  if (kind <= NeedKind::kShelter) return NeedGroup::kMaterialAid;
  if (kind <= NeedKind::kTrauma) return NeedGroup::kEmotionalSupport;
  return NeedGroup::kOther;
}

enum class Urgency { kNormal, kUrgent };

/// A need is open until what was asked for has been given or shown impossible; a referral carries it.
enum class NeedState { kOpen, kReferred, kMet, kNotMet, kWithdrawn };

inline constexpr std::uint32_t kNeedQuantityMax = 10'000;

struct Need {
  NeedId id;  ///< unset until saved; given by the service
  NeedKind kind = NeedKind::kPolicy;
  Urgency urgency = Urgency::kNormal;
  NeedState state = NeedState::kOpen;
  std::string detail;          ///< ≤ 200 characters
  std::uint32_t quantity = 0;  ///< 0 = not said
  ReferralId referral;         ///< the referral that carries it, or none

  friend bool operator==(const Need&, const Need&) = default;
};

inline constexpr std::size_t kNeedsPerContactMax = 32;

/// Refuses too many needs, unreadable details and quantities beyond the limit; names the position.
Result<> check_needs(const std::vector<Need>& needs);

}  // namespace kapok::casework

namespace kapok {

template <>
inline constexpr EnumName<casework::NeedGroup> kEnumNames<casework::NeedGroup>[] = {
    {casework::NeedGroup::kMaterialAid, "material_aid", "物资保障"},
    {casework::NeedGroup::kEmotionalSupport, "emotional_support", "心理情绪"},
    {casework::NeedGroup::kOther, "other", "其他"},
};

template <>
inline constexpr EnumName<casework::NeedKind> kEnumNames<casework::NeedKind>[] = {
    {casework::NeedKind::kRiceFlour, "rice_flour", "米面"},
    {casework::NeedKind::kOil, "oil", "食用油"},
    {casework::NeedKind::kFreshFood, "fresh_food", "蔬菜肉蛋"},
    {casework::NeedKind::kDrinkingWater, "drinking_water", "饮用水"},
    {casework::NeedKind::kMedicine, "medicine", "药品"},
    {casework::NeedKind::kInfantGoods, "infant_goods", "婴幼儿用品"},
    {casework::NeedKind::kClothing, "clothing", "衣被"},
    {casework::NeedKind::kAssistiveDevice, "assistive_device", "辅具"},
    {casework::NeedKind::kUrgentMedical, "urgent_medical", "紧急就医"},
    {casework::NeedKind::kShelter, "shelter", "住处"},
    {casework::NeedKind::kAnxiety, "anxiety", "焦虑"},
    {casework::NeedKind::kLowMood, "low_mood", "情绪低落"},
    {casework::NeedKind::kLoneliness, "loneliness", "孤独"},
    {casework::NeedKind::kBereavement, "bereavement", "丧亲"},
    {casework::NeedKind::kFamilyConflict, "family_conflict", "家庭矛盾"},
    {casework::NeedKind::kCaregiverStrain, "caregiver_strain", "照护压力"},
    {casework::NeedKind::kSelfHarm, "self_harm", "自伤自杀"},
    {casework::NeedKind::kTrauma, "trauma", "创伤"},
    {casework::NeedKind::kPolicy, "policy", "政策"},
    {casework::NeedKind::kReliefApplication, "relief_application", "救助申请"},
    {casework::NeedKind::kChildProtection, "child_protection", "儿童保护"},
    {casework::NeedKind::kDomesticViolence, "domestic_violence", "家庭暴力"},
    {casework::NeedKind::kElderCare, "elder_care", "养老照护"},
    {casework::NeedKind::kDisability, "disability", "助残"},
    {casework::NeedKind::kSchool, "school", "就学"},
    {casework::NeedKind::kWork, "work", "就业"},
    {casework::NeedKind::kLegal, "legal", "法律"},
    {casework::NeedKind::kHousing, "housing", "住房"},
    {casework::NeedKind::kNeighbourDispute, "neighbour_dispute", "邻里纠纷"},
    {casework::NeedKind::kHomeless, "homeless", "走失流浪"},
};

template <>
inline constexpr EnumName<casework::Urgency> kEnumNames<casework::Urgency>[] = {
    {casework::Urgency::kNormal, "normal", "一般"},
    {casework::Urgency::kUrgent, "urgent", "紧急"},
};

template <>
inline constexpr EnumName<casework::NeedState> kEnumNames<casework::NeedState>[] = {
    {casework::NeedState::kOpen, "open", "待处理"},
    {casework::NeedState::kReferred, "referred", "已派单"},
    {casework::NeedState::kMet, "met", "已满足"},
    {casework::NeedState::kNotMet, "not_met", "未能满足"},
    {casework::NeedState::kWithdrawn, "withdrawn", "已撤回"},
};

}  // namespace kapok
