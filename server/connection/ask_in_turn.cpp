#include "connection/ask_in_turn.h"

#include <utility>

#include "core/check.h"

namespace kapok::connection {
namespace {

class NoPushes final : public service::Outbox {
 public:
  void push(api::Push, std::string) override {}
  void close(std::string) override {}
};

struct Turn {
  service::Service& service;
  service::ConnectionId connection;
  std::vector<api::Request> requests;
  std::function<void(api::Reply)> done;
};

void ask_next(const std::shared_ptr<Turn>& turn, std::size_t next) {
  turn->service.ask(turn->connection, turn->requests[next], [turn, next](api::Reply reply) {
    if (reply.body.ok() && next + 1 < turn->requests.size()) return ask_next(turn, next + 1);
    turn->service.disconnected(turn->connection);
    turn->done(std::move(reply));
  });
}

}  // namespace

void ask_in_turn(service::Service& service, ConnectionRegistry& registry, service::Peer peer,
                 std::vector<api::Request> requests, std::function<void(api::Reply)> done) {
  KAPOK_CHECK(!requests.empty());
  const service::ConnectionId id = registry.next_id();
  service.connected(id, std::make_shared<NoPushes>(), std::move(peer));
  ask_next(std::make_shared<Turn>(service, id, std::move(requests), std::move(done)), 0);
}

}  // namespace kapok::connection
