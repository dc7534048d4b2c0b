#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "core/id.h"
#include "core/instant.h"
#include "routing/marked_set.h"
#include "routing/node.h"

namespace kapok::routing {

/// Longest idle first, ties by worker id (routing.md §1.2).
struct IdleKey {
  Instant idle_since;
  WorkerId worker;
  friend constexpr auto operator<=>(const IdleKey&, const IdleKey&) = default;
};

/// Awake at a desk, or to be rung on a phone: at night the former go first.
enum class IdleKind { kDesk, kPhone };

/// IdleSet[node][skill group][kind]: those who could be offered a call this instant. A worker stands at every
/// node of his path and in every group whose skills he has.
class IdleSets {
 public:
  using Set = MarkedSet<IdleKey>;  ///< marked with the languages the worker speaks
  using Kinds = std::array<Set, 2>;

  void insert(NodeIx node, GroupIx group, IdleKind kind, IdleKey key, std::uint64_t languages) {
    sets_[{node, group}][static_cast<std::size_t>(kind)].insert(key, languages);
  }
  void erase(NodeIx node, GroupIx group, IdleKind kind, IdleKey key) {
    auto found = sets_.find({node, group});
    if (found != sets_.end()) found->second[static_cast<std::size_t>(kind)].erase(key);
  }
  [[nodiscard]] const Kinds& at(NodeIx node, GroupIx group) const {
    static const Kinds none;
    auto found = sets_.find({node, group});
    return found == sets_.end() ? none : found->second;
  }
  [[nodiscard]] bool holds(NodeIx node, GroupIx group, IdleKind kind, IdleKey key) const {
    return at(node, group)[static_cast<std::size_t>(kind)].contains(key);
  }
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    for (const auto& [where, kinds] : sets_) count += kinds[0].size() + kinds[1].size();
    return count;
  }

 private:
  std::map<std::pair<NodeIx, GroupIx>, Kinds> sets_;
};

}  // namespace kapok::routing
