#pragma once

#include <cstdint>
#include <string>

#include "cli/invocation.h"

namespace kapok::cli {

/// To whom a talk is passed on; exactly one of the three.
struct TransferChoice {
  std::string worker;  ///< account or name
  std::string unit;    ///< code or name
  bool supervisor = false;
  bool warm = false;
  std::string reason;
};

/// What a person types at his desk: `s` is a supervisor, a unit's code or name a unit, all else a worker's name.
TransferChoice transfer_choice(Invocation& run, const std::string& typed);

/// Asks the server. UsageError when no target or several are named, Refused with NOBODY_FREE and the like.
void transfer_call(Invocation& run, std::int64_t call, const TransferChoice& chosen);
void cancel_transfer(Invocation& run, std::int64_t call);

/// The call that this person talks in now, or a UsageError.
std::int64_t talking_call(Invocation& run);

}  // namespace kapok::cli
