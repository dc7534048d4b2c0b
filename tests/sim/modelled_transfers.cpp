#include <utility>

#include "routing/policy.h"
#include "sim/modelled_store.h"

/// Rows of transfers and of callbacks that keep their place.
namespace kapok::sim {

using namespace routing;

std::string ModelledStore::text(const char* what, std::int64_t a, std::int64_t b) {
  std::string out = "S1: ";
  out += what;
  out += " (" + std::to_string(a);
  if (b != 0) out += ", " + std::to_string(b);
  return out + ")";
}

ModelledStore::Broken ModelledStore::put(const RecordTransfer& command) {
  CallRow* call = row(command.call);
  if (call == nullptr || call->state != CallState::kTalking || call->worker != command.worker || call->is_kept())
    return text("a talk was passed on that was none", command.call.value, command.worker.value);
  if (command.kind == TransferKind::kCold && command.to_unit.is_set()) call->rings_from = command.to_unit;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const RecordTransferEnded& command) {
  CallRow* call = row(command.call);
  if (call == nullptr) return text("a transfer of a call that is not open", command.call.value);
  const bool first_talks = call->state == CallState::kTalking && call->worker == command.worker;
  if (!first_talks && command.how != TransferEnd::kFirstGone && command.how != TransferEnd::kCallEnded)
    return text("a transfer left its caller alone", command.call.value, command.worker.value);
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const KeepCallback& command) {
  CallRow* call = row(command.call);
  const bool waits = call != nullptr && (call->state == CallState::kWaiting || call->state == CallState::kOffered);
  if (!waits || !call->arrival.caller_key || call->base == CallerClass::kCrisis || call->is_kept())
    return text("a callback was kept that nobody can make", command.call.value);
  call->kept_at = command.at;
  return std::nullopt;
}

ModelledStore::Broken ModelledStore::put(const RecordCallerReached& command) {
  CallRow* call = row(command.call);
  if (call == nullptr || call->state != CallState::kTalking || !call->is_kept())
    return text("a caller was reached whom nobody dialled", command.call.value);
  call->kept_at = {};
  if (!call->answered_at.is_set()) call->answered_at = command.at;
  return std::nullopt;
}

}  // namespace kapok::sim
