#include "reporting/day_report.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <utility>

#include "core/check.h"

namespace kapok::reporting {
namespace {

/// Collects the figures of one page; knows how their filters begin.
class Page {
 public:
  Page(const DayReportAsked& asked, DayReport& report) : report_(report) {
    of_day_ = " from=" + format_local(report.period.from, asked.offset) +
              " to=" + format_local(report.period.to, asked.offset) + " unit=" + asked.unit_code;
    of_unit_ = " unit=" + asked.unit_code;
  }

  /// What the next figures are worth: kNotMeasured for calls when every line rings elsewhere.
  void measured(bool yes) { measured_ = yes; }

  void count(std::string key, std::string_view zh, std::string_view en, std::int64_t value, std::string filter) {
    add({std::move(key), std::string{zh}, std::string{en}, FigureKind::kCount, FigureState::kMeasured, value, 0,
         std::move(filter)});
  }

  void share(std::string key, std::string_view zh, std::string_view en, std::int64_t part, std::int64_t whole,
             std::string filter) {
    const FigureState state = whole == 0 ? FigureState::kNothing : FigureState::kMeasured;
    add({std::move(key), std::string{zh}, std::string{en}, FigureKind::kShare, state, part, whole, std::move(filter)});
  }

  void wait(std::string key, std::string_view zh, std::string_view en, const std::vector<Duration>& waits, int percent,
            std::string filter) {
    const FigureState state = waits.empty() ? FigureState::kNothing : FigureState::kMeasured;
    const Duration value = waits.empty() ? Duration{0} : percentile(waits, percent);
    add({std::move(key), std::string{zh}, std::string{en}, FigureKind::kDuration, state, value.count(), 0,
         std::move(filter)});
  }

  void duration(std::string key, std::string_view zh, std::string_view en, Duration value, std::string filter) {
    add({std::move(key), std::string{zh}, std::string{en}, FigureKind::kDuration, FigureState::kMeasured, value.count(),
         0, std::move(filter)});
  }

  std::string of_day(std::string_view list, std::string_view more = {}) const { return join(list, of_day_, more); }
  std::string of_unit(std::string_view list, std::string_view more = {}) const { return join(list, of_unit_, more); }

 private:
  static std::string join(std::string_view list, const std::string& middle, std::string_view more) {
    std::string filter{list};
    filter += middle;
    if (!more.empty()) (filter += ' ') += more;
    return filter;
  }

  void add(Figure figure) {
    if (!measured_) {
      figure.state = FigureState::kNotMeasured;
      figure.value = figure.of = 0;
    }
    report_.figures.push_back(std::move(figure));
  }

  DayReport& report_;
  std::string of_day_;
  std::string of_unit_;
  bool measured_ = true;
};

struct CallCounts {
  std::int64_t by_outcome[count_of<CallOutcome>()] = {};
  std::vector<Duration> waits;  ///< of answered calls
  std::int64_t answered_in_target = 0;

  std::int64_t of(CallOutcome outcome) const { return by_outcome[static_cast<std::size_t>(outcome)]; }
  std::int64_t of(KpiBucket bucket) const {
    std::int64_t sum = 0;
    for (const auto& row : kEnumNames<CallOutcome>)
      if (row.value != CallOutcome::kNone && bucket_of(row.value) == bucket) sum += of(row.value);
    return sum;
  }
  std::int64_t arrivals() const {
    return of(KpiBucket::kAnswered) + of(KpiBucket::kAbandoned) + of(KpiBucket::kShortAbandoned) +
           of(KpiBucket::kMissed) + of(KpiBucket::kFailure);
  }
};

CallCounts count_calls(const std::vector<CallFact>& calls, Period day) {
  CallCounts counts;
  for (const CallFact& call : calls) {
    if (!day.contains(call.arrived_at)) continue;
    ++counts.by_outcome[static_cast<std::size_t>(call.outcome)];
    if (call.outcome != CallOutcome::kAnswered) continue;
    const Duration waited = call.answered_at - call.arrived_at;
    counts.waits.push_back(waited);
    if (waited <= kAnswerTarget) ++counts.answered_in_target;
  }
  return counts;
}

void add_outcomes(Page& page, const CallCounts& counts, KpiBucket bucket, std::initializer_list<CallOutcome> outcomes) {
  for (const CallOutcome outcome : outcomes) {
    const std::string name{name_of(outcome)};
    page.count(std::string{name_of(bucket)} + "." + name, zh_of(outcome), name, counts.of(outcome),
               page.of_day("log", "outcome=" + name));
  }
}

void add_arrivals(Page& page, const CallCounts& counts) {
  page.count("arrivals", "呼入总量 O", "arrivals O", counts.arrivals(), page.of_day("log", "bucket=A,AB,SA,M,F"));
  page.count("answered", "接通 A", "answered A", counts.of(KpiBucket::kAnswered), page.of_day("log", "bucket=A"));
  page.count("abandoned", "未接通挂断 AB", "abandoned AB", counts.of(KpiBucket::kAbandoned),
             page.of_day("log", "bucket=AB"));
  page.count("short_abandoned", "短时挂断 SA", "short-abandoned SA", counts.of(KpiBucket::kShortAbandoned),
             page.of_day("log", "bucket=SA"));
  page.count("missed", "漏接 M", "missed M", counts.of(KpiBucket::kMissed), page.of_day("log", "bucket=M"));
  add_outcomes(page, counts, KpiBucket::kMissed, {CallOutcome::kMissed, CallOutcome::kMissedNobodyOnDuty});
  page.count("failed", "系统故障 F", "failed F", counts.of(KpiBucket::kFailure), page.of_day("log", "bucket=F"));
  add_outcomes(page, counts, KpiBucket::kFailure,
               {CallOutcome::kLostOnRestart, CallOutcome::kGatewayLost, CallOutcome::kNetworkFailure});
  page.count("not_offered", "不计 X", "not counted X", counts.of(KpiBucket::kNotOffered),
             page.of_day("log", "bucket=X"));
  page.count("in_progress", "进行中", "in progress", counts.of(CallOutcome::kNone), page.of_day("log", "outcome=none"));
}

void add_service(Page& page, const CallCounts& counts) {
  const std::int64_t arrivals = counts.arrivals();
  const std::int64_t answered = counts.of(KpiBucket::kAnswered);
  const std::string answered_rows = page.of_day("log", "bucket=A");
  page.share("connection_rate", "接通率 A/O", "connection rate A/O", answered, arrivals, answered_rows);
  page.share("connection_rate_without_short", "接通率 A/(O−SA)", "connection rate A/(O−SA)", answered,
             arrivals - counts.of(KpiBucket::kShortAbandoned), answered_rows);
  page.share("answered_in_15s", "15秒应答及时率", "answered in 15 s", counts.answered_in_target, answered,
             answered_rows);
  page.wait("wait_p50", "等候中位数", "wait p50", counts.waits, 50, answered_rows);
  page.wait("wait_p90", "等候九成位", "wait p90", counts.waits, 90, answered_rows);
  page.wait("wait_max", "最长等候", "longest wait", counts.waits, 100, answered_rows);
}

void add_gaps(Page& page, const std::vector<GapFact>& gaps, Period day, Instant now) {
  std::int64_t number = 0;
  Duration total{0};
  const Instant end = std::min(day.to, now);
  for (const GapFact& gap : gaps) {
    const Instant from = std::max(gap.period.from, day.from);
    const Instant to = gap.period.to.is_set() ? std::min(gap.period.to, end) : end;
    if (from >= to) continue;
    ++number;
    total += to - from;
  }
  page.count("gaps", "空岗次数", "gaps", number, page.of_day("gaps"));
  page.duration("gap_time", "空岗时长", "time without anyone on duty", total, page.of_day("gaps"));
}

template <class Facts, class Predicate>
std::int64_t count_if(const Facts& facts, Predicate predicate) {
  return static_cast<std::int64_t>(std::count_if(facts.begin(), facts.end(), predicate));
}

void add_unanswered(Page& page, const DayFacts& facts) {
  const auto open = [](const CallbackFact& callback) {
    return callback.state == casework::CallbackState::kScheduled || callback.state == casework::CallbackState::kClaimed;
  };
  page.count("callbacks_open", "待回电", "open callbacks", count_if(facts.callbacks, open),
             page.of_unit("callbacks", "open"));
  page.count("callbacks_overdue", "回电逾期", "overdue callbacks",
             count_if(facts.callbacks, [&open](const CallbackFact& c) { return open(c) && c.overdue; }),
             page.of_unit("callbacks", "open overdue"));
  page.count("missed_callers_open", "待知悉漏接", "missed callers to acknowledge",
             count_if(facts.missed_callers,
                      [](const MissedCallerFact& m) { return m.state == casework::MissedCallerState::kOpen; }),
             page.of_unit("missed", "open"));
}

void add_contacts(Page& page, const std::vector<ContactFact>& contacts, Period day, Instant now) {
  const auto today = [day](const ContactFact& contact) { return day.contains(contact.started_at); };
  const auto late = [now](const ContactFact& contact, Instant due, Instant met) {
    return contact.state == casework::ContactState::kDraft && due.is_set() && !met.is_set() && now > due;
  };
  page.count("contacts", "服务记录", "contacts", count_if(contacts, today), page.of_day("log", "contacts"));
  page.count("contacts_manual", "其中补录", "of them entered by hand",
             count_if(contacts, [&today](const ContactFact& c) { return today(c) && c.manual; }),
             page.of_day("log", "contacts manual"));
  page.count("drafts_late_minimal", "简要记录逾期", "minimal records late",
             count_if(contacts, [&late](const ContactFact& c) { return late(c, c.minimal_due, c.minimal_at); }),
             page.of_unit("drafts", "late=minimal"));
  page.count("drafts_late_full", "完整记录逾期", "full records late",
             count_if(contacts, [&late](const ContactFact& c) { return late(c, c.full_due, c.finalised_at); }),
             page.of_unit("drafts", "late=full"));
}

void add_needs(Page& page, const std::vector<ContactFact>& contacts, Period day) {
  std::int64_t by_kind[count_of<casework::NeedKind>()] = {};
  for (const ContactFact& contact : contacts)
    if (day.contains(contact.started_at) && contact.state == casework::ContactState::kFinalised)
      for (const casework::NeedKind kind : contact.needs) ++by_kind[static_cast<std::size_t>(kind)];
  for (const auto& group : kEnumNames<casework::NeedGroup>) {
    std::int64_t sum = 0;
    for (const auto& kind : kEnumNames<casework::NeedKind>)
      if (group_of(kind.value) == group.value) sum += by_kind[static_cast<std::size_t>(kind.value)];
    const std::string name{group.name};
    page.count("needs." + name, group.zh, name, sum, page.of_day("log", "need_group=" + name));
    for (const auto& kind : kEnumNames<casework::NeedKind>) {
      const std::int64_t number = by_kind[static_cast<std::size_t>(kind.value)];
      const std::string kind_name{kind.name};
      if (group_of(kind.value) == group.value && number > 0)
        page.count("need." + kind_name, kind.zh, kind_name, number, page.of_day("log", "need=" + kind_name));
    }
  }
}

void add_referrals(Page& page, const std::vector<ReferralFact>& referrals, Period day) {
  for (const auto& state : kEnumNames<casework::ReferralState>) {
    const std::string name{state.name};
    page.count("referrals." + name, state.zh, name,
               count_if(referrals,
                        [&](const ReferralFact& r) { return day.contains(r.created_at) && r.state == state.value; }),
               page.of_day("referrals", "state=" + name));
  }
  page.count("referrals_overdue", "接单逾期", "referrals not accepted in time",
             count_if(referrals, [](const ReferralFact& r) { return r.overdue; }),
             page.of_unit("referrals", "open overdue"));
}

std::string written_duration(Duration value) {
  const auto whole = std::chrono::duration_cast<seconds>(value).count();
  char text[32];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", static_cast<long long>(whole / 3600),
                  static_cast<long long>(whole / 60 % 60), static_cast<long long>(whole % 60));
  else
    std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(whole / 60),
                  static_cast<long long>(whole % 60));
  return text;
}

/// Cut, not rounded: 94.99 % must not read as the target of 95 %.
std::string written_share(std::int64_t part, std::int64_t whole) {
  const std::int64_t per_mille = part * 1000 / whole;
  return std::to_string(per_mille / 10) + "." + std::to_string(per_mille % 10) + " % (" + std::to_string(part) + "/" +
         std::to_string(whole) + ")";
}

}  // namespace

DayReport day_report(const DayReportAsked& asked, const DayFacts& facts) {
  DayReport report;
  report.unit = asked.unit;
  report.unit_code = asked.unit_code;
  report.day = asked.day;
  report.period = period_of_day(asked.day, asked.offset);
  report.as_of = asked.now;
  report.short_abandon = asked.short_abandon;
  report.lines_measured = facts.lines_measured;
  report.lines_recorded_only = facts.lines_recorded_only;

  Page page{asked, report};
  const CallCounts calls = count_calls(facts.calls, report.period);
  const bool anything_rang = std::any_of(std::begin(calls.by_outcome), std::end(calls.by_outcome),
                                         [](std::int64_t number) { return number > 0; });
  page.measured(facts.lines_measured > 0 || facts.lines_recorded_only == 0 || anything_rang);
  add_arrivals(page, calls);
  add_service(page, calls);
  page.measured(true);
  page.count("lines_recorded_only", "仅登记热线（未测量）", "lines recorded only (not measured)",
             facts.lines_recorded_only, page.of_unit("lines", "mode=recorded_only"));
  add_gaps(page, facts.gaps, report.period, asked.now);
  add_unanswered(page, facts);
  add_contacts(page, facts.contacts, report.period, asked.now);
  add_needs(page, facts.contacts, report.period);
  add_referrals(page, facts.referrals, report.period);
  return report;
}

const Figure* find_figure(const DayReport& report, std::string_view key) {
  const auto found = std::find_if(report.figures.begin(), report.figures.end(),
                                  [key](const Figure& figure) { return figure.key == key; });
  return found == report.figures.end() ? nullptr : &*found;
}

Duration percentile(std::vector<Duration> waits, int percent) {
  KAPOK_CHECK(!waits.empty() && percent > 0 && percent <= 100);
  std::sort(waits.begin(), waits.end());
  const std::size_t rank = (waits.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return waits[rank - 1];
}

std::string written(const Figure& figure) {
  if (figure.state == FigureState::kNotMeasured) return "未测量";
  if (figure.state == FigureState::kNothing) return "—";
  switch (figure.kind) {
    case FigureKind::kCount:
      return std::to_string(figure.value);
    case FigureKind::kShare:
      return written_share(figure.value, figure.of);
    case FigureKind::kDuration:
      return written_duration(Duration{figure.value});
  }
  check_failed("figure kind is known", __FILE__, __LINE__);
}

}  // namespace kapok::reporting
