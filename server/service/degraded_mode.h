#pragma once

#include "api/message.h"

namespace kapok::service {

/// What can be asked while the store is away and the spool keeps what is changed (decision 18): calls, drafts,
/// presence, gateways, the sessions and the picture that are in memory. Everything else waits, because it would need
/// rows that only the store has. One table, in degraded_mode.cpp, with a line for each kind of request; the compiler
/// refuses a kind that has none.
bool works_when_degraded(const api::RequestBody& body);

}  // namespace kapok::service
