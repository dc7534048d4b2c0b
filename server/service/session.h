#pragma once

#include <cstdint>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "core/permission.h"

namespace kapok::service {

/// A signed-in person or gateway on one device. Lives on the strand; survives a broken connection until it
/// expires. `subject` is what `may()` judges.
struct Session {
  SessionId id;
  DeviceId device;
  WorkerId worker;
  std::string name;
  std::string account;
  UnitId unit;
  Subject subject;
  Instant expires_at;
  std::uint64_t last_key = 0;  ///< highest idempotency key begun in this session
};

/// The roles, station and patch of a person as one text: equal texts allow the same.
std::string rights_of(const Subject& subject);

}  // namespace kapok::service
