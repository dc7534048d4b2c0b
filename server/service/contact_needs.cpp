#include "service/contact_needs.h"

#include <algorithm>

#include "service/contact_access.h"
#include "storage/referral_event_table.h"
#include "storage/referral_table.h"

namespace kapok::service {
namespace {

const casework::Need* stored_need(const std::vector<casework::Need>& stored, NeedId id) {
  const auto found = std::find_if(stored.begin(), stored.end(), [id](const auto& need) { return need.id == id; });
  return found == stored.end() ? nullptr : &*found;
}

bool names(const std::vector<casework::Need>& needs, NeedId id) {
  return std::any_of(needs.begin(), needs.end(), [id](const auto& need) { return need.id == id; });
}

/// The stored need that a need without id at `at` stands for, if any.
const casework::Need* same_place(const std::vector<casework::Need>& stored, const std::vector<casework::Need>& needs,
                                 std::size_t at) {
  if (at >= stored.size() || stored[at].kind != needs[at].kind || names(needs, stored[at].id)) return nullptr;
  return &stored[at];
}

}  // namespace

Result<> check_destination(const Directory& directory, UnitId to_unit) {
  const Unit* unit = directory.tree().find(to_unit);
  if (unit == nullptr) return Error{ErrorCode::kUnknownUnit, "to_unit"};
  if (unit->kind != UnitKind::kStation && unit->kind != UnitKind::kPoint)
    return Error{ErrorCode::kInvalidArgument, "to_unit: orders go to a station or a point"};
  return Done{};
}

Result<> adopt_needs(const std::vector<casework::Need>& stored, std::vector<casework::Need>& needs, IdStock& ids) {
  for (std::size_t at = 0; at < needs.size(); ++at) {
    casework::Need& need = needs[at];
    const casework::Need* old = need.id.is_set() ? stored_need(stored, need.id) : same_place(stored, needs, at);
    if (need.id.is_set() && old == nullptr)
      return Error{ErrorCode::kInvalidArgument, "needs: an id that is not of this contact"};
    const auto same = [&need](const auto& other) { return need.id.is_set() && other.id == need.id; };
    if (std::count_if(needs.begin(), needs.end(), same) > 1)
      return Error{ErrorCode::kInvalidArgument, "needs: an id is named twice"};
    need.id = old ? old->id : ids.take<NeedId>();
    need.state = old ? old->state : casework::NeedState::kOpen;
    need.referral = old ? old->referral : ReferralId{};
  }
  return Done{};
}

Result<> check_dispatches(const Directory& directory, const std::vector<casework::Need>& needs,
                          const std::vector<api::Dispatch>& dispatches) {
  if (needs.size() > casework::kNeedsPerContactMax || dispatches.size() > casework::kNeedsPerContactMax)
    return Error{ErrorCode::kInvalidArgument, "at most 32 needs and 32 orders"};
  for (const api::Dispatch& dispatch : dispatches) {
    if (auto checked = check_destination(directory, dispatch.to_unit); !checked) return checked;
    for (const std::uint32_t at : dispatch.needs)
      if (at >= needs.size()) return Error{ErrorCode::kInvalidArgument, "dispatches: no need at that position"};
  }
  return Done{};
}

std::size_t ids_needed(std::size_t needs, std::size_t dispatches) { return needs + 2 * dispatches; }

Result<std::vector<casework::ReferralMoved>> dispatch_needs(storage::Transaction& tx, const CityConfig& config,
                                                            const Who& who, casework::Contact& contact,
                                                            const std::vector<api::Dispatch>& dispatches,
                                                            IdStock& ids) {
  std::vector<casework::ReferralMoved> made;
  if (dispatches.empty()) return made;
  if (const auto may = who.may(Action::kCreateReferral, object_of(contact, who.worker)); !may) return may.error();
  for (const api::Dispatch& dispatch : dispatches) {
    casework::NewReferral asked;
    asked.id = ids.take<ReferralId>();
    asked.display_number = take_display_number(tx, config);
    asked.contact = contact.id;
    asked.from_unit = contact.unit;
    asked.to_unit = dispatch.to_unit;
    asked.urgency = dispatch.urgency;
    asked.note = dispatch.note;
    asked.written_by = who.worker;
    for (const std::uint32_t at : dispatch.needs) {
      casework::Need& need = contact.fields.needs[at];
      if (need.state != casework::NeedState::kOpen)
        return Error{ErrorCode::kWrongState, "a need is carried by another order or already met"};
      asked.needs.push_back(need.id);
      need.state = casework::NeedState::kReferred;
      need.referral = asked.id;
    }
    auto moved = casework::dispatch(std::move(asked), tx.now());
    if (!moved) return moved.error();
    made.push_back(std::move(moved).value());
  }
  return made;
}

Result<std::vector<ReferralId>> save_dispatched(storage::Transaction& tx, const Who& who,
                                                const std::vector<casework::ReferralMoved>& made, IdStock& ids) {
  std::vector<ReferralId> referrals;
  for (const casework::ReferralMoved& moved : made) {
    const ReferralId id = moved.referral.id;
    if (auto saved = storage::ReferralTable::save(tx, moved.referral); !saved) return saved.error();
    if (auto saved = storage::ReferralEventTable::append(tx, ids.take<storage::ReferralEventId>(), id, moved.event);
        !saved)
      return saved.error();
    who.audit(tx, storage::AuditAction::kReferralChanged, storage::AuditObject::kReferral, id.value, Scope::kOwn);
    referrals.push_back(id);
  }
  return referrals;
}

}  // namespace kapok::service
