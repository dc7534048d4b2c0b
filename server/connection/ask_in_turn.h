#pragma once

#include <functional>
#include <vector>

#include "connection/connection_registry.h"

namespace kapok::connection {

/// Asks the service on behalf of a peer that has no lasting connection, such as a browser's HTTPS request: opens a
/// connection that hears no pushes, asks each of `requests` when the one before was granted, and ends it. `done` hears
/// the last reply, granted or refused, on an unspecified thread. `requests` is not empty.
void ask_in_turn(service::Service& service, ConnectionRegistry& registry, service::Peer peer,
                 std::vector<api::Request> requests, std::function<void(api::Reply)> done);

}  // namespace kapok::connection
