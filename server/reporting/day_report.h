#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "casework/callback.h"
#include "casework/contact_values.h"
#include "casework/missed_caller.h"
#include "casework/need.h"
#include "casework/referral.h"
#include "core/call.h"
#include "core/enum_names.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/local_time.h"

/// The supervisor's morning page: figures of one local day and one subtree, counted from recorded facts (domain.md §4).
/// Each figure carries the filter that lists its rows again. Facts may reach beyond the day; the half-open
/// day [00:00, 24:00) in the city's offset decides. The caller has restricted them to the subtree.
namespace kapok::reporting {

/// An arrival. It is counted in the day it *arrived*, whenever it ended. A call that is not over
/// yet is shown as in progress and belongs to O once it has an outcome.
struct CallFact {
  Instant arrived_at;
  Instant answered_at;  ///< unset = never
  CallOutcome outcome = CallOutcome::kNone;
};

/// A contact, counted in the day it started; its needs once it is finalised.
struct ContactFact {
  Instant started_at;
  casework::ContactState state = casework::ContactState::kDraft;
  casework::ContactType type = casework::ContactType::kNotRecorded;
  bool manual = false;  ///< without a call of ours
  Instant minimal_due;
  Instant full_due;
  Instant minimal_at;
  Instant finalised_at;
  std::vector<casework::NeedKind> needs;
};

/// A stretch in which nobody was on duty at a unit; `to` unset while it lasts.
struct GapFact {
  UnitId unit;
  Period period;
};

struct CallbackFact {
  Instant opened_at;
  Instant due_at;
  casework::CallbackState state = casework::CallbackState::kScheduled;
  bool overdue = false;  ///< casework::overdue at `now`
};

struct MissedCallerFact {
  Instant at;
  casework::MissedCallerState state = casework::MissedCallerState::kOpen;
};

struct ReferralFact {
  Instant created_at;
  casework::ReferralState state = casework::ReferralState::kDispatched;
  bool overdue = false;  ///< casework::overdue at `now`
};

/// Calls and contacts of the day. What waits for somebody in the morning counts whatever day it began: open callbacks,
/// missed callers, late drafts, overdue referrals.
struct DayFacts {
  std::vector<CallFact> calls;
  std::vector<ContactFact> contacts;
  std::vector<GapFact> gaps;
  std::vector<CallbackFact> callbacks;
  std::vector<MissedCallerFact> missed_callers;
  std::vector<ReferralFact> referrals;
  std::uint32_t lines_measured = 0;       ///< lines whose calls reach us
  std::uint32_t lines_recorded_only = 0;  ///< lines that ring elsewhere (domain.md §0.2)
};

enum class FigureKind { kCount, kShare, kDuration };

/// kNothing: measured, but there was nothing to divide or rank. kNotMeasured: every line of the unit rings elsewhere,
/// so the truth is unknown: never 0, never 100 %.
enum class FigureState { kMeasured, kNothing, kNotMeasured };

struct Figure {
  std::string key;  ///< stable, e.g. `answered`, `wait_p90`, `need.rice_flour`
  std::string name_zh;
  std::string name_en;
  FigureKind kind = FigureKind::kCount;
  FigureState state = FigureState::kMeasured;
  std::int64_t value = 0;  ///< a count, a share's part, or microseconds
  std::int64_t of = 0;     ///< a share's whole
  std::string filter;      ///< what to ask to see the rows, e.g. `log from=… to=… unit=440103001 bucket=A`

  friend bool operator==(const Figure&, const Figure&) = default;
};

struct DayReport {
  UnitId unit;
  std::string unit_code;
  CivilDay day;
  Period period;
  Instant as_of;             ///< what is open or late is so at this instant
  Duration short_abandon{};  ///< threshold t of SA, always printed
  std::uint32_t lines_measured = 0;
  std::uint32_t lines_recorded_only = 0;
  std::vector<Figure> figures;  ///< in the order of the page
};

struct DayReportAsked {
  UnitId unit;
  std::string unit_code;
  CivilDay day;
  UtcOffset offset = kChinaOffset;
  Instant now;
  Duration short_abandon = seconds{5};
};

inline constexpr Duration kAnswerTarget = seconds{15};

DayReport day_report(const DayReportAsked& asked, const DayFacts& facts);

/// The figure of that key, or nullptr.
const Figure* find_figure(const DayReport& report, std::string_view key);

/// The value at `percent` by nearest rank; of nothing it is our mistake.
Duration percentile(std::vector<Duration> waits, int percent);

/// `12`, `95.2 % (20/21)`, `0:13`, `—`, `未测量`, for tables.
std::string written(const Figure& figure);

}  // namespace kapok::reporting

namespace kapok {

template <>
inline constexpr EnumName<reporting::FigureKind> kEnumNames<reporting::FigureKind>[] = {
    {reporting::FigureKind::kCount, "count", "数量"},
    {reporting::FigureKind::kShare, "share", "比例"},
    {reporting::FigureKind::kDuration, "duration", "时长"},
};

template <>
inline constexpr EnumName<reporting::FigureState> kEnumNames<reporting::FigureState>[] = {
    {reporting::FigureState::kMeasured, "measured", "已测量"},
    {reporting::FigureState::kNothing, "nothing", "无数据"},
    {reporting::FigureState::kNotMeasured, "not_measured", "未测量"},
};

}  // namespace kapok
