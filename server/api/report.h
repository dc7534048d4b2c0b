#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "reporting/day_report.h"

namespace kapok::api {

struct ReportDay {
  UnitId unit;  ///< a subtree; unset = all the person may report on, such as a supervisor's patch
  Instant day;  ///< any instant of the day in the city's offset
};

struct DayReportView {
  std::string unit_zh;
  reporting::DayReport report;
};

struct ListGaps {
  UnitId unit;
  Period period;
};

/// A stretch with nobody on duty: one that happened, or one the roster shows ahead.
struct GapView {
  UnitId unit;
  std::string unit_zh;
  Period period;  ///< `to` unset while it lasts
  bool ahead = false;
};

struct GapList {
  std::vector<GapView> gaps;
};

struct GetStatus {};

struct Status {
  std::string version;
  std::uint32_t schema = 0;
  Instant started_at;
  Instant now;
  std::string state;  ///< as ServerNotice::state
  std::uint32_t practice_factor = 1;
  std::uint32_t waiting = 0;
  std::uint32_t talking = 0;
  std::uint32_t on_duty = 0;
  std::uint32_t sessions = 0;
  std::uint32_t gateways = 0;
  std::uint64_t calls_today = 0;
  std::string audit_head;
};

}  // namespace kapok::api
