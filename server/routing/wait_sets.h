#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "routing/block_set.h"
#include "routing/node.h"

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

/// Callers in order of service. Knows how many stand before a key, the caller's position (decision 13), and, while some
/// line is passed over, the first of each line: such a line is skipped whole, however many of it wait.
class WaitSet {
 public:
  void insert(const WaitEntry& entry) {
    if (all_.insert(entry) && keeps_lanes()) lanes_->join(entry);
  }
  void erase(const WaitEntry& entry) {
    if (all_.erase(entry) && keeps_lanes()) lanes_->part(entry);
  }

  [[nodiscard]] bool contains(const WaitKey& key) const { return all_.contains({key, {}}); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] std::size_t rank(const WaitKey& key) const { return all_.rank({key, {}}); }
  [[nodiscard]] const BlockSet<WaitEntry>& all() const { return all_; }

  /// Shows `look` callers until `done` says of the next one that none from there on matters. A few are shown in order
  /// of service; who is not done by then sees line after line, each in order and left when `look` returns false. The
  /// first callers may so be shown twice.
  template <class Done, class Look>
  void each_line(Done done, Look look) {
    if (!lanes_) {
      std::size_t shown = 0;
      for (auto at = all_.begin(); shown <= kShownSingly; ++at, ++shown) {
        if (at == all_.end() || done(at->key)) return;
        look(*at);
      }
      lanes_ = std::make_unique<Lanes>();
      for (const WaitEntry& entry : all_) lanes_->join(entry);
    }
    changes_unasked_ = 0;
    lanes_->each(done, look);
  }

 private:
  static constexpr std::size_t kShownSingly = 16;

  /// Lanes nobody asked for during as many changes as would make them anew are let go, so that they cost O(log n) per
  /// change at most, and nothing while every line keeps to its share.
  bool keeps_lanes() {
    if (!lanes_) return false;
    if (++changes_unasked_ > all_.size() + kShownSingly) lanes_.reset();
    return lanes_ != nullptr;
  }

  /// The same callers by line.
  class Lanes {
   public:
    void join(const WaitEntry& entry) {
      auto& keys = keys_[entry.lane];
      const bool leads = keys.empty() || entry.key < keys.front();
      if (leads && !keys.empty()) heads_.erase({keys.front(), {}});
      if (leads) heads_.insert(entry);
      keys.insert(entry.key);
    }
    void part(const WaitEntry& entry) {
      auto& keys = keys_.at(entry.lane);
      const bool led = keys.front() == entry.key;
      keys.erase(entry.key);
      if (!led) return;
      heads_.erase(entry);
      if (!keys.empty()) heads_.insert({keys.front(), entry.lane});
    }
    template <class Done, class Look>
    void each(Done done, Look look) const {
      for (const WaitEntry& head : heads_) {
        if (done(head.key)) return;
        for (const WaitKey& key : keys_.at(head.lane))
          if (!look(WaitEntry{key, head.lane})) break;
      }
    }

   private:
    std::map<Lane, BlockSet<WaitKey>> keys_;  ///< a lane that emptied stays: it soon fills again
    BlockSet<WaitEntry> heads_;               ///< first of each lane
  };

  BlockSet<WaitEntry> all_;
  std::unique_ptr<Lanes> lanes_;  ///< none while no line is passed over
  std::size_t changes_unasked_ = 0;
};

/// WaitSet[node][class][group]. A caller stands in the sets of every ring open to him.
class WaitSets {
 public:
  static constexpr std::size_t kClasses = 4;
  using Groups = std::vector<std::pair<WaitGroup, WaitSet>>;  ///< in order of the groups

  void insert(NodeIx node, CallerClass effective, WaitGroup group, const WaitEntry& entry) {
    Groups& groups = at(node, effective);
    auto place = place_of(groups, group);
    if (place == groups.end() || place->first != group) place = groups.emplace(place, group, WaitSet{});
    place->second.insert(entry);
  }
  void erase(NodeIx node, CallerClass effective, WaitGroup group, const WaitEntry& entry) {
    if (node >= by_node_.size()) return;
    Groups& groups = by_node_[node][static_cast<std::size_t>(effective)];
    const auto at = place_of(groups, group);
    if (at == groups.end() || at->first != group) return;
    at->second.erase(entry);
    const bool seldom = group.language != 0 || group.for_worker;
    if (seldom && at->second.empty()) groups.erase(at);
  }
  [[nodiscard]] bool holds(NodeIx node, CallerClass effective, WaitGroup group, const WaitKey& key) const {
    for (const auto& [of, set] : at(node, effective))
      if (of == group) return set.contains(key);
    return false;
  }

  /// The sets of one node and class by group; there may be empty ones.
  [[nodiscard]] const Groups& at(NodeIx node, CallerClass effective) const {
    static const Groups none;
    return node >= by_node_.size() ? none : by_node_[node][static_cast<std::size_t>(effective)];
  }

  [[nodiscard]] Groups& at(NodeIx node, CallerClass effective) {
    if (node >= by_node_.size()) by_node_.resize(node + 1);
    return by_node_[node][static_cast<std::size_t>(effective)];
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
  static Groups::iterator place_of(Groups& groups, const WaitGroup& group) {
    return std::partition_point(groups.begin(), groups.end(), [&](const auto& each) { return each.first < group; });
  }

  std::vector<std::array<Groups, kClasses>> by_node_;
};

}  // namespace kapok::routing
