#include "service/gateway_desk.h"

#include <chrono>

#include "core/phone_number.h"
#include "storage/audit_chain.h"
#include "storage/blind_index.h"

namespace kapok::service {

GatewayDesk::GatewayDesk(Office& office, CallDesk& calls, DutyDesk& duty, const storage::KeyRing& keys, ops::Log& log)
    : office_(office), calls_(calls), duty_(duty), keys_(keys), log_(log), gateways_(office), beats_(office.strand) {
  calls_.listen([this](const SavedEvent& saved) {
    if (!saved.fresh) gateways_.order(saved);
    remember_ended(saved);
  });
  // They follow the hunt list for what they hold, come back, and say what became of it.
  calls_.on_store_lost([this] {
    for (auto& [id, gateway] : gateways_.all())
      if (Client* client = gateway.attached ? office_.clients.find(gateway.connection) : nullptr)
        client->outbox->close(std::string(name_of(ErrorCode::kStoreUnavailable)));
  });
  duty_.on_roster_moved([this] { lists_stale_ = true; });
}

GatewayDesk::~GatewayDesk() = default;

void GatewayDesk::remember_ended(const SavedEvent& saved) {
  for (const storage::EndedRef& ended : saved.ended_refs) ended_refs_[{ended.gateway, ended.gw_ref}] = ended.ended_at;
  const auto note = [&](const storage::CallRow& row) {
    if (row.state == CallState::kEnded && row.gateway.is_set()) ended_refs_[{row.gateway, row.gw_ref}] = row.ended_at;
  };
  for (const LiveCall& call : saved.calls) note(call.row);
  for (const ToldLater& told : saved.told_later) note(told.row);
  if (saved.at - refs_cleared_at_ < kEndedRefsKept / 8) return;
  refs_cleared_at_ = saved.at;
  std::erase_if(ended_refs_, [&](const auto& ended) { return ended.second < saved.at - kEndedRefsKept; });
}

void GatewayDesk::start() {
  started_at_ = office_.clock.now();
  look_at_clock();
}

void GatewayDesk::directory_changed() {
  lists_stale_ = true;
  for (const auto& [id, gateway] : gateways_.all()) {
    Client* client = gateway.attached ? office_.clients.find(gateway.connection) : nullptr;
    if (client == nullptr || client->session == nullptr) continue;
    const Tree& tree = office_.directory->tree();
    if (!may(tree, client->session->subject, Action::kReportGatewayEvent, {tree.root(), {}, false}))
      client->outbox->close(std::string(name_of(ErrorCode::kForbidden)));
  }
}

void GatewayDesk::disconnected(ConnectionId connection) {
  Gateway* gateway = gateways_.by_connection(connection);
  if (gateway == nullptr) return;
  gateway->attached = false;
  gateway->connection = {};
  gateway->heard_at = office_.clock.now();
  log_.write(ops::LogId::kGatewaySilent, {{"gateway", gateway->id}});
}

/// The attached gateway behind a report; null when the report has been refused.
Gateway* GatewayDesk::heard(const Asked& asked) {
  Gateway* gateway = gateways_.by_connection(asked->connection);
  if (gateway == nullptr) {
    asked->refuse(ErrorCode::kWrongState, "attach first");
    return nullptr;
  }
  gateway->heard_at = asked->now;
  gateway->silent = false;
  if (calls_.running()) return gateway;
  asked->refuse(ErrorCode::kStoreUnavailable);
  return nullptr;
}

void GatewayDesk::handle(const Asked& asked, const api::AttachGateway& attach) {
  const Directory& directory = *office_.directory;
  const UnitId root = directory.tree().empty() ? UnitId{} : directory.tree().root();
  if (!office_.require(asked, Action::kReportGatewayEvent, {.unit = root, .owner = {}})) return;
  if (!calls_.running()) return asked->refuse(ErrorCode::kStoreUnavailable);
  const GatewayId id{asked->session->worker.value};
  Gateway* known = gateways_.find(id);
  if (known != nullptr && attach.epoch < known->epoch) return asked->refuse(ErrorCode::kStaleRequest, "epoch");
  if (known != nullptr && known->attached && known->connection != asked->connection)
    if (Client* older = office_.clients.find(known->connection)) older->outbox->close("REPLACED");
  Gateway& gateway = gateways_.all()[id];
  gateway.attached = false;
  send_hunt_lists();  // the others hear what has changed; this one hears every list below, once
  gateway.id = id;
  gateway.connection = asked->connection;
  gateway.name = attach.name;
  gateway.epoch = attach.epoch;
  gateway.capabilities = {attach.capabilities.begin(), attach.capabilities.end()};
  gateway.attached_at = asked->now;
  gateway.heard_at = asked->now;
  gateway.attached = true;
  gateway.silent = false;
  gateway.confirmed = false;
  gateway.known.clear();
  log_.write(ops::LogId::kGatewayAttached, {{"gateway", id}});
  const auto ms = [](Duration d) { return static_cast<std::uint32_t>(d.count() / 1000); };
  asked->answer(api::GatewayAttached{id, ms(kGatewayBeat), ms(kGatewaySilent), ms(kGatewayLost)});
  send_every_hunt_list(asked->connection);
}

void GatewayDesk::send_every_hunt_list(ConnectionId connection) const {
  for (const auto& [line, list] : hunt_lists_.all())
    office_.clients.push(connection, list, "hunt:" + std::to_string(line.value));
}

void GatewayDesk::fell_behind(ConnectionId connection) {
  const Gateway* gateway = gateways_.by_connection(connection);
  if (gateway == nullptr) return;
  send_every_hunt_list(connection);
  gateways_.announce_again(*gateway, calls_.calls());
}

void GatewayDesk::handle(const Asked& asked, const api::Beat&) {
  if (heard(asked) != nullptr) asked->answer(Done{});
}

void GatewayDesk::handle(const Asked& asked, const api::KnownBegin&) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr) return;
  gateway->known.clear();
  asked->answer(Done{});
}

void GatewayDesk::handle(const Asked& asked, const api::Known& known) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr) return;
  gateway->known[known.gw_ref] = known.state;
  if (calls_.calls().by_gateway_ref(gateway->id, known.gw_ref) != nullptr) return asked->answer(Done{});
  // A caller it took while we were away: he has waited since then.
  const api::Arrived arrived{known.gw_ref, known.dialled, known.caller, Channel::kPhone, known.since, false, false};
  if (dialled_line(known.dialled) == nullptr) return note_unknown_line(asked);
  arrive(*gateway, arrived, [this, asked, id = gateway->id, ref = known.gw_ref](const Result<Taken>& call) {
    // It has ended with us: the gateway holds somebody nobody waits for.
    if (!call && call.error().code == ErrorCode::kCallEnded)
      gateways_.push(id, api::Release{{}, ref, std::string(name_of(ErrorCode::kCallEnded))});
    asked->answer(Done{});
  });
}

void GatewayDesk::handle(const Asked& asked, const api::KnownEnd&) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr) return;
  gateway->confirmed = true;
  lose_calls(*gateway);
  gateway->ever_confirmed = true;
  gateways_.order_again(*gateway, calls_, asked->now);
  asked->answer(Done{});
}

/// Ends what the gateway held before it attached and no longer names.
void GatewayDesk::lose_calls(const Gateway& gateway) {
  std::vector<CallId> gone;
  for (const auto& [id, call] : calls_.calls().all()) {
    const bool before = call.taken_at < gateway.attached_at;
    if (call.row.is_kept()) continue;  // nobody is on the line: nothing is lost, he is rung back
    if (call.row.gateway == gateway.id && before && !gateway.known.contains(call.row.gw_ref)) gone.push_back(id);
  }
  for (const CallId id : gone)
    if (const LiveCall* call = calls_.calls().find(id)) lose_call(*call, loss(gateway, *call));
}

routing::LeftCause GatewayDesk::loss(const Gateway& gateway, const LiveCall& call) const {
  const bool ours = !gateway.ever_confirmed && call.taken_at < started_at_;
  return ours ? routing::LeftCause::kLostOnRestart : routing::LeftCause::kGatewayLost;
}

void GatewayDesk::lose_call(const LiveCall& call, routing::LeftCause cause) {
  log_.write(ops::LogId::kGatewayLost, {{"call", call.row.id}});
  calls_.happened(routing::CallerLeft{call.row.id, call.row.test ? routing::LeftCause::kTest : cause});
}

void GatewayDesk::look_at_clock() {
  const Instant now = office_.clock.now();
  if (calls_.running()) {
    for (auto& [id, gateway] : gateways_.all()) watch(gateway, now);
    // Calls of before the start whose gateway has not come back at all.
    std::vector<CallId> gone;
    if (real(now - started_at_) >= kGatewayLost)
      for (const auto& [id, call] : calls_.calls().all())
        if (call.row.gateway.is_set() && gateways_.find(call.row.gateway) == nullptr && !call.row.is_kept())
          gone.push_back(id);
    for (const CallId id : gone)
      if (const LiveCall* call = calls_.calls().find(id)) lose_call(*call, routing::LeftCause::kLostOnRestart);
    if (lists_stale_) send_hunt_lists();
  }
  beats_.expires_after(kGatewayBeat);
  beats_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
    if (!failed && !alive.expired()) look_at_clock();
  });
}

void GatewayDesk::watch(Gateway& gateway, Instant now) {
  const Duration quiet = real(now - gateway.heard_at);
  if (quiet >= kGatewaySilent && gateway.attached && !gateway.silent) {
    gateway.silent = true;
    log_.write(ops::LogId::kGatewaySilent, {{"gateway", gateway.id}});
  }
  if (quiet >= kGatewayLost) {
    if (Client* client = gateway.attached ? office_.clients.find(gateway.connection) : nullptr)
      client->outbox->close("SILENT");
    gateway.attached = false;
    gateway.known.clear();
    gateway.attached_at = now;  // everything it held came before
    lose_calls(gateway);
    gateway.ever_confirmed = true;
    return;
  }
  if (gateway.attached && !gateway.confirmed && real(now - gateway.attached_at) >= kResyncGrace) {
    gateway.confirmed = true;
    lose_calls(gateway);
    gateway.ever_confirmed = true;
  }
}

void GatewayDesk::send_hunt_lists() {
  lists_stale_ = false;
  for (const api::HuntList& list : hunt_lists_.refresh(*office_.directory, duty_.roster(), calls_.epoch()))
    for (const auto& [id, gateway] : gateways_.all())
      gateways_.push(id, list, "hunt:" + std::to_string(list.line.value));
}

Result<std::uint64_t> GatewayDesk::dial(FollowUpId callback, WorkerId worker, std::string target_number) {
  const DirectoryWorker* person = office_.directory->worker(worker);
  const DirectoryEndpoint* endpoint = nullptr;
  if (person != nullptr)
    for (const DirectoryEndpoint& at : person->endpoints)
      if (endpoint == nullptr || (endpoint->kind == EndpointKind::kDesk && at.kind == EndpointKind::kPhone))
        endpoint = &at;
  if (endpoint == nullptr) return ErrorCode::kUnknownEndpoint;
  const Gateway* gateway = gateways_.any_that_rings();
  if (gateway == nullptr) return ErrorCode::kGatewayUnavailable;
  // Dial numbers rise across restarts, so that a late result is never taken for another dial's.
  last_dial_ = std::max(last_dial_ + 1, static_cast<std::uint64_t>(office_.clock.now().us));
  gateways_.push(gateway->id,
                 api::Dial{callback, last_dial_, endpoint->id, endpoint->number, std::move(target_number)});
  return last_dial_;
}

void GatewayDesk::handle(const Asked& asked, const api::DialResult& result) {
  if (heard(asked) == nullptr) return;
  if (!dialled_) return asked->refuse(ErrorCode::kUnknownCallback);
  dialled_(asked, result);
}

}  // namespace kapok::service
