#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace kapok::routing {

/// What a block of a BlockSet says about its elements together; this one says nothing.
struct NoNote {
  template <class Element>
  void add(const Element& /*element*/) {}
};

/// An ordered set that lies in blocks of at most 32 elements side by side. Where std::set allocates for each element
/// and follows a pointer at each comparison, a change here moves half a block at most and allocates when a block is
/// born; with the thousands of elements of a city that is several times faster. Elements compare by `<` alone. `Note`
/// gathers something about each block, so that a search can pass over it whole.
template <class Element, class Note = NoNote>
class BlockSet {
 public:
  struct Block {
    std::vector<Element> elements;
    Note note;
  };

  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = const Element*;
    using reference = const Element&;

    const_iterator() = default;
    reference operator*() const { return (*blocks_)[block_].elements[place_]; }
    pointer operator->() const { return &**this; }
    const_iterator& operator++() {
      if (++place_ == (*blocks_)[block_].elements.size()) {
        ++block_;
        place_ = 0;
      }
      return *this;
    }
    const_iterator operator++(int) {
      const_iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const const_iterator&, const const_iterator&) = default;

   private:
    friend class BlockSet;
    const_iterator(const std::vector<Block>& blocks, std::size_t block) : blocks_(&blocks), block_(block) {}

    const std::vector<Block>* blocks_ = nullptr;
    std::size_t block_ = 0;
    std::size_t place_ = 0;
  };

  /// False when an equal element was there already.
  bool insert(const Element& element) {
    if (blocks_.empty()) blocks_.emplace_back();
    Block* block = &blocks_[block_of(element)];
    auto at = std::lower_bound(block->elements.begin(), block->elements.end(), element);
    if (at != block->elements.end() && !(element < *at)) return false;
    if (block->elements.size() == kBlockMax) {
      block = &make_room(static_cast<std::size_t>(block - blocks_.data()), at, element);
      at = std::lower_bound(block->elements.begin(), block->elements.end(), element);
    }
    block->elements.insert(at, element);
    block->note.add(element);
    ++size_;
    return true;
  }

  /// True when it was there.
  bool erase(const Element& element) {
    const auto [block, place] = position(element);
    if (block == blocks_.size()) return false;
    erase_at(block, place);
    return true;
  }
  void pop_front() { erase_at(0, 0); }
  void clear() {
    blocks_.clear();
    size_ = 0;
  }

  [[nodiscard]] bool contains(const Element& element) const { return position(element).first != blocks_.size(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Of a set that is not empty.
  [[nodiscard]] const Element& front() const { return blocks_.front().elements.front(); }

  [[nodiscard]] const_iterator begin() const { return {blocks_, 0}; }
  [[nodiscard]] const_iterator end() const { return {blocks_, size_ == 0 ? 0 : blocks_.size()}; }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

  /// The first that is not less than this one; end() when all are.
  [[nodiscard]] const_iterator lower_bound(const Element& element) const {
    if (size_ == 0) return end();
    const std::size_t block = block_of(element);
    const auto& elements = blocks_[block].elements;
    const auto at = std::lower_bound(elements.begin(), elements.end(), element);
    if (at == elements.end()) return end();  // of the last block: the blocks before it end with greater ones
    const_iterator found{blocks_, block};
    found.place_ = static_cast<std::size_t>(at - elements.begin());
    return found;
  }
  /// How many elements are less than this one, which need not be there.
  [[nodiscard]] std::size_t rank(const Element& element) const {
    if (size_ == 0) return 0;
    const std::size_t block = block_of(element);
    std::size_t before = 0;
    for (std::size_t b = 0; b < block; ++b) before += blocks_[b].elements.size();
    const auto& elements = blocks_[block].elements;
    const auto at = std::lower_bound(elements.begin(), elements.end(), element);
    return before + static_cast<std::size_t>(at - elements.begin());
  }
  /// The element with `place` elements before it; `place` < size().
  [[nodiscard]] const Element& at(std::size_t place) const {
    std::size_t block = 0;
    while (place >= blocks_[block].elements.size()) place -= blocks_[block++].elements.size();
    return blocks_[block].elements[place];
  }

 private:
  static constexpr std::size_t kBlockMax = 32;
  static constexpr std::size_t kBlockSparse = 8;

  /// The block in which it is or would be; there is one.
  [[nodiscard]] std::size_t block_of(const Element& element) const {
    if (blocks_.size() == 1) return 0;
    const auto last = std::prev(blocks_.end());
    const auto found = std::partition_point(blocks_.begin(), last,
                                            [&](const Block& block) { return block.elements.back() < element; });
    return static_cast<std::size_t>(found - blocks_.begin());
  }
  /// Block and place of an element; {blocks, 0} when it is not there.
  [[nodiscard]] std::pair<std::size_t, std::size_t> position(const Element& element) const {
    if (size_ == 0) return {blocks_.size(), 0};
    const std::size_t block = block_of(element);
    const auto& elements = blocks_[block].elements;
    const auto at = std::lower_bound(elements.begin(), elements.end(), element);
    if (at == elements.end() || element < *at) return {blocks_.size(), 0};
    return {block, static_cast<std::size_t>(at - elements.begin())};
  }

  static void take_note(Block& block) {
    block.note = {};
    for (const Element& element : block.elements) block.note.add(element);
  }

  /// Splits a full block and returns the one for an element that belongs at `at`. Who only ever appends, as clocks do,
  /// leaves full blocks behind.
  Block& make_room(std::size_t full, typename std::vector<Element>::iterator at, const Element& element) {
    const bool appends = full + 1 == blocks_.size() && at == blocks_[full].elements.end();
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(full) + 1, Block{});
    Block& low = blocks_[full];
    Block& high = blocks_[full + 1];
    high.elements.reserve(kBlockMax);
    if (appends) return high;
    const auto middle = low.elements.begin() + kBlockMax / 2;
    high.elements.assign(middle, low.elements.end());
    low.elements.erase(middle, low.elements.end());
    take_note(low);
    take_note(high);
    return low.elements.back() < element ? high : low;
  }

  void erase_at(std::size_t ix, std::size_t place) {
    Block& block = blocks_[ix];
    block.elements.erase(block.elements.begin() + static_cast<std::ptrdiff_t>(place));
    --size_;
    take_note(block);
    if (block.elements.size() > kBlockSparse) return;
    if (ix + 1 < blocks_.size() && fit_together(ix))
      join(ix);
    else if (ix > 0 && fit_together(ix - 1))
      join(ix - 1);
  }
  /// With room left, so that the next insertion does not split them again.
  [[nodiscard]] bool fit_together(std::size_t low) const {
    const std::size_t a = blocks_[low].elements.size();
    const std::size_t b = blocks_[low + 1].elements.size();
    return a == 0 || b == 0 || a + b <= kBlockMax / 2;
  }
  void join(std::size_t low) {
    auto& into = blocks_[low].elements;
    auto& from = blocks_[low + 1].elements;
    into.insert(into.end(), from.begin(), from.end());
    take_note(blocks_[low]);
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(low) + 1);
  }

  std::vector<Block> blocks_;  ///< only a set of one block has an empty one
  std::size_t size_ = 0;
};

}  // namespace kapok::routing
