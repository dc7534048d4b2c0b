#pragma once

#include <set>

#include "core/id.h"
#include "ops/metrics.h"
#include "service/saved_event.h"

namespace kapok::service {

/// Counts calls, offers and people for the operations port, from what has been saved: a figure never knows more than
/// the store. Strand only; `metrics` outlives it.
class CallMetrics {
 public:
  /// `root`: the unit whose counters are the city's.
  CallMetrics(ops::Metrics& metrics, UnitId root) : metrics_(metrics), root_(root) {}

  void saw(const SavedEvent& saved);

 private:
  void take(const SavedEvent& saved, const routing::Command& command);
  void show(const routing::NodeCounters& city);

  ops::Metrics& metrics_;
  UnitId root_;
  std::set<UnitId> gaps_;
};

}  // namespace kapok::service
