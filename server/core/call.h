#pragma once

#include "core/enum_names.h"

namespace kapok {

/// Life of a call (decision 1): one arrival on any channel until it ends.
enum class CallState { kWaiting, kOffered, kTalking, kEnded };

template <>
inline constexpr EnumName<CallState> kEnumNames<CallState>[] = {
    {CallState::kWaiting, "waiting", "等候"},
    {CallState::kOffered, "offered", "分派中"},
    {CallState::kTalking, "talking", "通话中"},
    {CallState::kEnded, "ended", "已结束"},
};

/// Where an arrival counts (domain.md §4): O = A + AB + SA + M + F; X stands outside.
enum class KpiBucket { kAnswered, kAbandoned, kShortAbandoned, kMissed, kFailure, kNotOffered };

template <>
inline constexpr EnumName<KpiBucket> kEnumNames<KpiBucket>[] = {
    {KpiBucket::kAnswered, "A", "接通"},
    {KpiBucket::kAbandoned, "AB", "未接通挂断"},
    {KpiBucket::kShortAbandoned, "SA", "短时挂断"},
    {KpiBucket::kMissed, "M", "漏接"},
    {KpiBucket::kFailure, "F", "系统故障"},
    {KpiBucket::kNotOffered, "X", "不计"},
};

/// How a call ended, once and for ever (decision 2).
enum class CallOutcome {
  kNone,  ///< not ended yet
  kAnswered,
  kAbandoned,       ///< caller left after more than the short-abandon threshold
  kShortAbandoned,  ///< caller left within it
  kMissed,          ///< rang out; no worker took it before we or the gateway had to let go
  kMissedNobodyOnDuty,
  kLostOnRestart,
  kGatewayLost,
  kNetworkFailure,
  kTest,
};

template <>
inline constexpr EnumName<CallOutcome> kEnumNames<CallOutcome>[] = {
    {CallOutcome::kNone, "none", "进行中"},
    {CallOutcome::kAnswered, "answered", "接通"},
    {CallOutcome::kAbandoned, "abandoned", "未接通挂断"},
    {CallOutcome::kShortAbandoned, "short_abandoned", "短时挂断"},
    {CallOutcome::kMissed, "missed", "漏接"},
    {CallOutcome::kMissedNobodyOnDuty, "missed_nobody_on_duty", "漏接（无人在岗）"},
    {CallOutcome::kLostOnRestart, "lost_on_restart", "重启丢失"},
    {CallOutcome::kGatewayLost, "gateway_lost", "网关丢失"},
    {CallOutcome::kNetworkFailure, "network_failure", "线路故障"},
    {CallOutcome::kTest, "test", "测试"},
};

/// Bucket of an ended call. Asking for an open call's bucket is our mistake.
constexpr KpiBucket bucket_of(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::kAnswered:
      return KpiBucket::kAnswered;
    case CallOutcome::kAbandoned:
      return KpiBucket::kAbandoned;
    case CallOutcome::kShortAbandoned:
      return KpiBucket::kShortAbandoned;
    case CallOutcome::kMissed:
    case CallOutcome::kMissedNobodyOnDuty:
      return KpiBucket::kMissed;
    case CallOutcome::kLostOnRestart:
    case CallOutcome::kGatewayLost:
    case CallOutcome::kNetworkFailure:
      return KpiBucket::kFailure;
    case CallOutcome::kTest:
      return KpiBucket::kNotOffered;
    case CallOutcome::kNone:
      break;
  }
  check_failed("call has ended", __FILE__, __LINE__);
}

/// Urgency class of a caller (decision 9). Lower goes first; a class only ever rises towards 0.
enum class CallerClass { kCrisis = 0, kVulnerable = 1, kNormal = 2, kCallback = 3 };

template <>
inline constexpr EnumName<CallerClass> kEnumNames<CallerClass>[] = {
    {CallerClass::kCrisis, "crisis", "危机"},
    {CallerClass::kVulnerable, "vulnerable", "优先"},
    {CallerClass::kNormal, "normal", "普通"},
    {CallerClass::kCallback, "callback", "回电"},
};

enum class Channel { kPhone, kSms, kWebChat, kWechat, kWalkIn, kHomeVisit, kLetter, kTransfer12345, kTransfer110 };

template <>
inline constexpr EnumName<Channel> kEnumNames<Channel>[] = {
    {Channel::kPhone, "phone", "电话"},
    {Channel::kSms, "sms", "短信"},
    {Channel::kWebChat, "web_chat", "网页"},
    {Channel::kWechat, "wechat", "微信"},
    {Channel::kWalkIn, "walk_in", "来访"},
    {Channel::kHomeVisit, "home_visit", "入户"},
    {Channel::kLetter, "letter", "信函"},
    {Channel::kTransfer12345, "transfer_12345", "12345转办"},
    {Channel::kTransfer110, "transfer_110", "联动转入"},
};

/// Who ended a call or a leg.
enum class EndedBy { kNone, kCaller, kWorker, kSystem, kNetwork };

template <>
inline constexpr EnumName<EndedBy> kEnumNames<EndedBy>[] = {
    {EndedBy::kNone, "none", ""},         {EndedBy::kCaller, "caller", "来电人"}, {EndedBy::kWorker, "worker", "社工"},
    {EndedBy::kSystem, "system", "系统"}, {EndedBy::kNetwork, "network", "线路"},
};

}  // namespace kapok
