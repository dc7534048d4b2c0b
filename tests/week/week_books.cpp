#include <algorithm>
#include <numeric>

#include "week/week_world.h"

/// The books at the end: what callers met, and what the service's log and reports say.
namespace kapok::week {
namespace {

constexpr std::uint32_t kPage = 200;
constexpr std::array<std::string_view, load::kBucketCount> kReportKeys{"answered", "abandoned", "short_abandoned",
                                                                       "missed",   "failed",    "not_offered"};

double seconds_of(Duration length) { return static_cast<double>(length.count()) / 1e6; }

WaitFigures figures_of(std::vector<double> waits) {
  WaitFigures figures;
  figures.count = waits.size();
  if (waits.empty()) return figures;
  std::sort(waits.begin(), waits.end());
  const auto share = [&](double part) {
    return waits[static_cast<std::size_t>(part * static_cast<double>(waits.size() - 1))];
  };
  figures.mean = std::accumulate(waits.begin(), waits.end(), 0.0) / static_cast<double>(waits.size());
  figures.p50 = share(0.5);
  figures.p95 = share(0.95);
  figures.p99 = share(0.99);
  figures.longest = waits.back();
  return figures;
}

load::LogCall log_call(const api::LogRow& row) {
  load::LogCall call;
  call.call = row.call.value;
  call.contact = row.contact.value;
  call.ended = row.outcome != CallOutcome::kNone;
  if (call.ended) call.bucket = static_cast<load::Bucket>(bucket_of(row.outcome));
  call.finalised = row.state == casework::ContactState::kFinalised;
  for (const casework::NeedKind need : row.needs) call.needs.push_back(static_cast<int>(need));
  std::sort(call.needs.begin(), call.needs.end());
  return call;
}

static_assert(static_cast<int>(KpiBucket::kAnswered) == static_cast<int>(load::Bucket::kAnswered) &&
              static_cast<int>(KpiBucket::kAbandoned) == static_cast<int>(load::Bucket::kAbandoned) &&
              static_cast<int>(KpiBucket::kShortAbandoned) == static_cast<int>(load::Bucket::kShortAbandoned) &&
              static_cast<int>(KpiBucket::kMissed) == static_cast<int>(load::Bucket::kMissed) &&
              static_cast<int>(KpiBucket::kFailure) == static_cast<int>(load::Bucket::kFailure) &&
              static_cast<int>(KpiBucket::kNotOffered) == static_cast<int>(load::Bucket::kNotOffered));

}  // namespace

void WeekWorld::tell(WeekResult& result) {
  std::vector<double> answered;
  std::vector<double> joined;
  for (std::size_t index = 0; index < callers_.size(); ++index) {
    const load::ReplayCall& call = week_.calls[index];
    const Caller& caller = callers_[index];
    if (call.kind == load::ReplayKind::kHangsUpAtOnce) continue;
    const bool was_answered = caller.answered_at.is_set();
    const double waited = seconds_of((was_answered ? caller.answered_at : caller.gone_at) - at(call.joins));
    joined.push_back(waited);
    if (call.kind == load::ReplayKind::kGivesUp) ++result.impatient;
    if (!was_answered) {
      ++result.gave_up;
      continue;
    }
    answered.push_back(waited);
    if (waited <= 20) ++result.answered_in_20s;
    if (call.kind == load::ReplayKind::kGivesUp) ++result.impatient_answered;
    result.talk_hours += seconds_of(caller.gone_at - caller.answered_at) / 3600;
  }
  result.arrivals = callers_.size();
  result.phantoms = week_.phantoms;
  result.joined = joined.size();
  result.at_once = result.arrivals - result.joined;
  result.answered_wait = figures_of(std::move(answered));
  result.joined_wait = figures_of(std::move(joined));
  result.most_waiting = most_waiting_;
  result.most_talking = most_talking_;
  result.check = load::check_ledger(ledger_, read_log(), false);
  result.refusals = ledger_.refusals;
}

load::LogFacts WeekWorld::read_log() {
  const Client reader = city_->log_reader();
  load::LogFacts facts;
  api::SearchLog search;
  search.period = {at(week_.from) - hours{1}, now() + hours{1}};
  search.oldest_first = true;
  search.limit = kPage;
  do {
    const auto page = WeekCity::granted<api::LogPage>(city_->ask(reader, search), "SearchLog");
    for (const api::LogRow& row : page.rows) facts.calls.push_back(log_call(row));
    search.cursor = page.next_cursor;
  } while (!search.cursor.empty());
  read_report(reader, facts);
  return facts;
}

void WeekWorld::read_report(const Client& reader, load::LogFacts& facts) {
  for (Instant day = at(week_.from); day < now() + hours{24}; day = day + hours{24}) {
    const auto view = WeekCity::granted<api::DayReportView>(city_->ask(reader, api::ReportDay{{}, day}), "ReportDay");
    for (const reporting::Figure& figure : view.report.figures)
      for (std::size_t key = 0; key < kReportKeys.size(); ++key)
        if (figure.key == kReportKeys[key]) facts.report[key] += figure.value;
  }
  facts.has_report = true;
}

}  // namespace kapok::week
