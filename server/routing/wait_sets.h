#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>

#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/node.h"
#include "routing/ranked_set.h"

namespace kapok::routing {

/// Order of service among callers of one class: who arrived first; never changes while the call is open (I6).
struct WaitKey {
  Instant arrived_at;
  std::int64_t arrival_seq = 0;
  CallId call;
  friend constexpr auto operator<=>(const WaitKey&, const WaitKey&) = default;
};

/// Knows how many stand before a key: the caller's position (decision 13).
using WaitSet = RankedSet<WaitKey>;

/// WaitSet[node][class][skill group]. A caller stands in the sets of every ring open to him.
class WaitSets {
 public:
  static constexpr std::size_t kClasses = 4;
  using Groups = std::map<GroupIx, WaitSet>;

  void insert(NodeIx node, CallerClass effective, GroupIx group, const WaitKey& key) {
    by_node_[node][static_cast<std::size_t>(effective)][group].insert(key);
  }
  void erase(NodeIx node, CallerClass effective, GroupIx group, const WaitKey& key) {
    auto found = by_node_.find(node);
    if (found == by_node_.end()) return;
    Groups& groups = found->second[static_cast<std::size_t>(effective)];
    auto set = groups.find(group);
    if (set == groups.end()) return;
    set->second.erase(key);
    if (set->second.empty()) groups.erase(set);
  }
  [[nodiscard]] bool holds(NodeIx node, CallerClass effective, GroupIx group, const WaitKey& key) const {
    const Groups& groups = at(node, effective);
    auto set = groups.find(group);
    return set != groups.end() && set->second.contains(key);
  }

  /// The sets of one node and class by skill group; empty ones are not kept.
  [[nodiscard]] const Groups& at(NodeIx node, CallerClass effective) const {
    static const Groups none;
    auto found = by_node_.find(node);
    return found == by_node_.end() ? none : found->second[static_cast<std::size_t>(effective)];
  }

  /// How many at this node go before `key`.
  [[nodiscard]] std::int64_t before(NodeIx node, CallerClass effective, const WaitKey& key) const {
    std::size_t count = 0;
    for (std::size_t c = 0; c < static_cast<std::size_t>(effective); ++c)
      for (const auto& [group, set] : at(node, static_cast<CallerClass>(c))) count += set.size();
    for (const auto& [group, set] : at(node, effective)) count += set.rank(key);
    return static_cast<std::int64_t>(count);
  }

  /// Entries of all sets together, for check_all().
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    for (const auto& [node, classes] : by_node_)
      for (const Groups& groups : classes)
        for (const auto& [group, set] : groups) count += set.size();
    return count;
  }

 private:
  std::map<NodeIx, std::array<Groups, kClasses>> by_node_;
};

}  // namespace kapok::routing
