#pragma once

#include <compare>
#include <cstdint>
#include <queue>
#include <vector>

#include "core/instant.h"

namespace kapok::sim {

/// What will happen in a simulated world, by time; equal instants in the order in which they were planned, so that a
/// run hangs on nothing but its seed. `Kind` is the world's own enumeration; a and b are its own business.
template <class Kind>
class Agenda {
 public:
  struct Item {
    Instant at;
    std::uint64_t order = 0;
    Kind kind{};
    std::int64_t a = 0;
    std::int64_t b = 0;

    /// Later first: the standard heap gives the greatest.
    friend bool operator<(const Item& x, const Item& y) { return x.at != y.at ? y.at < x.at : y.order < x.order; }
  };

  void plan(Instant at, Kind kind, std::int64_t a = 0, std::int64_t b = 0) {
    items_.push({at, ++planned_, kind, a, b});
  }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] Instant next() const { return items_.top().at; }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  Item take() {
    const Item item = items_.top();
    items_.pop();
    return item;
  }

 private:
  std::priority_queue<Item> items_;
  std::uint64_t planned_ = 0;
};

}  // namespace kapok::sim
