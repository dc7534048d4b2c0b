#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

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

/// Callers of one line whose rings begin at one unit: fairness between lines treats them alike.
struct Lane {
  LineId line;
  NodeIx first = kNoNode;
  friend constexpr auto operator<=>(const Lane&, const Lane&) = default;
};

struct WaitEntry {
  WaitKey key;
  Lane lane;
  friend constexpr bool operator==(const WaitEntry& a, const WaitEntry& b) { return a.key == b.key; }
  friend constexpr auto operator<=>(const WaitEntry& a, const WaitEntry& b) { return a.key <=> b.key; }
};

/// Who may take the callers of one set.
struct WaitGroup {
  GroupIx skills = 0;
  std::uint64_t language = 0;  ///< held for those who speak it; 0 = not held
  bool for_worker = false;     ///< held for one worker, who finds them in State::held_for_worker
  friend constexpr auto operator<=>(const WaitGroup&, const WaitGroup&) = default;
};

/// Callers in order of service. Knows how many stand before a key, the caller's position (decision 13), and, once it is
/// long, the first of each line: a line that is passed over is skipped whole, however many of it wait.
class WaitSet {
 public:
  void insert(const WaitEntry& entry) {
    if (!all_.insert(entry)) return;
    if (!lanes_.empty()) return join(entry);
    if (all_.size() < kLanesFrom) return;
    for (std::size_t place = 0; place < all_.size(); ++place) join(all_.at(place));
  }
  void erase(const WaitEntry& entry) {
    if (!all_.erase(entry) || lanes_.empty()) return;
    if (all_.size() > kLanesUntil) return part(entry);
    lanes_.clear();
    heads_.clear();
  }

  [[nodiscard]] bool contains(const WaitKey& key) const { return all_.contains({key, {}}); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] std::size_t rank(const WaitKey& key) const { return all_.rank({key, {}}); }
  [[nodiscard]] const WaitEntry& at(std::size_t place) const { return all_.at(place); }

  /// Shows `look` callers until `done` says of the next one that none from there on matters. Inside a line they come in
  /// order and the line is left when `look` returns false; a short set is shown caller by caller.
  template <class Done, class Look>
  void each_line(Done done, Look look) const {
    if (lanes_.empty()) {
      for (std::size_t place = 0; place < all_.size() && !done(all_.at(place).key); ++place) look(all_.at(place));
      return;
    }
    for (const auto& [head, lane] : heads_) {
      if (done(head)) return;
      for (const WaitKey& key : lanes_.at(lane))
        if (!look(WaitEntry{key, lane})) break;
    }
  }

 private:
  /// A short set is cheaper read through than kept twice; the gap keeps a set from being remade at each call.
  static constexpr std::size_t kLanesFrom = 16;
  static constexpr std::size_t kLanesUntil = 8;

  void join(const WaitEntry& entry) {
    auto& keys = lanes_[entry.lane];
    const bool leads = keys.empty() || entry.key < *keys.begin();
    if (leads && !keys.empty()) heads_.erase(*keys.begin());
    if (leads) heads_.emplace(entry.key, entry.lane);
    keys.insert(entry.key);
  }
  void part(const WaitEntry& entry) {
    const auto lane = lanes_.find(entry.lane);
    auto& keys = lane->second;
    const bool led = *keys.begin() == entry.key;
    keys.erase(entry.key);
    if (led) heads_.erase(entry.key);
    if (keys.empty())
      lanes_.erase(lane);
    else if (led)
      heads_.emplace(*keys.begin(), entry.lane);
  }

  RankedSet<WaitEntry> all_;
  std::map<Lane, std::set<WaitKey>> lanes_;  ///< empty while the set is short
  std::map<WaitKey, Lane> heads_;            ///< first of each lane
};

/// WaitSet[node][class][group]. A caller stands in the sets of every ring open to him.
class WaitSets {
 public:
  static constexpr std::size_t kClasses = 4;
  using Groups = std::map<WaitGroup, WaitSet>;

  void insert(NodeIx node, CallerClass effective, WaitGroup group, const WaitEntry& entry) {
    if (node >= by_node_.size()) by_node_.resize(node + 1);
    by_node_[node][static_cast<std::size_t>(effective)][group].insert(entry);
  }
  void erase(NodeIx node, CallerClass effective, WaitGroup group, const WaitEntry& entry) {
    if (node >= by_node_.size()) return;
    Groups& groups = by_node_[node][static_cast<std::size_t>(effective)];
    auto set = groups.find(group);
    if (set == groups.end()) return;
    set->second.erase(entry);
    if (set->second.empty()) groups.erase(set);
  }
  [[nodiscard]] bool holds(NodeIx node, CallerClass effective, WaitGroup group, const WaitKey& key) const {
    const Groups& groups = at(node, effective);
    auto set = groups.find(group);
    return set != groups.end() && set->second.contains(key);
  }

  /// The sets of one node and class by group; empty ones are not kept.
  [[nodiscard]] const Groups& at(NodeIx node, CallerClass effective) const {
    static const Groups none;
    return node >= by_node_.size() ? none : by_node_[node][static_cast<std::size_t>(effective)];
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
    for (const auto& classes : by_node_)
      for (const Groups& groups : classes)
        for (const auto& [group, set] : groups) count += set.size();
    return count;
  }

 private:
  std::vector<std::array<Groups, kClasses>> by_node_;
};

}  // namespace kapok::routing
