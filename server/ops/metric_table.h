#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Every figure that `/metrics` shows. The section "Metrics" of deploy/README.md is this table; tests compare the two,
/// and look that dashboard and alert rules name nothing else. A name never changes its meaning: dashboards go by it.
namespace kapok::ops {

enum class MetricId {
  // Calls.
  kCallsArrived,
  kCallsEnded,
  kCallsOpen,
  kLongestWait,
  kWaitUntilAnswer,
  kOffers,
  kOffersEnded,
  kTransfers,
  // People.
  kWorkers,
  kGaps,
  kSessions,
  kGateways,
  // Requests and clients.
  kRequests,
  kRequestTime,
  kConnections,
  // The store.
  kState,
  kCommits,
  kCommitFailures,
  kSavedRequests,
  kLastCommitTime,
  kSpooledBatches,
  kSpoolWaiting,
  kSpoolBytes,
  kSpoolConflicts,
  kNotRecorded,
  // The process.
  kLogMessages,
  kStrandDelay,
  kStartTime,
  kResidentMemory,
  kCpuTime,
  kOpenFiles,
};

enum class MetricKind { kCounter, kGauge, kHistogram };

/// One row. A metric has one label or none, and its values are words of ours: never a name, a number or an id of a
/// person, a unit or a call.
struct MetricRow {
  MetricId value;
  std::string_view name;
  MetricKind kind;
  std::string_view label;  ///< empty = none
  std::string_view says;
};

const MetricRow& row_of(MetricId id);
std::vector<MetricId> all_metrics();

/// The whole table as the Markdown of deploy/README.md, without its heading.
std::string metrics_markdown();

}  // namespace kapok::ops
