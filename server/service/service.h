#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "api/message.h"

namespace kapok::service {

/// Names one client connection for as long as it lives; never reused within a process.
struct ConnectionId {
  std::uint64_t value = 0;
  friend auto operator<=>(ConnectionId, ConnectionId) = default;
};

/// Where pushes to one client go. Implemented by `connection/`, owned through a shared pointer, callable from
/// any thread, never blocks. Pushes of state with equal `coalesce_key` replace each other while they wait; an
/// empty key keeps every push. When the client's queue is full the implementation drops what coalesces,
/// sends Resync and calls Service::fell_behind.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void push(api::Push push, std::string coalesce_key) = 0;
  /// Ends the connection after what is queued has been written; `why` is a stable code name for the log.
  virtual void close(std::string why) = 0;
};

/// What the service may know of where a client sits.
struct Peer {
  std::string address;  ///< for throttling of sign-ins; never logged beside a caller
};

/// Everything a client can do, as one port between `connection/` and `service/`. All calls may come from any
/// thread and return at once; each request gets exactly one reply, on an unspecified thread. A reply to a
/// change is made only after the change is durable (DESIGN §6).
class Service {
 public:
  virtual ~Service() = default;
  virtual void connected(ConnectionId connection, std::shared_ptr<Outbox> outbox, Peer peer) = 0;
  virtual void ask(ConnectionId connection, api::Request request, std::function<void(api::Reply)> reply) = 0;
  /// The client's queue overflowed: its subscriptions start again from a snapshot.
  virtual void fell_behind(ConnectionId connection) = 0;
  virtual void disconnected(ConnectionId connection) = 0;
};

}  // namespace kapok::service
