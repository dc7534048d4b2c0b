#pragma once

#include <cstdint>
#include <string_view>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/role.h"

namespace kapok::storage {

/// What was done. Stored and hashed as its number: new values go to the END, none is ever removed.
enum class AuditAction {
  kSignIn,
  kSignInRefused,
  kSignOut,
  kDutyChanged,
  kCallChanged,
  kContactWritten,
  kContactFinalised,
  kContactCorrected,
  kContactReviewed,
  kReferralChanged,
  kFollowUpChanged,
  kMissedCallerAcknowledged,
  kRecordOpened,
  kSearched,
  kListed,
  kExported,
  kReported,
  kUnmasked,
  kBreakGlass,
  kImported,
  kDirectoryChanged,
  kRosterChanged,
  kPersonChanged,
  kCredentialChanged,
  kSettingChanged,
  kStoreMaintained,
  kManyOpened,  ///< one person opened many records within an hour; kRefused: so many that he was stopped
  kAuditRead,   ///< somebody asked who read a record, or for alerts
};

/// What it was done to.
enum class AuditObject {
  kNone,
  kCall,
  kContact,
  kReferral,
  kFollowUp,
  kMissedCaller,
  kShift,
  kWorker,
  kUnit,
  kLine,
  kEndpoint,
  kSession,
  kReport,
  kStore,
};

enum class AuditOutcome { kDone, kRefused };

/// Why somebody says he needs it; free text goes to the sealed detail.
enum class AuditReason {
  kNone,
  kAssigned,
  kReview,
  kCoaching,
  kComplaint,
  kEmergency,
  kStatistics,
  kMaintenance,
  kOther
};

/// One thing that happened, without any personal content: ids, codes and times only (decision 26).
struct AuditEvent {
  WorkerId actor;  ///< unset: the server itself
  SessionId session;
  AuditAction action = AuditAction::kStoreMaintained;
  AuditObject object = AuditObject::kNone;
  std::int64_t object_id = 0;
  Scope scope = Scope::kOther;
  AuditReason reason = AuditReason::kNone;
  AuditOutcome outcome = AuditOutcome::kDone;
};

}  // namespace kapok::storage

namespace kapok {

template <>
inline constexpr EnumName<storage::AuditAction> kEnumNames<storage::AuditAction>[] = {
    {storage::AuditAction::kSignIn, "sign_in", "登录"},
    {storage::AuditAction::kSignInRefused, "sign_in_refused", "登录被拒"},
    {storage::AuditAction::kSignOut, "sign_out", "退出"},
    {storage::AuditAction::kDutyChanged, "duty_changed", "上岗下岗"},
    {storage::AuditAction::kCallChanged, "call_changed", "通话处理"},
    {storage::AuditAction::kContactWritten, "contact_written", "填写服务记录"},
    {storage::AuditAction::kContactFinalised, "contact_finalised", "提交服务记录"},
    {storage::AuditAction::kContactCorrected, "contact_corrected", "补正服务记录"},
    {storage::AuditAction::kContactReviewed, "contact_reviewed", "评阅服务记录"},
    {storage::AuditAction::kReferralChanged, "referral_changed", "工单处理"},
    {storage::AuditAction::kFollowUpChanged, "follow_up_changed", "跟进处理"},
    {storage::AuditAction::kMissedCallerAcknowledged, "missed_caller_acknowledged", "确认漏接"},
    {storage::AuditAction::kRecordOpened, "record_opened", "查阅记录"},
    {storage::AuditAction::kSearched, "searched", "检索"},
    {storage::AuditAction::kListed, "listed", "列表"},
    {storage::AuditAction::kExported, "exported", "导出"},
    {storage::AuditAction::kReported, "reported", "报表"},
    {storage::AuditAction::kUnmasked, "unmasked", "查看完整号码"},
    {storage::AuditAction::kBreakGlass, "break_glass", "紧急调阅"},
    {storage::AuditAction::kImported, "imported", "导入"},
    {storage::AuditAction::kDirectoryChanged, "directory_changed", "修改名录"},
    {storage::AuditAction::kRosterChanged, "roster_changed", "修改排班"},
    {storage::AuditAction::kPersonChanged, "person_changed", "修改人员"},
    {storage::AuditAction::kCredentialChanged, "credential_changed", "修改凭证"},
    {storage::AuditAction::kSettingChanged, "setting_changed", "修改设置"},
    {storage::AuditAction::kStoreMaintained, "store_maintained", "存储维护"},
    {storage::AuditAction::kManyOpened, "many_opened", "查阅过多"},
    {storage::AuditAction::kAuditRead, "audit_read", "查阅审计"},
};

template <>
inline constexpr EnumName<storage::AuditObject> kEnumNames<storage::AuditObject>[] = {
    {storage::AuditObject::kNone, "none", ""},
    {storage::AuditObject::kCall, "call", "通话"},
    {storage::AuditObject::kContact, "contact", "服务记录"},
    {storage::AuditObject::kReferral, "referral", "服务工单"},
    {storage::AuditObject::kFollowUp, "follow_up", "跟进"},
    {storage::AuditObject::kMissedCaller, "missed_caller", "漏接"},
    {storage::AuditObject::kShift, "shift", "班次"},
    {storage::AuditObject::kWorker, "worker", "社工"},
    {storage::AuditObject::kUnit, "unit", "单位"},
    {storage::AuditObject::kLine, "line", "热线"},
    {storage::AuditObject::kEndpoint, "endpoint", "接听方式"},
    {storage::AuditObject::kSession, "session", "会话"},
    {storage::AuditObject::kReport, "report", "报表"},
    {storage::AuditObject::kStore, "store", "存储"},
};

template <>
inline constexpr EnumName<storage::AuditOutcome> kEnumNames<storage::AuditOutcome>[] = {
    {storage::AuditOutcome::kDone, "done", "完成"},
    {storage::AuditOutcome::kRefused, "refused", "拒绝"},
};

template <>
inline constexpr EnumName<storage::AuditReason> kEnumNames<storage::AuditReason>[] = {
    {storage::AuditReason::kNone, "none", ""},
    {storage::AuditReason::kAssigned, "assigned", "经办"},
    {storage::AuditReason::kReview, "review", "评阅"},
    {storage::AuditReason::kCoaching, "coaching", "督导"},
    {storage::AuditReason::kComplaint, "complaint", "投诉核查"},
    {storage::AuditReason::kEmergency, "emergency", "紧急处置"},
    {storage::AuditReason::kStatistics, "statistics", "统计"},
    {storage::AuditReason::kMaintenance, "maintenance", "维护"},
    {storage::AuditReason::kOther, "other", "其他"},
};

}  // namespace kapok
