#pragma once

#include "core/enum_names.h"

namespace kapok {

/// Where a worker can be rung (domain.md §0.1). A desk needs a live client and the worker's own "ready";
/// a phone is ready by itself from shift start to end; a duty phone (R4) takes several calls at once.
enum class EndpointKind { kDesk, kPhone, kDutyPhone };

template <>
inline constexpr EnumName<EndpointKind> kEnumNames<EndpointKind>[] = {
    {EndpointKind::kDesk, "desk", "工作台"},
    {EndpointKind::kPhone, "phone", "值班手机"},
    {EndpointKind::kDutyPhone, "duty_phone", "总值班电话"},
};

/// What a worker is doing, as seen by routing and on every screen.
enum class WorkerState { kOffDuty, kAway, kReady, kOffered, kTalking, kAfterCall };

template <>
inline constexpr EnumName<WorkerState> kEnumNames<WorkerState>[] = {
    {WorkerState::kOffDuty, "off_duty", "未在岗"}, {WorkerState::kAway, "away", "暂离"},
    {WorkerState::kReady, "ready", "可接听"},      {WorkerState::kOffered, "offered", "新来电"},
    {WorkerState::kTalking, "talking", "通话中"},  {WorkerState::kAfterCall, "after_call", "整理记录"},
};

}  // namespace kapok
