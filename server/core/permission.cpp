#include "core/permission.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/check.h"

namespace kapok {
namespace {

using Scopes = std::uint8_t;

constexpr Scopes bit(Scope scope) { return static_cast<Scopes>(1U << static_cast<unsigned>(scope)); }

// Short names make the table below readable as one.
constexpr Scopes O = bit(Scope::kOwn);
constexpr Scopes A = bit(Scope::kAssigned);
constexpr Scopes S = bit(Scope::kOwnStation);
constexpr Scopes P = bit(Scope::kPatch);
constexpr Scopes T = bit(Scope::kSubtree);
constexpr Scopes X = O | A | S | P | T | bit(Scope::kOther);

constexpr Role W = Role::kWorker;
constexpr Role L = Role::kStationLead;
constexpr Role Off = Role::kStationOfficial;
constexpr Role Sup = Role::kSupervisor;
constexpr Role Night = Role::kDutySupervisor;
constexpr Role Dis = Role::kDistrictLead;
constexpr Role Reg = Role::kRegionLead;
constexpr Role City = Role::kCityCentre;
constexpr Role Civ = Role::kCivilAffairs;
constexpr Role Stew = Role::kDataSteward;
constexpr Role Aud = Role::kAuditor;
constexpr Role Eval = Role::kEvaluator;
constexpr Role Oper = Role::kSystemOperator;
constexpr Role Gate = Role::kGateway;

struct Cell {
  Role role;
  Scopes scopes;
};

constexpr std::size_t kCellsMax = count_of<Role>();

struct Row {
  Action action;
  std::array<Cell, kCellsMax> cells;  // unused ones grant nothing: their scopes are 0
};

/// The one table. District, region and city see counts and masked lists, never content; the system operator
/// and the auditor see no record (decision 7).
constexpr Row kTable[] = {
    {Action::kTakeRosteredDuty, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},
    {Action::kTakeDutyOnTheSpot, {{{W, S}, {L, S}}}},
    {Action::kUseDesk, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},
    {Action::kListShifts,
     {{{W, O | S}, {L, O | S}, {Off, S}, {Sup, O | P}, {Night, O | T}, {Dis, T}, {Reg, T}, {City, T}, {Civ, T}}}},

    {Action::kAnswerOffer, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},
    {Action::kHandleCall, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},

    {Action::kWriteContact, {{{W, O | A | S}, {L, O | A | S}, {Sup, O | A}, {Night, O | A}}}},
    {Action::kRecordManual, {{{W, S}, {L, S}}}},
    {Action::kCorrectContact, {{{W, O}, {L, O | S}, {Sup, O}, {Night, O}}}},
    {Action::kConfirmContact, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},
    {Action::kReviewContact, {{{Sup, P}}}},
    {Action::kOpenContact, {{{W, A | S}, {L, A | S}, {Sup, A | P}, {Night, A}}}},
    {Action::kOpenContactMasked,
     {{{W, O | A | S},
       {L, O | A | S},
       {Off, S},
       {Sup, O | A | P},
       {Night, O | A | T},
       {Dis, T},
       {Reg, T},
       {City, T},
       {Eval, T}}}},
    {Action::kBreakGlass, {{{Night, T}, {Dis, T}, {Reg, T}, {City, T}}}},
    {Action::kListDrafts, {{{W, O | S}, {L, O | S}, {Sup, O | P}, {Night, O}}}},

    {Action::kSearchLog,
     {{{W, O | S}, {L, O | S}, {Off, S}, {Sup, O | P}, {Night, O | T}, {Dis, T}, {Reg, T}, {City, T}, {Eval, T}}}},
    {Action::kExportLog, {{{L, S}, {Sup, P}, {Dis, T}, {Reg, T}, {City, T}}}},

    {Action::kListCallbacks,
     {{{W, O | A | S}, {L, O | A | S}, {Sup, O | A | P}, {Night, O | A | T}, {Dis, T}, {Reg, T}, {City, T}}}},
    {Action::kClaimCallback, {{{W, A | S}, {L, A | S}, {Sup, A | P}, {Night, A | T}}}},
    {Action::kWorkCallback, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},
    {Action::kAcknowledgeMissed, {{{W, S}, {L, S}, {Sup, P}, {Night, T}}}},

    {Action::kCreateReferral, {{{W, O | A | S}, {L, O | A | S}, {Sup, O | A | P}, {Night, O | A}}}},
    {Action::kListReferrals,
     {{{W, O | A | S},
       {L, O | A | S},
       {Off, S},
       {Sup, O | A | P},
       {Night, O | A | T},
       {Dis, T},
       {Reg, T},
       {City, T},
       {Civ, T},
       {Eval, T}}}},
    {Action::kOpenReferral, {{{W, O | A | S}, {L, O | A | S}, {Sup, O | A | P}, {Night, O | A}}}},
    {Action::kAcceptReferral, {{{W, S}, {L, S}}}},
    {Action::kReturnReferral, {{{W, S}, {L, S}}}},
    {Action::kCompleteReferral, {{{W, O | S}, {L, O | S}}}},
    {Action::kRedispatchReferral, {{{W, O | A | S}, {L, O | A | S}, {Sup, O | A | P}, {Night, O | A}}}},
    {Action::kWithdrawReferral, {{{W, O}, {L, O}, {Sup, O}, {Night, O}}}},

    {Action::kWatch, {{{W, S}, {L, S}, {Off, S}, {Sup, P}, {Night, T}, {Dis, T}, {Reg, T}, {City, T}}}},
    {Action::kListGaps, {{{L, S}, {Off, S}, {Sup, P}, {Night, T}, {Dis, T}, {Reg, T}, {City, T}, {Civ, T}, {Eval, T}}}},
    {Action::kReportDay,
     {{{L, S}, {Off, S}, {Sup, P}, {Night, T}, {Dis, T}, {Reg, T}, {City, T}, {Civ, T}, {Eval, T}}}},

    {Action::kReadDirectory,
     {{{W, X},
       {L, X},
       {Off, X},
       {Sup, X},
       {Night, X},
       {Dis, X},
       {Reg, X},
       {City, X},
       {Civ, X},
       {Stew, X},
       {Aud, X},
       {Eval, X},
       {Oper, X},
       {Gate, X}}}},
    {Action::kImportDirectory, {{{City, T}, {Stew, T}}}},
    {Action::kImportPeople, {{{City, T}, {Stew, T}}}},
    {Action::kImportRoster, {{{L, S}, {City, T}, {Stew, T}}}},
    {Action::kManageWorkers, {{{City, T}, {Stew, T}}}},
    {Action::kSetOwnPassword,
     {{{W, O},
       {L, O},
       {Off, O},
       {Sup, O},
       {Night, O},
       {Dis, O},
       {Reg, O},
       {City, O},
       {Civ, O},
       {Stew, O},
       {Aud, O},
       {Eval, O},
       {Oper, O}}}},

    {Action::kReportGatewayEvent, {{{Gate, T}}}},
    {Action::kReadStatus, {{{City, T}, {Oper, T}}}},

    {Action::kReadAudit, {{{Sup, P}, {Aud, T}}}},
    {Action::kVerifyAudit, {{{Aud, T}, {Oper, T}}}},
};

Scopes scopes_of(Role role, Action action) {
  const auto row = std::find_if(std::begin(kTable), std::end(kTable),
                                [action](const Row& candidate) { return candidate.action == action; });
  if (row == std::end(kTable)) return 0;
  for (const Cell& cell : row->cells)
    if (cell.role == role && cell.scopes != 0) return cell.scopes;
  return 0;
}

/// The nearest scope by which this role allows the action, if any.
std::optional<Scope> allowing_scope(const Tree& tree, const Subject& subject, const RoleGrant& role, Action action,
                                    const Object& object) {
  for (const auto& scope : kEnumNames<Scope>)
    if (grants(role.role, action, scope.value) && holds(tree, subject, role, scope.value, object)) return scope.value;
  return std::nullopt;
}

bool counts(const Subject& subject, const RoleGrant& role) { return subject.second_factor || !role.second_factor_due; }

bool contains(const std::vector<UnitId>& units, UnitId unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

void add_once(std::vector<UnitId>& units, UnitId unit) {
  if (unit.is_set() && !contains(units, unit)) units.push_back(unit);
}

}  // namespace

bool grants(Role role, Action action, Scope scope) { return (scopes_of(role, action) & bit(scope)) != 0; }

bool holds(const Tree& tree, const Subject& subject, const RoleGrant& role, Scope scope, const Object& object) {
  const UnitId desk = tree.desk_of(object.unit);
  switch (scope) {
    case Scope::kOwn:
      return subject.worker.is_set() && object.owner == subject.worker;
    case Scope::kAssigned:
      return object.assigned;
    case Scope::kOwnStation:
      return desk.is_set() && desk == subject.own_station;
    case Scope::kPatch:
      return desk.is_set() && contains(subject.patch_stations, desk);
    case Scope::kSubtree:
      return tree.is_within(object.unit, role.unit);
    case Scope::kOther:
      return true;
  }
  check_failed("scope is known", __FILE__, __LINE__);
}

Result<Permission> may(const Tree& tree, const Subject& subject, Action action, const Object& object) {
  std::optional<Permission> nearest;
  bool factor_missing = false;
  for (const RoleGrant& role : subject.roles) {
    const auto scope = allowing_scope(tree, subject, role, action, object);
    if (!scope) continue;
    if (!counts(subject, role))
      factor_missing = true;
    else if (!nearest || *scope < nearest->scope)
      nearest = Permission{role.role, *scope};
  }
  if (nearest) return *nearest;
  if (factor_missing) return Error{ErrorCode::kSecondFactorNeeded, std::string{name_of(action)}};
  return Error{ErrorCode::kForbidden, std::string{name_of(action)}};
}

Reach reach(const Tree& tree, const Subject& subject, Action action) {
  Reach found;
  for (const RoleGrant& role : subject.roles) {
    if (!counts(subject, role)) continue;
    if (grants(role.role, action, Scope::kOwn) || grants(role.role, action, Scope::kAssigned)) found.own = true;
    if (grants(role.role, action, Scope::kOwnStation)) add_once(found.desks, subject.own_station);
    if (grants(role.role, action, Scope::kPatch))
      for (const UnitId station : subject.patch_stations) add_once(found.desks, station);
    if (grants(role.role, action, Scope::kSubtree)) add_once(found.subtrees, role.unit);
    if (grants(role.role, action, Scope::kOther)) add_once(found.subtrees, tree.root());
  }
  return found;
}

}  // namespace kapok
