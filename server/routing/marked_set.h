#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>

namespace kapok::routing {

/// An ordered set whose elements carry marks, as bits, and that finds the first element with a wanted mark in O(log n)
/// expected, however rare it is. The very first element costs O(1). A treap as RankedSet: its shape depends on nothing
/// but the order of its changes. Not copyable.
template <class Key>
class MarkedSet {
 public:
  /// `key` must not be there yet.
  void insert(const Key& key, std::uint64_t marks) {
    auto fresh = std::make_unique<Element>(key, marks, mix(++inserted_));
    if (first_ == nullptr || key < first_->key) first_ = fresh.get();
    insert_below(root_, std::move(fresh));
    ++size_;
  }
  bool erase(const Key& key) {
    if (!erase_below(root_, key)) return false;
    --size_;
    first_ = root_.get();
    while (first_ != nullptr && first_->left != nullptr) first_ = first_->left.get();
    return true;
  }

  [[nodiscard]] bool contains(const Key& key) const {
    const Element* at = root_.get();
    while (at != nullptr && at->key != key) at = key < at->key ? at->left.get() : at->right.get();
    return at != nullptr;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// Shows in order the elements with any of the `wanted` marks, all of them when it is 0, until `take` returns true.
  template <class Take>
  void find(std::uint64_t wanted, Take take) const {
    if (first_ != nullptr && wanted == 0 && take(first_->key)) return;
    walk(root_, wanted, take, wanted == 0 ? first_ : nullptr);
  }

 private:
  struct Element;
  using Tree = std::unique_ptr<Element>;
  struct Element {
    Element(const Key& k, std::uint64_t m, std::uint64_t h) : key(k), marks(m), below(m), height(h) {}
    Key key;
    std::uint64_t marks;
    std::uint64_t below;  ///< marks of itself and all under it
    std::uint64_t height;
    Tree left;
    Tree right;
  };

  static std::uint64_t mix(std::uint64_t n) {
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9ULL + 0x9e3779b97f4a7c15ULL;
    n = (n ^ (n >> 27)) * 0x94d049bb133111ebULL;
    return n ^ (n >> 31);
  }
  static void gather(Element& tree) {
    tree.below = tree.marks | (tree.left ? tree.left->below : 0) | (tree.right ? tree.right->below : 0);
  }

  template <class Take>
  static bool walk(const Tree& tree, std::uint64_t wanted, Take& take, const Element* shown) {
    if (tree == nullptr || (wanted != 0 && (tree->below & wanted) == 0)) return false;
    if (walk(tree->left, wanted, take, shown)) return true;
    const bool fits = wanted == 0 || (tree->marks & wanted) != 0;
    if (fits && tree.get() != shown && take(tree->key)) return true;
    return walk(tree->right, wanted, take, shown);
  }
  static void insert_below(Tree& tree, Tree fresh) {
    if (tree == nullptr || tree->height < fresh->height) {
      std::tie(fresh->left, fresh->right) = split(std::move(tree), fresh->key);
      gather(*fresh);
      tree = std::move(fresh);
      return;
    }
    tree->below |= fresh->marks;
    insert_below(fresh->key < tree->key ? tree->left : tree->right, std::move(fresh));
  }
  static bool erase_below(Tree& tree, const Key& key) {
    if (!tree) return false;
    if (tree->key == key) {
      tree = merge(std::move(tree->left), std::move(tree->right));
      return true;
    }
    if (!erase_below(key < tree->key ? tree->left : tree->right, key)) return false;
    gather(*tree);
    return true;
  }
  /// Those less than `key`, and the rest.
  static std::pair<Tree, Tree> split(Tree tree, const Key& key) {
    if (!tree) return {};
    if (tree->key < key) {
      auto [middle, after] = split(std::move(tree->right), key);
      tree->right = std::move(middle);
      gather(*tree);
      return {std::move(tree), std::move(after)};
    }
    auto [before, middle] = split(std::move(tree->left), key);
    tree->left = std::move(middle);
    gather(*tree);
    return {std::move(before), std::move(tree)};
  }
  /// All of `before` is less than all of `after`.
  static Tree merge(Tree before, Tree after) {
    if (!before) return after;
    if (!after) return before;
    Tree& top = before->height > after->height ? before : after;
    if (&top == &before)
      before->right = merge(std::move(before->right), std::move(after));
    else
      after->left = merge(std::move(before), std::move(after->left));
    gather(*top);
    return std::move(top);
  }

  Tree root_;
  const Element* first_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t inserted_ = 0;
};

}  // namespace kapok::routing
