#pragma once

#include <cstdint>
#include <vector>

#include "core/enum_names.h"

namespace kapok {

/// What a line may ask of whoever answers it (decision 8), named after services and needs of domain.md §2.3. The store
/// and routing hold a set of them as bits, so a value never changes its place and a new one goes to the end.
enum class Skill {
  kCounselling,
  kCrisis,
  kChildProtection,
  kDomesticViolence,
  kElderCare,
  kDisability,
  kLegal,
};

template <>
inline constexpr EnumName<Skill> kEnumNames<Skill>[] = {
    {Skill::kCounselling, "counselling", "心理疏导"},
    {Skill::kCrisis, "crisis", "危机干预"},
    {Skill::kChildProtection, "child_protection", "儿童保护"},
    {Skill::kDomesticViolence, "domestic_violence", "家庭暴力"},
    {Skill::kElderCare, "elder_care", "养老照护"},
    {Skill::kDisability, "disability", "助残"},
    {Skill::kLegal, "legal", "法律"},
};

constexpr std::uint64_t bit_of(Skill skill) { return std::uint64_t{1} << static_cast<int>(skill); }

/// In the order of the enumeration; bits without a name are left out.
inline std::vector<Skill> skills_in(std::uint64_t bits) {
  std::vector<Skill> skills;
  for (const auto& row : kEnumNames<Skill>)
    if ((bits & bit_of(row.value)) != 0) skills.push_back(row.value);
  return skills;
}

}  // namespace kapok
