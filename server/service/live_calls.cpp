#include "service/live_calls.h"

#include "core/check.h"

namespace kapok::service {

LiveCall& LiveCalls::add(LiveCall call) {
  const CallId id = call.row.id;
  if (!call.row.gw_ref.empty()) by_ref_[{call.row.gateway, call.row.gw_ref}] = id;
  const auto [at, fresh] = calls_.emplace(id, std::move(call));
  KAPOK_CHECK(fresh);
  return at->second;
}

void LiveCalls::remove(CallId call) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  by_ref_.erase({found->second.row.gateway, found->second.row.gw_ref});
  calls_.erase(found);
}

void LiveCalls::clear() {
  calls_.clear();
  by_ref_.clear();
}

LiveCall* LiveCalls::find(CallId call) {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

const LiveCall* LiveCalls::find(CallId call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

const LiveCall* LiveCalls::by_gateway_ref(GatewayId gateway, const std::string& gw_ref) const {
  const auto found = by_ref_.find({gateway, gw_ref});
  return found == by_ref_.end() ? nullptr : find(found->second);
}

const LiveCall* LiveCalls::of_worker(WorkerId worker) const {
  for (const auto& [id, call] : calls_)
    if (call.row.worker == worker) return &call;
  return nullptr;
}

const LiveCall* LiveCalls::by_contact(ContactId contact) const {
  for (const auto& [id, call] : calls_)
    if (call.row.contact == contact) return &call;
  return nullptr;
}

}  // namespace kapok::service
