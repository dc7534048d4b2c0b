#pragma once

#include <string_view>

#include "core/enum_names.h"

namespace kapok {

/// Stable codes a client may hear. Names never change meaning; new ones are added at the end of a group.
/// Each says what a client should do: correct the request, give up, or try again later.
enum class ErrorCode {
  // The request itself is wrong: correct it.
  kInvalidArgument,
  kTextNotUtf8,
  kTextTooLong,
  kUnknownLine,
  kUnknownUnit,
  kUnknownWorker,
  kUnknownCall,
  kUnknownOffer,
  kUnknownContact,
  kUnknownReferral,
  kUnknownCallback,
  kUnknownShift,
  kUnknownEndpoint,
  kNumberNotUsable,
  kSearchTooShort,
  kNarrowSearch,
  kImportRefused,
  kShiftEndsBeforeStart,
  kShiftTooLong,
  // The world has moved on: look again.
  kVersionConflict,
  kWrongState,
  kAlreadyTaken,
  kOfferGone,
  kNotYours,
  kCallEnded,
  kNotOnDuty,
  kBusy,
  kAlreadyOnDuty,
  kNobodyFree,
  // Who you are.
  kNotSignedIn,
  kWrongCredentials,
  kSecondFactorNeeded,
  kForbidden,
  kSessionEnded,
  kLockedOut,
  // The conversation.
  kBadFrame,
  kFrameTooLarge,
  kUnknownRequest,
  kVersionNotSupported,
  kKeyReused,
  kStaleRequest,
  kMissingKey,
  // Not now: try again.
  kRetryAfter,
  kStoreUnavailable,
  kStoreFull,
  kDeadlineExceeded,
  kShuttingDown,
  kGatewayUnavailable,
  // Ours.
  kRowDamaged,
  kInternal,
};

template <>
inline constexpr EnumName<ErrorCode> kEnumNames<ErrorCode>[] = {
    {ErrorCode::kInvalidArgument, "INVALID_ARGUMENT", "参数有误"},
    {ErrorCode::kTextNotUtf8, "TEXT_NOT_UTF8", "文字编码有误"},
    {ErrorCode::kTextTooLong, "TEXT_TOO_LONG", "文字过长"},
    {ErrorCode::kUnknownLine, "UNKNOWN_LINE", "没有这条热线"},
    {ErrorCode::kUnknownUnit, "UNKNOWN_UNIT", "没有这个单位"},
    {ErrorCode::kUnknownWorker, "UNKNOWN_WORKER", "没有这位社工"},
    {ErrorCode::kUnknownCall, "UNKNOWN_CALL", "没有这通电话"},
    {ErrorCode::kUnknownOffer, "UNKNOWN_OFFER", "没有这条新来电"},
    {ErrorCode::kUnknownContact, "UNKNOWN_CONTACT", "没有这条服务记录"},
    {ErrorCode::kUnknownReferral, "UNKNOWN_REFERRAL", "没有这张工单"},
    {ErrorCode::kUnknownCallback, "UNKNOWN_CALLBACK", "没有这条回电任务"},
    {ErrorCode::kUnknownShift, "UNKNOWN_SHIFT", "没有这个班次"},
    {ErrorCode::kUnknownEndpoint, "UNKNOWN_ENDPOINT", "没有这个接听方式"},
    {ErrorCode::kNumberNotUsable, "NUMBER_NOT_USABLE", "号码不可用"},
    {ErrorCode::kSearchTooShort, "SEARCH_TOO_SHORT", "检索词至少两个字"},
    {ErrorCode::kNarrowSearch, "NARROW_SEARCH", "结果过多，请缩小范围"},
    {ErrorCode::kImportRefused, "IMPORT_REFUSED", "导入未通过"},
    {ErrorCode::kShiftEndsBeforeStart, "SHIFT_ENDS_BEFORE_START", "班次结束早于开始"},
    {ErrorCode::kShiftTooLong, "SHIFT_TOO_LONG", "班次超过24小时"},
    {ErrorCode::kVersionConflict, "VERSION_CONFLICT", "他人已修改，请刷新"},
    {ErrorCode::kWrongState, "WRONG_STATE", "当前状态不允许"},
    {ErrorCode::kAlreadyTaken, "ALREADY_TAKEN", "已被接单"},
    {ErrorCode::kOfferGone, "OFFER_GONE", "来电已转走或挂断"},
    {ErrorCode::kNotYours, "NOT_YOURS", "不是分派给您的"},
    {ErrorCode::kCallEnded, "CALL_ENDED", "通话已结束"},
    {ErrorCode::kNotOnDuty, "NOT_ON_DUTY", "未在岗"},
    {ErrorCode::kBusy, "BUSY", "正在通话或分派中"},
    {ErrorCode::kAlreadyOnDuty, "ALREADY_ON_DUTY", "已在岗"},
    {ErrorCode::kNobodyFree, "NOBODY_FREE", "现在没有人可以接听"},
    {ErrorCode::kNotSignedIn, "NOT_SIGNED_IN", "尚未登录"},
    {ErrorCode::kWrongCredentials, "WRONG_CREDENTIALS", "账号或密码不对"},
    {ErrorCode::kSecondFactorNeeded, "SECOND_FACTOR_NEEDED", "需要动态验证码"},
    {ErrorCode::kForbidden, "FORBIDDEN", "无此权限"},
    {ErrorCode::kSessionEnded, "SESSION_ENDED", "会话已结束"},
    {ErrorCode::kLockedOut, "LOCKED_OUT", "尝试过多，请稍后"},
    {ErrorCode::kBadFrame, "BAD_FRAME", "数据帧有误"},
    {ErrorCode::kFrameTooLarge, "FRAME_TOO_LARGE", "数据帧过大"},
    {ErrorCode::kUnknownRequest, "UNKNOWN_REQUEST", "未知请求"},
    {ErrorCode::kVersionNotSupported, "VERSION_NOT_SUPPORTED", "版本不支持"},
    {ErrorCode::kKeyReused, "KEY_REUSED", "幂等键被用于不同内容"},
    {ErrorCode::kStaleRequest, "STALE_REQUEST", "请求已过期"},
    {ErrorCode::kMissingKey, "MISSING_KEY", "缺少幂等键"},
    {ErrorCode::kRetryAfter, "RETRY_AFTER", "请稍后再试"},
    {ErrorCode::kStoreUnavailable, "STORE_UNAVAILABLE", "存储暂不可用"},
    {ErrorCode::kStoreFull, "STORE_FULL", "存储空间已满"},
    {ErrorCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "超过时限"},
    {ErrorCode::kShuttingDown, "SHUTTING_DOWN", "服务器正在停止"},
    {ErrorCode::kGatewayUnavailable, "GATEWAY_UNAVAILABLE", "电话网关不可用"},
    {ErrorCode::kRowDamaged, "ROW_DAMAGED", "记录受损，已隔离"},
    {ErrorCode::kInternal, "INTERNAL", "内部错误"},
};

}  // namespace kapok
