#include "ops/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <thread>
#include <vector>

#include "ops/log_message.h"
#include "ops/process_figures.h"

namespace kapok::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string file_text(const std::string& path) {
  std::ifstream file(std::string(KAPOK_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Every name of a metric in a text, as the table has it: without the endings a histogram's series carry.
std::set<std::string> names_in(const std::string& text) {
  static const std::regex kName("(kapok|process)_[a-z_]+");
  std::set<std::string> names;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), kName); at != std::sregex_iterator(); ++at)
    names.insert(std::regex_replace(at->str(), std::regex("_(bucket|sum|count)$"), ""));
  return names;
}

std::set<std::string> table() {
  std::set<std::string> names;
  for (const MetricId id : all_metrics()) names.insert(std::string(row_of(id).name));
  return names;
}

TEST(Metrics, EachIsShownWithItsLabelAndValue) {
  Metrics metrics;
  metrics.count(MetricId::kCallsArrived, "crisis");
  metrics.count(MetricId::kCallsArrived, "crisis");
  metrics.set(MetricId::kCallsOpen, 7, "waiting");
  metrics.observe(MetricId::kWaitUntilAnswer, 12, "normal");
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# TYPE kapok_calls_arrived_total counter"));
  EXPECT_THAT(text, HasSubstr("kapok_calls_arrived_total{class=\"crisis\"} 2"));
  EXPECT_THAT(text, HasSubstr("kapok_calls{state=\"waiting\"} 7"));
  EXPECT_THAT(text, HasSubstr("kapok_wait_until_answer_seconds_bucket{class=\"normal\",le=\"10\"} 0"));
  EXPECT_THAT(text, HasSubstr("kapok_wait_until_answer_seconds_bucket{class=\"normal\",le=\"20\"} 1"));
}

TEST(Metrics, WhatHasNotHappenedIsZeroAndNotMissing) {
  EXPECT_THAT(Metrics().text(), HasSubstr("kapok_commit_failures_total 0"));
}

TEST(Metrics, ATotalKeptElsewhereIsFollowedUpwardsOnly) {
  Metrics metrics;
  metrics.count_up_to(MetricId::kCommits, 10);
  metrics.count_up_to(MetricId::kCommits, 4);
  EXPECT_THAT(metrics.text(), HasSubstr("kapok_commits_total 10"));
}

TEST(Metrics, AreCountedByManyThreadsWithoutLoss) {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 1'000; ++i) metrics.count(MetricId::kRequests, i % 2 == 0 ? "ok" : "RETRY_AFTER");
      });
  }
  EXPECT_THAT(metrics.text(), HasSubstr("kapok_requests_total{code=\"ok\"} 2000"));
}

TEST(MetricsDeathTest, AMetricIsUsedAsTheTableSaysOrNotAtAll) {
  Metrics metrics;
  EXPECT_DEATH(metrics.count(MetricId::kGaps), "");              // a gauge
  EXPECT_DEATH(metrics.set(MetricId::kGaps, 1, "station"), "");  // has no label
  EXPECT_DEATH(metrics.count(MetricId::kCallsArrived), "");      // has one
}

TEST(Metrics, TheProcessIsMeasured) {
  Metrics metrics;
  measure_process(metrics);
  const std::string text = metrics.text();
  EXPECT_THAT(text, Not(HasSubstr("process_resident_memory_bytes 0\n")));
  EXPECT_THAT(text, Not(HasSubstr("process_open_fds 0\n")));
}

TEST(MetricTable, IsTheSectionOfTheOperatorsPage) {
  EXPECT_THAT(file_text("deploy/README.md"), HasSubstr(metrics_markdown())) << metrics_markdown();
}

TEST(MetricTable, DashboardAndAlertsNameNothingElse) {
  for (const char* path : {"deploy/metrics/dashboard.json", "deploy/metrics/alerts.yml"}) {
    const auto names = names_in(file_text(path));
    EXPECT_FALSE(names.empty()) << path;
    for (const std::string& name : names) EXPECT_TRUE(table().contains(name)) << path << ": " << name;
  }
}

TEST(MetricTable, EveryErrorThatTheServerCanLogAlertsSomebody) {
  const std::string alerts = file_text("deploy/metrics/alerts.yml");
  const std::regex list("KPK-\\(([0-9|]+)\\)");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(alerts, found, list));
  std::string errors;
  for (int i = 0; i <= static_cast<int>(LogId::kLogLinesLost); ++i) {
    const LogMessage& message = message_of(static_cast<LogId>(i));
    if (message.severity == Severity::kError) errors += (errors.empty() ? "" : "|") + std::to_string(message.number);
  }
  EXPECT_EQ(found[1].str(), errors);
}

}  // namespace
}  // namespace kapok::ops
