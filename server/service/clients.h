#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/id.h"
#include "service/service.h"
#include "service/session.h"

namespace kapok::service {

/// A connection as the service sees it.
struct Client {
  ConnectionId connection;
  std::shared_ptr<Outbox> outbox;
  Peer peer;
  std::shared_ptr<Session> session;                                                   ///< null before sign-in
  std::chrono::steady_clock::time_point heard_at = std::chrono::steady_clock::now();  ///< last request, in real time
};

/// Who is connected now. Strand only. Which of a worker's connections are desks is DutyDesk's business, which
/// one is a gateway GatewayDesk's.
class Clients {
 public:
  void add(Client client) { clients_.emplace(client.connection, std::move(client)); }
  void remove(ConnectionId connection) { clients_.erase(connection); }

  /// Null when it has gone.
  [[nodiscard]] Client* find(ConnectionId connection);

  /// Does nothing when the client has gone.
  void push(ConnectionId connection, api::Push push, std::string coalesce_key = {});

  /// In order of connection.
  void each(const std::function<void(Client&)>& visit);
  void each_of(SessionId session, const std::function<void(Client&)>& visit);

  [[nodiscard]] std::size_t size() const { return clients_.size(); }

 private:
  std::map<ConnectionId, Client> clients_;
};

}  // namespace kapok::service
