#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ops/metric_table.h"

namespace kapok::ops {

/// What the process counts about itself, for the operations port. Any thread; never blocks for longer than a look-up.
/// `label` is the value of the metric's one label, a word of ours, and empty for a metric without one. Calling a metric
/// otherwise than the table says (a counter set, a label left out) ends the process: it is our mistake, found by any
/// test that comes by.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count(MetricId counter, std::string_view label = {});
  /// For a total that is kept elsewhere. One that falls, as after a rebuild of what keeps it, leaves the counter alone.
  void count_up_to(MetricId counter, double total, std::string_view label = {});
  void set(MetricId gauge, double value, std::string_view label = {});
  void observe(MetricId histogram, double seconds, std::string_view label = {});

  /// Everything, in the Prometheus text format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace kapok::ops
