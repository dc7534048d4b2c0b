#include "service/gateways.h"

#include <algorithm>
#include <variant>

#include "core/phone_number.h"
#include "service/call_desk.h"

namespace kapok::service {

Gateway* Gateways::find(GatewayId id) {
  const auto found = gateways_.find(id);
  return found == gateways_.end() ? nullptr : &found->second;
}

Gateway* Gateways::by_connection(ConnectionId connection) {
  for (auto& [id, gateway] : gateways_)
    if (gateway.attached && gateway.connection == connection) return &gateway;
  return nullptr;
}

Gateway* Gateways::any_that_rings() {
  Gateway* longest = nullptr;
  for (auto& [id, gateway] : gateways_) {
    const bool rings = gateway.capabilities.contains(api::GatewayCapability::kRingsEndpoint);
    if (!gateway.attached || gateway.silent || !rings) continue;
    if (longest == nullptr || gateway.attached_at < longest->attached_at) longest = &gateway;
  }
  return longest;
}

std::size_t Gateways::attached() const {
  return static_cast<std::size_t>(
      std::count_if(gateways_.begin(), gateways_.end(), [](const auto& entry) { return entry.second.attached; }));
}

void Gateways::push(GatewayId id, api::Push push, std::string coalesce_key) {
  const Gateway* gateway = find(id);
  if (gateway != nullptr && gateway->attached)
    office_.clients.push(gateway->connection, std::move(push), std::move(coalesce_key));
}

bool Gateways::is_phone(EndpointId endpoint) const {
  const DirectoryEndpoint* known = office_.directory->endpoint(endpoint);
  return known != nullptr && known->kind != EndpointKind::kDesk;
}

/// Desks ring by their own client; the gateway rings outside numbers.
void Gateways::ring(const LiveCall& call, OfferId offer, std::int64_t epoch, const std::vector<EndpointId>& endpoints,
                    Duration ring) {
  for (const EndpointId id : endpoints) {
    const DirectoryEndpoint* endpoint = office_.directory->endpoint(id);
    if (endpoint == nullptr || endpoint->kind == EndpointKind::kDesk) continue;
    push(call.row.gateway, api::RingEndpoint{offer, static_cast<std::uint32_t>(epoch), call.row.id, call.row.gw_ref, id,
                                             endpoint->kind, endpoint->number, ring});
  }
}

/// As the call stands: with whom to ring first when he chose to be rung back.
api::Bridge Gateways::bridge_of(const LiveCall& call) {
  api::Bridge bridge{call.row.id, call.row.gw_ref, call.leg.offer, call.row.endpoint, false, call.row.is_kept(), {}};
  if (bridge.dial_caller) bridge.caller = parse_phone_number(call.row.caller).canonical;
  return bridge;
}

void Gateways::order(const SavedEvent& saved, const routing::OfferCall& command) {
  const LiveCall* call = saved.call(command.call);
  // An offer that another command of the same event has ended already must not ring any more.
  if (call != nullptr && call->offered(command.offer).worker.is_set())
    ring(*call, command.offer, command.epoch, command.endpoints, command.ring_until - command.made_at);
}

void Gateways::order(const SavedEvent& saved, const routing::WithdrawOffer& command) {
  const LiveCall* call = saved.call(command.call);
  const bool phones = std::any_of(command.endpoints.begin(), command.endpoints.end(),
                                  [&](EndpointId endpoint) { return is_phone(endpoint); });
  if (call == nullptr || !phones) return;
  // Bridge names the phone that won; a withdrawal of the whole offer would cut it off.
  const auto* connected = saved.find<routing::ConnectCall>();
  if (connected != nullptr && connected->offer == command.offer && is_phone(connected->endpoint)) return;
  push(call->row.gateway, api::WithdrawRing{command.offer, call->row.gw_ref});
}

void Gateways::order(const SavedEvent& saved, const routing::ConnectCall& command) {
  announced_.erase(command.call);
  const LiveCall* call = saved.call(command.call);
  if (call == nullptr) return;
  api::Bridge bridge = bridge_of(*call);
  bridge.offer = command.offer;
  bridge.endpoint = command.endpoint;
  bridge.beside = command.relieves.is_set();
  push(call->row.gateway, bridge);
  // The second is on the line before the first is taken off it: the caller never hears silence.
  if (bridge.beside) push(call->row.gateway, api::DropEndpoint{command.call, call->row.gw_ref, call->relieved});
}

void Gateways::order(const SavedEvent& saved, const routing::ReturnCallToWaiting& command) {
  if (const LiveCall* call = saved.call(command.call))
    push(call->row.gateway, api::Park{command.call, call->row.gw_ref});
}

void Gateways::order(const SavedEvent& saved, const routing::EndCall& command) {
  announced_.erase(command.call);
  const LiveCall* call = saved.call(command.call);
  if (call == nullptr || command.ended_by == EndedBy::kCaller) return;
  push(call->row.gateway, api::Release{command.call, call->row.gw_ref, std::string(name_of(command.outcome))});
}

void Gateways::order(const SavedEvent&, const routing::KeepCallback& command) { announced_.erase(command.call); }

void Gateways::order(const SavedEvent& saved) {
  for (const routing::Command& command : saved.commands)
    std::visit([&](const auto& said) { order(saved, said); }, command);
}

/// What is new is told, and what is known besides is kept for a gateway that has lost it.
void Gateways::order(const SavedEvent& saved, const routing::AnnounceWait& command) {
  const LiveCall* call = saved.call(command.call);
  if (call == nullptr || call->row.state != CallState::kWaiting) return;
  api::Progress& known = announced_[command.call];
  if (command.position > 0) {
    known.position = static_cast<std::uint32_t>(command.position);
    known.estimate = command.estimate;
  }
  known.callback_offered = command.may_offer_callback;
  tell(*call, {{}, {}, static_cast<std::uint32_t>(command.position), command.estimate, command.may_offer_callback});
}

void Gateways::tell(const LiveCall& call, api::Progress said) {
  said.call = call.row.id;
  said.gw_ref = call.row.gw_ref;
  push(call.row.gateway, said, "progress:" + std::to_string(call.row.id.value));
}

void Gateways::announce_again(const Gateway& gateway, const LiveCalls& calls) {
  for (const auto& [id, said] : announced_)
    if (const LiveCall* call = calls.find(id); call != nullptr && call->row.gateway == gateway.id) tell(*call, said);
}

void Gateways::order_again(const Gateway& gateway, const CallDesk& desk, Instant now) {
  for (const auto& [id, call] : desk.calls().all()) {
    if (call.row.gateway != gateway.id || call.row.version == 0 || !desk.is_saved(id)) continue;
    const auto said = gateway.known.find(call.row.gw_ref);
    const bool bridged = said != gateway.known.end() && said->second == CallState::kTalking;
    if (call.row.state == CallState::kTalking && !bridged) {
      push(gateway.id, bridge_of(call));
    } else if (call.row.state != CallState::kTalking && bridged) {
      push(gateway.id, api::Park{id, call.row.gw_ref});
    }
    if (call.row.state == CallState::kOffered && call.leg.ring_until > now)
      ring(call, call.offer, call.offer_epoch, call.offer_endpoints, call.leg.ring_until - now);
    if (call.second.offer.is_set() && call.second.leg.ring_until > now)
      ring(call, call.second.offer, call.second.epoch, call.second.endpoints, call.second.leg.ring_until - now);
  }
}

}  // namespace kapok::service
