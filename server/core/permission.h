#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/enum_names.h"
#include "core/id.h"
#include "core/result.h"
#include "core/role.h"
#include "core/tree.h"

/// Who may do what to what: one table role × action × scope and one function that reads it (decision 7).
/// A role grants nothing that the table does not name. What a state forbids (a finalised contact, a taken
/// order) is decided in casework, not here.
namespace kapok {

/// Everything a signed-in person or gateway can ask for. The comment names the object: its unit, its owner.
enum class Action {
  // Duty.
  kTakeRosteredDuty,   ///< the shift; owner = its worker
  kTakeDutyOnTheSpot,  ///< unit where duty is taken
  kUseDesk,            ///< ready, away, leave, end after-call; owner = oneself
  kListShifts,
  // Calls.
  kAnswerOffer,  ///< accept or decline; owner = to whom it is offered
  kHandleCall,   ///< hand back, hang up; owner = who talks
  // Contacts; unit = dialled unit.
  kWriteContact,    ///< draft and finalise; owner = answerer or writer
  kRecordManual,    ///< 电话补录
  kCorrectContact,  ///< owner = writer; with scope beyond own it is a lead's correction
  kConfirmContact,  ///< owner = answerer
  kReviewContact,
  kOpenContact,        ///< text and full name and number; having answered once is no right for ever: it is `assigned`
  kOpenContactMasked,  ///< coded fields, masked name and number, no text
  kBreakGlass,         ///< 紧急调阅: opens content that kOpenContact refuses, with reason, audited and reported
  kListDrafts,
  // Call log.
  kSearchLog,  ///< masked rows
  kExportLog,  ///< the same as CSV
  // What nobody answered; unit = dialled unit.
  kListCallbacks,
  kClaimCallback,
  kWorkCallback,  ///< dial, done, attempted; owner = who claimed it
  kAcknowledgeMissed,
  // Referrals.
  kCreateReferral,      ///< unit and owner of the contact
  kListReferrals,       ///< unit that sent or got it
  kOpenReferral,        ///< text and full name and address
  kAcceptReferral,      ///< unit = to_unit
  kReturnReferral,      ///< unit = to_unit
  kCompleteReferral,    ///< unit = to_unit, owner = who accepted
  kRedispatchReferral,  ///< unit = from_unit, owner = writer
  kWithdrawReferral,    ///< unit = from_unit, owner = writer
  // Watching and figures.
  kWatch,
  kListGaps,
  kReportDay,
  // Directory.
  kReadDirectory,  ///< units, lines, names of colleagues
  kImportDirectory,
  kImportPeople,
  kImportRoster,
  kManageWorkers,   ///< passwords, devices and roles of others
  kSetOwnPassword,  ///< owner = oneself
  // Machines.
  kReportGatewayEvent,
  kReadStatus,
  // Oversight.
  kReadAudit,
  kVerifyAudit,
};

/// A role held at a unit. `second_factor_due`: the city demands a second factor for this role (decision 7);
/// without one in the session the role grants nothing.
struct RoleGrant {
  Role role = Role::kWorker;
  UnitId unit;
  bool second_factor_due = false;
};

struct Subject {
  WorkerId worker;
  std::vector<RoleGrant> roles;
  UnitId own_station;                  ///< the desk where the person works: a station, or a district's or city's own
  std::vector<UnitId> patch_stations;  ///< a supervisor's patch
  bool second_factor = false;          ///< this session proved one
};

struct Object {
  UnitId unit;
  WorkerId owner;         ///< as the action says; none when nobody's
  bool assigned = false;  ///< the subject is *assigned* as decision 7 defines; the service knows
};

/// Which row of the table allowed it, for the audit trail.
struct Permission {
  Role role = Role::kWorker;
  Scope scope = Scope::kOther;
};

/// True when `scope` holds between subject and object: own = the object is the subject's; assigned as flagged;
/// own_station = the object's desk is the subject's station (its points included); patch = that desk is in the patch;
/// subtree = below the unit at which `role` is held; other = always.
bool holds(const Tree& tree, const Subject& subject, const RoleGrant& role, Scope scope, const Object& object);

/// True when the table names this role, action and scope.
bool grants(Role role, Action action, Scope scope);

/// The question every request asks. FORBIDDEN, or SECOND_FACTOR_NEEDED when a second factor would allow it. Among the
/// permitting rows the nearest scope is returned. Unknown units are within nothing.
Result<Permission> may(const Tree& tree, const Subject& subject, Action action, const Object& object);

/// Whose rows a list may show. A desk is a unit and, for a station, its points; a subtree everything below a unit;
/// `own` adds the rows that are the subject's or assigned to it wherever they lie.
struct Reach {
  std::vector<UnitId> desks;
  std::vector<UnitId> subtrees;
  bool own = false;
};

/// The widest list `action` allows: the store filters by it. Nothing set = nothing to see.
Reach reach(const Tree& tree, const Subject& subject, Action action);

template <>
inline constexpr EnumName<Action> kEnumNames<Action>[] = {
    {Action::kTakeRosteredDuty, "take_rostered_duty", "上岗签到"},
    {Action::kTakeDutyOnTheSpot, "take_duty_on_the_spot", "临时顶班"},
    {Action::kUseDesk, "use_desk", "使用接线工作台"},
    {Action::kListShifts, "list_shifts", "查看班表"},
    {Action::kAnswerOffer, "answer_offer", "接听新来电"},
    {Action::kHandleCall, "handle_call", "处理通话"},
    {Action::kWriteContact, "write_contact", "填写服务记录"},
    {Action::kRecordManual, "record_manual", "电话补录"},
    {Action::kCorrectContact, "correct_contact", "补正服务记录"},
    {Action::kConfirmContact, "confirm_contact", "确认代录"},
    {Action::kReviewContact, "review_contact", "记录评阅"},
    {Action::kOpenContact, "open_contact", "查阅服务记录"},
    {Action::kOpenContactMasked, "open_contact_masked", "查阅脱敏记录"},
    {Action::kBreakGlass, "break_glass", "紧急调阅"},
    {Action::kListDrafts, "list_drafts", "查看未完成记录"},
    {Action::kSearchLog, "search_log", "检索记录"},
    {Action::kExportLog, "export_log", "导出记录"},
    {Action::kListCallbacks, "list_callbacks", "查看回电任务"},
    {Action::kClaimCallback, "claim_callback", "认领回电"},
    {Action::kWorkCallback, "work_callback", "回电"},
    {Action::kAcknowledgeMissed, "acknowledge_missed", "知悉漏接"},
    {Action::kCreateReferral, "create_referral", "派单"},
    {Action::kListReferrals, "list_referrals", "查看工单"},
    {Action::kOpenReferral, "open_referral", "查阅工单"},
    {Action::kAcceptReferral, "accept_referral", "接单"},
    {Action::kReturnReferral, "return_referral", "退单"},
    {Action::kCompleteReferral, "complete_referral", "办结"},
    {Action::kRedispatchReferral, "redispatch_referral", "改派"},
    {Action::kWithdrawReferral, "withdraw_referral", "撤单"},
    {Action::kWatch, "watch", "值守总览"},
    {Action::kListGaps, "list_gaps", "查看空岗"},
    {Action::kReportDay, "report_day", "查看日报"},
    {Action::kReadDirectory, "read_directory", "查看名录"},
    {Action::kImportDirectory, "import_directory", "导入机构与热线"},
    {Action::kImportPeople, "import_people", "导入人员"},
    {Action::kImportRoster, "import_roster", "导入班表"},
    {Action::kManageWorkers, "manage_workers", "管理人员账号"},
    {Action::kSetOwnPassword, "set_own_password", "修改本人密码"},
    {Action::kReportGatewayEvent, "report_gateway_event", "网关上报"},
    {Action::kReadStatus, "read_status", "查看运行状态"},
    {Action::kReadAudit, "read_audit", "查阅审计"},
    {Action::kVerifyAudit, "verify_audit", "校验审计链"},
};

}  // namespace kapok
