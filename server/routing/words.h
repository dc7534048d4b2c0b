#pragma once

#include <cstddef>

#include "core/enum_names.h"

/// The enumerations of routing's events and commands, each with its stable name and Chinese word.
namespace kapok::routing {

/// R0 own station, R1 its district, R2 its region, R3 the city, R4 the duty phone (routing.md §1.2).
enum class Ring { kStation = 0, kDistrict = 1, kRegion = 2, kCity = 3, kDutyPhone = 4 };
inline constexpr std::size_t kRingCount = 5;

/// Why a call left without the worker ending it.
enum class LeftCause {
  kHungUp,
  kGatewayLetGo,
  kGatewayLost,
  kNetworkFailure,
  kLostOnRestart,
  kTest,
  kNotReached,  ///< a kept callback was dialled and nobody answered
};

/// Why a gateway could not ring an endpoint.
enum class OfferFailure { kBusy, kUnreachable };

/// How an offer ended; also why an endpoint must stop ringing.
enum class OfferEnd {
  kAccepted,
  kDeclined,
  kMissed,       ///< rang out
  kBusy,         ///< gateway: busy
  kUnreachable,  ///< gateway: could not be rung
  kDeviceLost,   ///< client gone; nobody's fault
  kCallerLeft,
  kAnsweredElsewhere,  ///< only for endpoints: another of the same worker won
  kCancelled,          ///< of a warm transfer: the first took it back, or no longer talks
};

/// Why this worker is asked.
enum class OfferReason {
  kRing,      ///< nearest open ring, longest idle
  kSticky,    ///< the last worker of this number (续接)
  kBackup,    ///< of the shift whose phone was missed
  kTransfer,  ///< a colleague named him, or his unit
  kReturned,  ///< the one who took the transfer was lost, so it comes back
};

/// Why a call that was talking waits again.
enum class WaitsAgain { kHandedBack, kDeviceLost, kLegLost, kTransferred };

/// How a talk is passed on (转接): cold = the caller waits again in his old place, warm = the first stays with him
/// until the second talks.
enum class TransferKind { kCold, kWarm };

/// How a warm transfer ended. Unless taken or the call ended, the first still talks.
enum class TransferEnd {
  kTaken,      ///< the second talks
  kNotTaken,   ///< declined, rang out, could not be rung, or his device was lost
  kCancelled,  ///< the first took it back
  kCallEnded,  ///< the caller left or the call was ended meanwhile
  kFirstGone,  ///< the first handed the call back or lost it: it waits in its old place
};

enum class AwayReason {
  kNone,
  kByWorker,  ///< said so, or has not said "ready" yet
  kMissed,    ///< a desk rang out: until he acts
  kDevice,    ///< no live client; back by itself when it is
  kPaused,    ///< a phone rang out or failed: for kPhonePause
};

enum class GapKind { kNobodyOnShift, kNobodyReachable };

}  // namespace kapok::routing

namespace kapok {

template <>
inline constexpr EnumName<routing::Ring> kEnumNames<routing::Ring>[] = {
    {routing::Ring::kStation, "station", "本站"},        {routing::Ring::kDistrict, "district", "本区"},
    {routing::Ring::kRegion, "region", "本区域"},        {routing::Ring::kCity, "city", "全市"},
    {routing::Ring::kDutyPhone, "duty_phone", "总值班"},
};

template <>
inline constexpr EnumName<routing::LeftCause> kEnumNames<routing::LeftCause>[] = {
    {routing::LeftCause::kHungUp, "hung_up", "来电人挂断"},
    {routing::LeftCause::kGatewayLetGo, "gateway_let_go", "等候超时"},
    {routing::LeftCause::kGatewayLost, "gateway_lost", "网关丢失"},
    {routing::LeftCause::kNetworkFailure, "network_failure", "线路故障"},
    {routing::LeftCause::kLostOnRestart, "lost_on_restart", "重启丢失"},
    {routing::LeftCause::kTest, "test", "测试"},
    {routing::LeftCause::kNotReached, "not_reached", "回拨无人接听"},
};

template <>
inline constexpr EnumName<routing::OfferFailure> kEnumNames<routing::OfferFailure>[] = {
    {routing::OfferFailure::kBusy, "busy", "忙"},
    {routing::OfferFailure::kUnreachable, "unreachable", "无法接通"},
};

template <>
inline constexpr EnumName<routing::OfferEnd> kEnumNames<routing::OfferEnd>[] = {
    {routing::OfferEnd::kAccepted, "accepted", "已接听"},
    {routing::OfferEnd::kDeclined, "declined", "已婉拒"},
    {routing::OfferEnd::kMissed, "missed", "振铃未接"},
    {routing::OfferEnd::kBusy, "busy", "忙"},
    {routing::OfferEnd::kUnreachable, "unreachable", "无法接通"},
    {routing::OfferEnd::kDeviceLost, "device_lost", "设备断线"},
    {routing::OfferEnd::kCallerLeft, "caller_left", "来电人已挂断"},
    {routing::OfferEnd::kAnsweredElsewhere, "answered_elsewhere", "已在其他设备接听"},
    {routing::OfferEnd::kCancelled, "cancelled", "转接已取消"},
};

template <>
inline constexpr EnumName<routing::OfferReason> kEnumNames<routing::OfferReason>[] = {
    {routing::OfferReason::kRing, "ring", "按序分派"},         {routing::OfferReason::kSticky, "sticky", "续接"},
    {routing::OfferReason::kBackup, "backup", "备班"},         {routing::OfferReason::kTransfer, "transfer", "转接"},
    {routing::OfferReason::kReturned, "returned", "转接退回"},
};

template <>
inline constexpr EnumName<routing::WaitsAgain> kEnumNames<routing::WaitsAgain>[] = {
    {routing::WaitsAgain::kHandedBack, "handed_back", "退回等候"},
    {routing::WaitsAgain::kDeviceLost, "device_lost", "设备断线"},
    {routing::WaitsAgain::kLegLost, "leg_lost", "通话中断"},
    {routing::WaitsAgain::kTransferred, "transferred", "转接"},
};

template <>
inline constexpr EnumName<routing::TransferKind> kEnumNames<routing::TransferKind>[] = {
    {routing::TransferKind::kCold, "cold", "直接转接"},
    {routing::TransferKind::kWarm, "warm", "陪同转接"},
};

template <>
inline constexpr EnumName<routing::TransferEnd> kEnumNames<routing::TransferEnd>[] = {
    {routing::TransferEnd::kTaken, "taken", "已接手"},
    {routing::TransferEnd::kNotTaken, "not_taken", "对方未接"},
    {routing::TransferEnd::kCancelled, "cancelled", "已取消"},
    {routing::TransferEnd::kCallEnded, "call_ended", "来电已结束"},
    {routing::TransferEnd::kFirstGone, "first_gone", "原社工已离开"},
};

template <>
inline constexpr EnumName<routing::AwayReason> kEnumNames<routing::AwayReason>[] = {
    {routing::AwayReason::kNone, "none", ""},
    {routing::AwayReason::kByWorker, "by_worker", "本人暂离"},
    {routing::AwayReason::kMissed, "missed", "漏接暂离"},
    {routing::AwayReason::kDevice, "device", "设备断线"},
    {routing::AwayReason::kPaused, "paused", "暂停振铃"},
};

template <>
inline constexpr EnumName<routing::GapKind> kEnumNames<routing::GapKind>[] = {
    {routing::GapKind::kNobodyOnShift, "nobody_on_shift", "无人值班"},
    {routing::GapKind::kNobodyReachable, "nobody_reachable", "值班人员无法接听"},
};

}  // namespace kapok
