#pragma once

#include "core/enum_names.h"

namespace kapok {

/// What a person or a gateway is to the city (decision 7). One subject may hold several, each at a unit.
enum class Role {
  kWorker,
  kStationLead,
  kStationOfficial,
  kSupervisor,
  kDutySupervisor,
  kDistrictLead,
  kRegionLead,
  kCityCentre,
  kCivilAffairs,
  kDataSteward,
  kAuditor,
  kEvaluator,
  kSystemOperator,
  kGateway,
};

template <>
inline constexpr EnumName<Role> kEnumNames<Role>[] = {
    {Role::kWorker, "worker", "社工"},
    {Role::kStationLead, "station_lead", "副站长"},
    {Role::kStationOfficial, "station_official", "站长"},
    {Role::kSupervisor, "supervisor", "专职督导"},
    {Role::kDutySupervisor, "duty_supervisor", "值班督导"},
    {Role::kDistrictLead, "district_lead", "区督导小组组长"},
    {Role::kRegionLead, "region_lead", "区域负责人"},
    {Role::kCityCentre, "city_centre", "市督导中心"},
    {Role::kCivilAffairs, "civil_affairs", "民政局"},
    {Role::kDataSteward, "data_steward", "数据管理员"},
    {Role::kAuditor, "auditor", "审计员"},
    {Role::kEvaluator, "evaluator", "评估方"},
    {Role::kSystemOperator, "system_operator", "系统运维"},
    {Role::kGateway, "gateway", "电话网关"},
};

/// How near the subject stands to the object (decision 7), nearest first.
enum class Scope { kOwn, kAssigned, kOwnStation, kPatch, kSubtree, kOther };

template <>
inline constexpr EnumName<Scope> kEnumNames<Scope>[] = {
    {Scope::kOwn, "own", "本人"},
    {Scope::kAssigned, "assigned", "经办"},
    {Scope::kOwnStation, "own_station", "本站"},
    {Scope::kPatch, "patch", "督导片区"},
    {Scope::kSubtree, "subtree", "辖区"},
    {Scope::kOther, "other", "其他"},
};

}  // namespace kapok
