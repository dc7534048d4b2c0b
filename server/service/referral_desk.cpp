#include "service/referral_desk.h"

#include <algorithm>
#include <memory>

#include "core/local_time.h"
#include "service/contact_access.h"
#include "service/contact_needs.h"
#include "service/id_stock.h"
#include "service/opening_audit.h"
#include "service/referral_view.h"
#include "storage/contact_table.h"
#include "storage/need_table.h"
#include "storage/referral_event_table.h"
#include "storage/referral_table.h"

namespace kapok::service {
namespace {

/// The needs follow their order: met when it is completed, open again when it is withdrawn. The contact's row is not
/// touched: its writer's version stays good.
Result<> move_needs(storage::Transaction& tx, const casework::Referral& referral) {
  auto needs = storage::NeedTable::of_contact(tx, referral.contact);
  if (!needs) return needs.error();
  const casework::NeedState state = casework::need_state_of(referral);
  for (casework::Need& need : *needs) {
    if (need.referral != referral.id) continue;
    need.state = state;
    if (state == casework::NeedState::kOpen) need.referral = {};
  }
  return storage::NeedTable::replace(tx, referral.contact, *needs);
}

Result<> write_move(storage::Transaction& tx, const casework::ReferralMoved& moved, IdStock& ids) {
  if (auto saved = storage::ReferralTable::save(tx, moved.referral); !saved) return saved;
  auto appended =
      storage::ReferralEventTable::append(tx, ids.take<storage::ReferralEventId>(), moved.referral.id, moved.event);
  if (!appended) return appended;
  return move_needs(tx, moved.referral);
}

/// Names who was first, and when (decision 29).
Error already_taken(const Who& who, const casework::Referral& referral, Duration utc_offset) {
  const auto winner = casework::winner_of(referral);
  if (!winner) return {ErrorCode::kAlreadyTaken, "a colleague was first"};
  const auto offset = std::chrono::duration_cast<UtcOffset>(utc_offset);
  return {ErrorCode::kAlreadyTaken,
          who.directory->worker_name(winner->worker) + " " + format_local(winner->at, offset)};
}

Result<api::ReplyBody> view_reply(storage::Transaction& tx, const Who& who, const casework::Referral& referral) {
  return api::ReplyBody{referral_view(tx, who, referral, tx.now(), true)};
}

Result<Scope> scope_of(const Result<Permission>& may) {
  if (!may) return may.error();
  return may->scope;
}

/// Needs named by id as positions on the contact's form.
Result<api::Dispatch> dispatch_of(const casework::Contact& contact, const api::CreateReferral& create) {
  api::Dispatch dispatch{{}, create.to_unit, create.urgency, create.note};
  for (const NeedId id : create.needs) {
    const auto& needs = contact.fields.needs;
    const auto found = std::find_if(needs.begin(), needs.end(), [id](const auto& need) { return need.id == id; });
    if (found == needs.end()) return Error{ErrorCode::kInvalidArgument, "needs: not of this contact"};
    dispatch.needs.push_back(static_cast<std::uint32_t>(found - needs.begin()));
  }
  return dispatch;
}

}  // namespace

/// Reads the order, lets `move` judge and move it, and answers with how it now stands.
void ReferralDesk::move(const Asked& asked, ReferralId id, Move move) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  auto ids = std::make_shared<IdStock>(office_, 1);
  Changes::Change change;
  change.apply = [id, ids, who = *who, move = std::move(move),
                  offset = office_.config.utc_offset](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto referral = storage::ReferralTable::get(tx, id);
    if (!referral) return referral.error();
    Scope scope = Scope::kOther;
    auto moved = move(tx, who, *referral, scope);
    if (!moved && moved.error().code == ErrorCode::kAlreadyTaken) return already_taken(who, *referral, offset);
    if (!moved) return moved.error();
    if (auto written = write_move(tx, *moved, *ids); !written) return written.error();
    who.audit(tx, storage::AuditAction::kReferralChanged, storage::AuditObject::kReferral, id.value, scope);
    return view_reply(tx, who, moved->referral);
  };
  office_.changes.save(asked, std::move(change));
}

void ReferralDesk::handle(const Asked& asked, const api::AcceptReferral& accept) {
  move(asked, accept.referral,
       [accept](storage::Transaction& tx, const Who& who, const casework::Referral& referral,
                Scope& scope) -> Result<casework::ReferralMoved> {
         const auto may = scope_of(who.may(Action::kAcceptReferral, receiving_side(referral, who.worker)));
         if (!may) return may.error();
         scope = *may;
         return casework::accept(referral, accept.version, who.worker, tx.now());
       });
}

void ReferralDesk::handle(const Asked& asked, const api::ReturnReferral& give_back) {
  move(asked, give_back.referral,
       [give_back](storage::Transaction& tx, const Who& who, const casework::Referral& referral,
                   Scope& scope) -> Result<casework::ReferralMoved> {
         const auto may = scope_of(who.may(Action::kReturnReferral, receiving_side(referral, who.worker)));
         if (!may) return may.error();
         scope = *may;
         return casework::give_back(referral, give_back.version, who.worker, give_back.reason, give_back.note,
                                    tx.now());
       });
}

void ReferralDesk::handle(const Asked& asked, const api::RedispatchReferral& redispatch) {
  if (auto checked = check_destination(*office_.directory, redispatch.to_unit); !checked)
    return asked->refuse(checked.error());
  move(asked, redispatch.referral,
       [redispatch](storage::Transaction& tx, const Who& who, const casework::Referral& referral,
                    Scope& scope) -> Result<casework::ReferralMoved> {
         const auto may = scope_of(who.may(Action::kRedispatchReferral, sending_side(referral, who.worker)));
         if (!may) return may.error();
         scope = *may;
         return casework::redispatch(referral, redispatch.version, who.worker, redispatch.to_unit, redispatch.note,
                                     tx.now());
       });
}

void ReferralDesk::handle(const Asked& asked, const api::CompleteReferral& complete) {
  move(asked, complete.referral,
       [complete](storage::Transaction& tx, const Who& who, const casework::Referral& referral,
                  Scope& scope) -> Result<casework::ReferralMoved> {
         const auto may = scope_of(who.may(Action::kCompleteReferral, receiving_side(referral, who.worker)));
         if (!may) return may.error();
         scope = *may;
         return casework::complete(referral, complete.version, who.worker, complete.result, complete.note, tx.now());
       });
}

void ReferralDesk::handle(const Asked& asked, const api::WithdrawReferral& withdraw) {
  move(asked, withdraw.referral,
       [withdraw](storage::Transaction& tx, const Who& who, const casework::Referral& referral,
                  Scope& scope) -> Result<casework::ReferralMoved> {
         const auto may = scope_of(who.may(Action::kWithdrawReferral, sending_side(referral, who.worker)));
         if (!may) return may.error();
         scope = *may;
         return casework::withdraw(referral, withdraw.version, who.worker, withdraw.reason, tx.now());
       });
}

void ReferralDesk::handle(const Asked& asked, const api::CreateReferral& create) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  if (auto checked = check_destination(*office_.directory, create.to_unit); !checked)
    return asked->refuse(checked.error());
  if (create.needs.size() > casework::kNeedsPerContactMax)
    return asked->refuse(ErrorCode::kInvalidArgument, "needs: at most 32");
  auto ids = std::make_shared<IdStock>(office_, ids_needed(0, 1));
  Changes::Change change;
  change.apply = [create, ids, who = *who,
                  config = office_.config](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto contact = storage::ContactTable::get(tx, create.contact);
    if (!contact) return contact.error();
    if (contact->state != casework::ContactState::kFinalised)
      return Error{ErrorCode::kWrongState, "finalise the contact first"};
    auto dispatch = dispatch_of(*contact, create);
    if (!dispatch) return dispatch.error();
    auto made = dispatch_needs(tx, config, who, *contact, {*dispatch}, *ids);
    if (!made) return made.error();
    auto saved = save_dispatched(tx, who, *made, *ids);
    if (!saved) return saved.error();
    auto needs = storage::NeedTable::replace(tx, contact->id, contact->fields.needs);
    if (!needs) return needs.error();
    return view_reply(tx, who, made->front().referral);
  };
  office_.changes.save(asked, std::move(change));
}

void ReferralDesk::handle(const Asked& asked, const api::ShowReferral& show) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  office_.read<api::ReferralView>(
      [who = *who, id = show.referral](storage::ReadTransaction& tx) -> Result<api::ReferralView> {
        auto referral = storage::ReferralTable::get(tx, id);
        if (!referral) return referral.error();
        const auto sent = who.may(Action::kListReferrals, sending_side(*referral, who.worker));
        const auto received = who.may(Action::kListReferrals, receiving_side(*referral, who.worker));
        if (!sent && !received) return received.error();
        return referral_view(tx, who, std::move(*referral), who.now, true);
      },
      [this, asked, who = *who](Result<api::ReferralView> view) {
        if (!view) return asked->refuse(view.error());
        if (!sees_in_full(who, view->referral)) return asked->answer(std::move(*view));
        // Opening the person of an order is a reading. Whoever accepted it is assigned to it.
        OpeningAsked opening;
        opening.opening = {who.session, who.worker, storage::AuditObject::kReferral, view->referral.id.value,
                           view->referral.owner == who.worker};
        opening.scope = Scope::kOwnStation;
        answer_opened(office_, asked, who, std::move(opening), std::move(*view));
      });
}

}  // namespace kapok::service
