#include "core/text.h"
#include "service/call_desk.h"
#include "service/directory_events.h"

/// What a worker may ask about a call: accept, decline, hand back, hang up.
namespace kapok::service {
namespace {

constexpr std::size_t kReasonMax = 200;

storage::AuditEvent call_audit(const Asked& asked, CallId call) {
  return {.actor = asked->session->worker,
          .session = asked->session->id,
          .action = storage::AuditAction::kCallChanged,
          .object = storage::AuditObject::kCall,
          .object_id = call.value,
          .scope = Scope::kOwn};
}

/// For the audit trail: to whom, and the reason as given.
std::string transfer_detail(const api::TransferCall& transfer) {
  std::string detail = "transfer " + std::string(name_of(transfer.kind)) + " to ";
  if (transfer.to_worker.is_set()) {
    detail += "worker " + std::to_string(transfer.to_worker.value);
  } else if (transfer.to_unit.is_set()) {
    detail += "unit " + std::to_string(transfer.to_unit.value);
  } else {
    detail += "a supervisor";
  }
  return transfer.reason.empty() ? detail : detail + ": " + transfer.reason;
}

bool reason_fits(const Asked& asked, const std::string& reason) {
  const auto checked = check_line(reason, "reason", kReasonMax);
  if (!checked) asked->refuse(checked.error());
  return checked.ok();
}

}  // namespace

void CallDesk::handle(const Asked& asked, const api::AcceptOffer& accept) {
  // Whose offer it is, routing decides; here only whether this person answers offers at all.
  if (!office_.require(asked, Action::kAnswerOffer, {.unit = asked->session->unit, .owner = asked->session->worker}))
    return;
  After after;
  after.asked = asked;
  after.reply = [this](const SavedEvent& saved) -> api::ReplyBody {
    const auto* connected = saved.find<routing::ConnectCall>();
    const LiveCall* call = connected == nullptr ? nullptr : saved.call(connected->call);
    if (call == nullptr) return Done{};
    return view(*call);
  };
  for (const auto& [id, call] : calls().all())
    if (call.offered(accept.offer).worker.is_set()) after.audit = call_audit(asked, id);
  happened(routing::OfferAccepted{accept.offer, accept.epoch, asked->session->worker,
                                  desk_endpoint(*office_.directory, asked->session->worker)},
           std::move(after));
}

void CallDesk::handle(const Asked& asked, const api::DeclineOffer& decline) {
  if (!office_.require(asked, Action::kAnswerOffer, {.unit = asked->session->unit, .owner = asked->session->worker}))
    return;
  if (!reason_fits(asked, decline.reason)) return;
  After after;
  after.asked = asked;
  after.audit_detail = decline.reason;
  for (const auto& [id, call] : calls().all())
    if (call.offered(decline.offer).worker.is_set()) after.audit = call_audit(asked, id);
  happened(routing::OfferDeclined{decline.offer, decline.epoch, asked->session->worker}, std::move(after));
}

void CallDesk::handle(const Asked& asked, const api::HandBack& hand_back) {
  if (!reason_fits(asked, hand_back.reason) || talking(asked, hand_back.call) == nullptr) return;
  After after;
  after.asked = asked;
  after.audit = call_audit(asked, hand_back.call);
  after.audit_detail = hand_back.reason;
  happened(routing::HandedBack{hand_back.call, asked->session->worker}, std::move(after));
}

void CallDesk::handle(const Asked& asked, const api::HangUp& hang_up) {
  const LiveCall* call = talking(asked, hang_up.call);
  if (call == nullptr) return;
  After after;
  after.asked = asked;
  after.audit = call_audit(asked, hang_up.call);
  happened(routing::CallEnded{hang_up.call, asked->session->worker, call->high_risk}, std::move(after));
}

void CallDesk::handle(const Asked& asked, const api::TransferCall& transfer) {
  if (!reason_fits(asked, transfer.reason) || talking(asked, transfer.call) == nullptr) return;
  const int targets = int{transfer.to_worker.is_set()} + int{transfer.to_unit.is_set()} + int{transfer.to_supervisor};
  if (targets != 1) return asked->refuse(ErrorCode::kInvalidArgument, "one of to_worker, to_unit, to_supervisor");
  if (transfer.to_worker.is_set() && !takes_calls(*office_.directory, transfer.to_worker))
    return asked->refuse(ErrorCode::kUnknownWorker, "to_worker: nobody who takes calls");
  if (transfer.to_unit.is_set() && office_.directory->tree().find(transfer.to_unit) == nullptr)
    return asked->refuse(ErrorCode::kUnknownUnit, "to_unit");
  After after;
  after.asked = asked;
  after.audit = call_audit(asked, transfer.call);
  after.audit_detail = transfer_detail(transfer);
  happened(routing::TransferAsked{transfer.call, asked->session->worker, transfer.kind, transfer.to_worker,
                                  transfer.to_unit, transfer.to_supervisor},
           std::move(after));
}

void CallDesk::handle(const Asked& asked, const api::CancelTransfer& cancel) {
  if (talking(asked, cancel.call) == nullptr) return;
  After after;
  after.asked = asked;
  after.audit = call_audit(asked, cancel.call);
  after.audit_detail = "transfer cancelled";
  happened(routing::TransferCancelled{cancel.call, asked->session->worker}, std::move(after));
}

/// The live call when the asker may handle it; otherwise he has been answered.
const LiveCall* CallDesk::talking(const Asked& asked, CallId id) {
  if (!asked->session) {
    asked->refuse(ErrorCode::kNotSignedIn);
    return nullptr;
  }
  const LiveCall* call = calls().find(id);
  if (call == nullptr) {
    refuse_unknown_call(asked, id);
    return nullptr;
  }
  const Object object{.unit = call->row.unit, .owner = asked->session->worker};
  if (!office_.require(asked, Action::kHandleCall, object)) return nullptr;
  if (call->row.state != CallState::kTalking || call->row.worker != asked->session->worker) {
    asked->refuse(ErrorCode::kNotYours);
    return nullptr;
  }
  return call;
}

/// Either it has ended or it never was; the store knows.
void CallDesk::refuse_unknown_call(const Asked& asked, CallId id) {
  office_.read<storage::CallRow>([id](storage::ReadTransaction& tx) { return storage::CallTable::get(tx, id); },
                                 [asked](const Result<storage::CallRow>& row) {
                                   if (row) return asked->refuse(ErrorCode::kCallEnded);
                                   asked->refuse(row.error());
                                 });
}

void CallDesk::draft_finished(WorkerId answerer, ContactId contact) {
  for (const auto& hook : draft_finished_) hook(contact);
  if (!running()) return;
  const auto view = core_->worker(answerer);
  if (view && view->state == WorkerState::kAfterCall) happened(routing::AfterCallEnded{answerer});
}

void CallDesk::risk_noted(ContactId contact, bool high) {
  if (const LiveCall* call = rows_.calls().by_contact(contact)) rows_.calls().find(call->row.id)->high_risk = high;
}

}  // namespace kapok::service
