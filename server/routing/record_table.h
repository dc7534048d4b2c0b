#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace kapok::routing {

/// Records by id: a std::map, read in order of the ids, with an index beside it that finds one in O(1). The index is
/// never walked, so no decision can hang on a hash; records stay where they are.
template <class Id, class Record>
class RecordTable {
  using Rows = std::map<Id, Record>;

 public:
  using key_type = Id;
  using mapped_type = Record;
  using iterator = typename Rows::iterator;
  using const_iterator = typename Rows::const_iterator;

  [[nodiscard]] iterator begin() { return rows_.begin(); }
  [[nodiscard]] iterator end() { return rows_.end(); }
  [[nodiscard]] const_iterator begin() const { return rows_.begin(); }
  [[nodiscard]] const_iterator end() const { return rows_.end(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  [[nodiscard]] iterator find(Id id) {
    const std::size_t slot = slot_of(id);
    return slot == slots_.size() ? rows_.end() : slots_[slot].row;
  }
  [[nodiscard]] const_iterator find(Id id) const {
    const std::size_t slot = slot_of(id);
    return slot == slots_.size() ? rows_.end() : const_iterator(slots_[slot].row);
  }
  [[nodiscard]] bool contains(Id id) const { return slot_of(id) != slots_.size(); }
  [[nodiscard]] Record& at(Id id) { return row(id)->second; }
  [[nodiscard]] const Record& at(Id id) const { return row(id)->second; }

  template <class... Args>
  std::pair<iterator, bool> try_emplace(Id id, Args&&... args) {
    if (const iterator held = find(id); held != rows_.end()) return {held, false};
    const iterator it = rows_.try_emplace(rows_.end(), id, std::forward<Args>(args)...);  // most ids rise
    note(it);
    return {it, true};
  }
  std::pair<iterator, bool> emplace(Id id, Record record) { return try_emplace(id, std::move(record)); }
  Record& operator[](Id id) { return try_emplace(id).first->second; }
  void insert_or_assign(Id id, Record record) { (*this)[id] = std::move(record); }

  iterator erase(iterator it) {
    forget(it->first);
    return rows_.erase(it);
  }
  std::size_t erase(Id id) {
    const iterator it = find(id);
    if (it == rows_.end()) return 0;
    erase(it);
    return 1;
  }

 private:
  struct Slot {
    std::int64_t id = 0;  ///< 0 = free
    iterator row;
  };

  [[nodiscard]] std::size_t home(std::int64_t id) const {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15ULL) >> shift_);
  }
  [[nodiscard]] std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  /// slots_.size() when it is not there; ids are never 0.
  [[nodiscard]] std::size_t slot_of(Id id) const {
    if (slots_.empty() || id.value == 0) return slots_.size();
    for (std::size_t slot = home(id.value);; slot = next(slot)) {
      if (slots_[slot].id == id.value) return slot;
      if (slots_[slot].id == 0) return slots_.size();
    }
  }
  [[nodiscard]] iterator row(Id id) const {
    const std::size_t slot = slot_of(id);
    if (slot == slots_.size()) throw std::out_of_range("no record of this id");
    return slots_[slot].row;
  }

  void put(iterator row) {
    std::size_t slot = home(row->first.value);
    while (slots_[slot].id != 0) slot = next(slot);
    slots_[slot] = {row->first.value, row};
  }
  void note(iterator fresh) {
    if (2 * rows_.size() <= slots_.size()) return put(fresh);
    std::size_t size = 16;
    for (shift_ = 60; size < 4 * rows_.size(); size *= 2) --shift_;
    slots_.assign(size, {});
    for (iterator row = rows_.begin(); row != rows_.end(); ++row) put(row);
  }
  /// Moves up who was pushed aside by it, so that nobody is searched beyond a free slot.
  void forget(Id id) {
    std::size_t hole = slot_of(id);
    for (std::size_t slot = next(hole); slots_[slot].id != 0; slot = next(slot)) {
      const std::size_t wants = home(slots_[slot].id);
      const bool between = hole < slot ? (wants > hole && wants <= slot) : (wants > hole || wants <= slot);
      if (between) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole].id = 0;
  }

  Rows rows_;
  std::vector<Slot> slots_;  ///< a power of two, at most half full
  int shift_ = 64;
};

}  // namespace kapok::routing
