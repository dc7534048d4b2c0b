#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "api/gateway.h"
#include "service/directory.h"
#include "service/roster.h"

namespace kapok::service {

/// Most endpoints of one list: a caller of a silent server hears at most this many phones ring.
inline constexpr std::size_t kHuntEndpointsMax = 12;

/// A phone of a running shift.
struct HuntPhone {
  api::HuntEndpoint endpoint;
  std::vector<UnitId> covers;
  bool duty_phone = false;
  std::uint64_t skills = 0;
};

std::vector<HuntPhone> hunt_phones(const Directory& directory, const Roster& roster);

/// Whom a gateway rings for a line when the server is silent: phones of running shifts, those covering the
/// line's own unit first, then its neighbours going up the tree, the duty phone last; inside a step by shift. Only
/// phones of those with the skills the line needs; the duty phone is the last resort of every line.
std::vector<api::HuntEndpoint> hunt_endpoints(const Tree& tree, const std::vector<HuntPhone>& phones,
                                              const DirectoryLine& line);

/// Remembers what was last made for each line and gives a new version only when it changed. A version is the number
/// of the server's start, which is saved before anything else of it, and a count: it rises over restarts whatever
/// the clock does, and no list has to be kept.
class HuntLists {
 public:
  /// The lists that changed; all of them the first time.
  std::vector<api::HuntList> refresh(const Directory& directory, const Roster& roster, std::int64_t start);
  [[nodiscard]] const std::map<LineId, api::HuntList>& all() const { return lists_; }

 private:
  std::map<LineId, api::HuntList> lists_;
  std::uint64_t last_version_ = 0;
};

}  // namespace kapok::service
