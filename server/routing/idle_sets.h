#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

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
    if (node >= sets_.size()) sets_.resize(node + 1);
    if (group >= sets_[node].size()) sets_[node].resize(group + 1);
    sets_[node][group][static_cast<std::size_t>(kind)].insert(key, languages);
  }
  void erase(NodeIx node, GroupIx group, IdleKind kind, IdleKey key) {
    if (holds_sets(node, group)) sets_[node][group][static_cast<std::size_t>(kind)].erase(key);
  }
  [[nodiscard]] const Kinds& at(NodeIx node, GroupIx group) const {
    static const Kinds none;
    return holds_sets(node, group) ? sets_[node][group] : none;
  }
  [[nodiscard]] bool holds(NodeIx node, GroupIx group, IdleKind kind, IdleKey key) const {
    return at(node, group)[static_cast<std::size_t>(kind)].contains(key);
  }
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    for (const auto& groups : sets_)
      for (const Kinds& kinds : groups) count += kinds[0].size() + kinds[1].size();
    return count;
  }

 private:
  [[nodiscard]] bool holds_sets(NodeIx node, GroupIx group) const {
    return node < sets_.size() && group < sets_[node].size();
  }

  std::vector<std::vector<Kinds>> sets_;  ///< [node][group]
};

}  // namespace kapok::routing
