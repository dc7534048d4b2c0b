#include "service/clients.h"

namespace kapok::service {

Client* Clients::find(ConnectionId connection) {
  const auto found = clients_.find(connection);
  return found == clients_.end() ? nullptr : &found->second;
}

void Clients::push(ConnectionId connection, api::Push push, std::string coalesce_key) {
  if (Client* client = find(connection)) client->outbox->push(std::move(push), std::move(coalesce_key));
}

void Clients::each(const std::function<void(Client&)>& visit) {
  for (auto& [connection, client] : clients_) visit(client);
}

void Clients::each_of(SessionId session, const std::function<void(Client&)>& visit) {
  each([&](Client& client) {
    if (client.session && client.session->id == session) visit(client);
  });
}

}  // namespace kapok::service
