#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace kapok::routing {

/// An ordered set that also knows how many elements stand before a key; all in O(log n) expected, where
/// std::set would have to count. A treap: ordered by key, heaped by a number mixed from a running count, so its
/// shape, and with it every cost, is the same in each replay. Not copyable.
template <class Key>
class RankedSet {
 public:
  /// False when the key was there already.
  bool insert(const Key& key) {
    if (contains(key)) return false;
    auto [before, after] = split(std::move(root_), key);
    root_ = merge(merge(std::move(before), std::make_unique<Element>(key, mix(++inserted_))), std::move(after));
    return true;
  }
  bool erase(const Key& key) { return erase_below(root_, key); }

  [[nodiscard]] bool contains(const Key& key) const {
    const Element* at = root_.get();
    while (at != nullptr && at->key != key) at = key < at->key ? at->left.get() : at->right.get();
    return at != nullptr;
  }
  [[nodiscard]] std::size_t size() const { return count(root_); }
  [[nodiscard]] bool empty() const { return root_ == nullptr; }

  /// How many elements are less than `key`, which need not be an element.
  [[nodiscard]] std::size_t rank(const Key& key) const {
    std::size_t before = 0;
    for (const Element* at = root_.get(); at != nullptr;) {
      if (at->key < key) {
        before += count(at->left) + 1;
        at = at->right.get();
      } else {
        at = at->left.get();
      }
    }
    return before;
  }

  /// The element with `place` elements before it; `place` < size().
  [[nodiscard]] const Key& at(std::size_t place) const {
    const Element* element = root_.get();
    while (place != count(element->left)) {
      const std::size_t left = count(element->left);
      const bool go_left = place < left;
      if (!go_left) place -= left + 1;
      element = go_left ? element->left.get() : element->right.get();
    }
    return element->key;
  }

 private:
  struct Element;
  using Tree = std::unique_ptr<Element>;
  struct Element {
    Element(const Key& k, std::uint64_t h) : key(k), height(h) {}
    Key key;
    std::uint64_t height;
    std::size_t size = 1;
    Tree left;
    Tree right;
  };

  static std::size_t count(const Tree& tree) { return tree ? tree->size : 0; }
  static Tree recount(Tree tree) {
    tree->size = count(tree->left) + count(tree->right) + 1;
    return tree;
  }
  static std::uint64_t mix(std::uint64_t n) {
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9ULL + 0x9e3779b97f4a7c15ULL;
    n = (n ^ (n >> 27)) * 0x94d049bb133111ebULL;
    return n ^ (n >> 31);
  }

  /// Those less than `key`, and the rest.
  static std::pair<Tree, Tree> split(Tree tree, const Key& key) {
    if (!tree) return {};
    if (tree->key < key) {
      auto [middle, after] = split(std::move(tree->right), key);
      tree->right = std::move(middle);
      return {recount(std::move(tree)), std::move(after)};
    }
    auto [before, middle] = split(std::move(tree->left), key);
    tree->left = std::move(middle);
    return {std::move(before), recount(std::move(tree))};
  }
  /// All of `before` is less than all of `after`.
  static Tree merge(Tree before, Tree after) {
    if (!before) return after;
    if (!after) return before;
    if (before->height > after->height) {
      before->right = merge(std::move(before->right), std::move(after));
      return recount(std::move(before));
    }
    after->left = merge(std::move(before), std::move(after->left));
    return recount(std::move(after));
  }
  static bool erase_below(Tree& tree, const Key& key) {
    if (!tree) return false;
    if (tree->key == key) {
      tree = merge(std::move(tree->left), std::move(tree->right));
      return true;
    }
    if (!erase_below(key < tree->key ? tree->left : tree->right, key)) return false;
    --tree->size;
    return true;
  }

  Tree root_;
  std::uint64_t inserted_ = 0;
};

}  // namespace kapok::routing
