#include "ops/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>

#include "core/check.h"

namespace kapok::ops {
namespace {

/// Seconds. Of a wait: the rings open at 10 and 20 s, an offer rings 12 or 35 s, a class ages at 180 s.
const prometheus::Histogram::BucketBoundaries kWaitBuckets{5, 10, 20, 30, 60, 120, 180, 300, 600};
/// Of a request: a commit takes one to ten milliseconds; 250 ms is a slow disk, 2 s takes readiness away.
const prometheus::Histogram::BucketBoundaries kRequestBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                              0.1,   0.25,   0.5,   1,    2,     5};

prometheus::Labels labels_of(const MetricRow& row, std::string_view label) {
  KAPOK_CHECK(row.label.empty() == label.empty());
  if (label.empty()) return {};
  return {{std::string(row.label), std::string(label)}};
}

template <class Metric>
prometheus::Family<Metric>& family_of(const std::map<MetricId, prometheus::Family<Metric>*>& families, MetricId id) {
  const auto found = families.find(id);
  KAPOK_CHECK(found != families.end());
  return *found->second;
}

}  // namespace

struct Metrics::Families {
  Families() {
    for (const MetricId id : all_metrics()) {
      const MetricRow& row = row_of(id);
      const std::string name(row.name);
      const std::string help(row.says);
      if (row.kind == MetricKind::kCounter)
        counters[id] = &prometheus::BuildCounter().Name(name).Help(help).Register(registry);
      if (row.kind == MetricKind::kGauge)
        gauges[id] = &prometheus::BuildGauge().Name(name).Help(help).Register(registry);
      if (row.kind == MetricKind::kHistogram)
        histograms[id] = &prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
      if (row.label.empty()) begin_at_zero(id);
    }
  }

  /// What has not happened yet is 0 and not missing; of labels only those are known that were seen.
  void begin_at_zero(MetricId id) const {
    if (const auto counter = counters.find(id); counter != counters.end()) counter->second->Add({});
    if (const auto gauge = gauges.find(id); gauge != gauges.end()) gauge->second->Add({});
  }

  prometheus::Registry registry;
  std::map<MetricId, prometheus::Family<prometheus::Counter>*> counters;
  std::map<MetricId, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<MetricId, prometheus::Family<prometheus::Histogram>*> histograms;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::count(MetricId counter, std::string_view label) {
  family_of(families_->counters, counter).Add(labels_of(row_of(counter), label)).Increment();
}

void Metrics::count_up_to(MetricId counter, double total, std::string_view label) {
  auto& each = family_of(families_->counters, counter).Add(labels_of(row_of(counter), label));
  if (total > each.Value()) each.Increment(total - each.Value());
}

void Metrics::set(MetricId gauge, double value, std::string_view label) {
  family_of(families_->gauges, gauge).Add(labels_of(row_of(gauge), label)).Set(value);
}

void Metrics::observe(MetricId histogram, double seconds, std::string_view label) {
  const bool wait = histogram == MetricId::kWaitUntilAnswer;
  family_of(families_->histograms, histogram)
      .Add(labels_of(row_of(histogram), label), wait ? kWaitBuckets : kRequestBuckets)
      .Observe(seconds);
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(families_->registry.Collect()); }

}  // namespace kapok::ops
