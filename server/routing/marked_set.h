#pragma once

#include <cstddef>
#include <cstdint>

#include "routing/block_set.h"

namespace kapok::routing {

/// An ordered set whose elements carry marks, as bits, and that finds the first element with a wanted mark by passing
/// over whole blocks without it, however rare it is. The very first element costs O(1).
template <class Key>
class MarkedSet {
 public:
  /// `key` must not be there yet.
  void insert(const Key& key, std::uint64_t marks) { set_.insert({key, marks}); }
  bool erase(const Key& key) { return set_.erase({key, 0}); }

  [[nodiscard]] bool contains(const Key& key) const { return set_.contains({key, 0}); }
  [[nodiscard]] std::size_t size() const { return set_.size(); }
  [[nodiscard]] bool empty() const { return set_.empty(); }

  /// Shows in order the elements with any of the `wanted` marks, all of them when it is 0, until `take` returns true.
  template <class Take>
  void find(std::uint64_t wanted, Take take) const {
    for (const auto& block : set_.blocks()) {
      if (wanted != 0 && (block.note.marks & wanted) == 0) continue;
      for (const Element& element : block.elements)
        if ((wanted == 0 || (element.marks & wanted) != 0) && take(element.key)) return;
    }
  }

 private:
  struct Element {
    Key key;
    std::uint64_t marks;
    friend bool operator<(const Element& a, const Element& b) { return a.key < b.key; }
  };
  struct AllMarks {
    std::uint64_t marks = 0;
    void add(const Element& element) { marks |= element.marks; }
  };

  BlockSet<Element, AllMarks> set_;
};

}  // namespace kapok::routing
