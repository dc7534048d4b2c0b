#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "connection/client_connection.h"

namespace kapok::connection {

/// Which connections exist, for the stop of the server. Names them. Any thread.
class ConnectionRegistry {
 public:
  service::ConnectionId next_id() {
    const std::lock_guard lock(mutex_);
    return {++last_id_};
  }

  void add(const std::shared_ptr<ClientConnection>& connection) {
    const std::lock_guard lock(mutex_);
    connections_.emplace(connection->id().value, connection);
  }

  void remove(service::ConnectionId id) {
    const std::lock_guard lock(mutex_);
    connections_.erase(id.value);
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }

  /// Those that exist now, in the order in which they came.
  [[nodiscard]] std::vector<std::shared_ptr<ClientConnection>> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<ClientConnection>> held;
    for (const auto& [id, connection] : connections_)
      if (auto alive = connection.lock()) held.push_back(std::move(alive));
    return held;
  }

 private:
  mutable std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, std::weak_ptr<ClientConnection>> connections_;
};

}  // namespace kapok::connection
