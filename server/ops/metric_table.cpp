#include "ops/metric_table.h"

#include "core/check.h"

namespace kapok::ops {
namespace {

using enum MetricKind;

constexpr MetricRow kRows[] = {
    {MetricId::kCallsArrived, "kapok_calls_arrived_total", kCounter, "class", "Calls that joined, by caller's class."},
    {MetricId::kCallsEnded, "kapok_calls_ended_total", kCounter, "outcome", "Calls that ended, by outcome."},
    {MetricId::kCallsOpen, "kapok_calls", kGauge, "state", "Calls open now: waiting, offered, talking."},
    {MetricId::kLongestWait, "kapok_longest_wait_seconds", kGauge, "",
     "How long the caller has waited who has waited longest, a kept callback not counted; 0 when nobody waits."},
    {MetricId::kWaitUntilAnswer, "kapok_wait_until_answer_seconds", kHistogram, "class",
     "From joining to the first answer, of answered calls."},
    {MetricId::kOffers, "kapok_offers_total", kCounter, "reason", "Offers made, by why this worker was asked."},
    {MetricId::kOffersEnded, "kapok_offers_ended_total", kCounter, "how", "Offers that ended, by how."},
    {MetricId::kTransfers, "kapok_transfers_total", kCounter, "kind", "Talks passed on, cold or warm."},

    {MetricId::kWorkers, "kapok_workers", kGauge, "state",
     "Workers now: on_shift, of them on_duty, and by state ready, offered, talking, after_call, away."},
    {MetricId::kGaps, "kapok_gaps", kGauge, "", "Units with answered lines at which nobody is on duty now."},
    {MetricId::kSessions, "kapok_sessions", kGauge, "", "Sessions that are signed in."},
    {MetricId::kGateways, "kapok_gateways_attached", kGauge, "", "Gateways that are attached."},

    {MetricId::kRequests, "kapok_requests_total", kCounter, "code", "Requests answered, by ok or the code of refusal."},
    {MetricId::kRequestTime, "kapok_request_seconds", kHistogram, "",
     "From a request's arrival at the city to its answer, COMMIT included."},
    {MetricId::kConnections, "kapok_connections", kGauge, "", "Clients connected, signed in or not."},

    {MetricId::kState, "kapok_state", kGauge, "state",
     "1 at the state the server is in, 0 at the others: starting, ok, degraded, not_recorded, shutting_down."},
    {MetricId::kCommits, "kapok_commits_total", kCounter, "", "COMMITs that succeeded."},
    {MetricId::kCommitFailures, "kapok_commit_failures_total", kCounter, "", "COMMITs that failed."},
    {MetricId::kSavedRequests, "kapok_saved_changes_total", kCounter, "", "Changes saved, many to a COMMIT."},
    {MetricId::kLastCommitTime, "kapok_last_commit_seconds", kGauge, "", "How long the last COMMIT took."},
    {MetricId::kSpooledBatches, "kapok_spooled_batches_total", kCounter, "", "Batches that went to the spool."},
    {MetricId::kSpoolWaiting, "kapok_spool_waiting_batches", kGauge, "",
     "Batches in the spool that the store does not have yet."},
    {MetricId::kSpoolBytes, "kapok_spool_used_bytes", kGauge, "", "Room taken in the spool, of 64 MiB."},
    {MetricId::kSpoolConflicts, "kapok_spool_conflicts_total", kCounter, "",
     "Spooled batches that did not fit the store and were put aside for you."},
    {MetricId::kNotRecorded, "kapok_not_recorded_batches_total", kCounter, "",
     "Batches that neither store nor spool took; nothing of them was acknowledged."},

    {MetricId::kLogMessages, "kapok_log_messages_total", kCounter, "message",
     "Lines logged, by number: every warning of this page can so be alerted on."},
    {MetricId::kStrandDelay, "kapok_strand_delay_seconds", kGauge, "",
     "How long the city took to look up from its work when this page was asked for; 1 when it had not by then."},
    {MetricId::kStartTime, "process_start_time_seconds", kGauge, "", "When the process started, Unix time."},
    {MetricId::kResidentMemory, "process_resident_memory_bytes", kGauge, "", "Memory in use."},
    {MetricId::kCpuTime, "process_cpu_seconds_total", kCounter, "", "Processor time used."},
    {MetricId::kOpenFiles, "process_open_fds", kGauge, "", "Open file descriptors."},
};

std::string_view kind_word(MetricKind kind) {
  if (kind == kCounter) return "counter";
  return kind == kGauge ? "gauge" : "histogram";
}

}  // namespace

const MetricRow& row_of(MetricId id) {
  for (const MetricRow& row : kRows)
    if (row.value == id) return row;
  check_failed("a metric has its row", __FILE__, __LINE__);
}

std::string metrics_markdown() {
  std::string page = "| name | kind | label | what it says |\n|---|---|---|---|\n";
  for (const MetricRow& row : kRows) {
    page += "| `" + std::string(row.name) + "` | " + std::string(kind_word(row.kind)) + " | ";
    page += row.label.empty() ? std::string("—") : "`" + std::string(row.label) + "`";
    page += " | " + std::string(row.says) + " |\n";
  }
  return page;
}

std::vector<MetricId> all_metrics() {
  std::vector<MetricId> all;
  for (const MetricRow& row : kRows) all.push_back(row.value);
  return all;
}

}  // namespace kapok::ops
