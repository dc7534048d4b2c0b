#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace kapok::routing {

/// What is to be looked at before a step ends: noted in any order and as often as one likes, looked at once each and in
/// rising order. Keeps its memory from step to step.
template <class Value>
class Pending {
 public:
  void insert(const Value& value) {
    if (values_.empty() || !(values_.back() == value)) values_.push_back(value);
  }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  void clear() { values_.clear(); }

  /// Shows all that was noted until now; what is noted meanwhile waits for the next drain.
  template <class Look>
  void drain(Look look) {
    if (values_.empty()) return;
    std::vector<Value> taken = std::exchange(values_, std::move(spare_));
    if (taken.size() > 1) {
      if (!std::is_sorted(taken.begin(), taken.end())) std::sort(taken.begin(), taken.end());
      taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    }
    for (const Value& value : taken) look(value);
    taken.clear();
    spare_ = std::move(taken);
  }

 private:
  std::vector<Value> values_;
  std::vector<Value> spare_;  ///< of the last drain, empty
};

}  // namespace kapok::routing
