#pragma once

#include "core/id.h"
#include "core/instant.h"
#include "core/local_time.h"
#include "reporting/day_report.h"
#include "storage/transaction.h"
#include "storage/unit_set.h"

namespace kapok::storage {

struct ReportFactsAsked {
  CityId city;
  UnitSet units;
  Period day;
  Instant now;  ///< what is open or late is so at this instant
  UtcOffset offset = kChinaOffset;
};

/// The recorded facts of one day and some units, for reporting::day_report: calls that arrived and contacts that began
/// that day, orders made that day to these units, and whatever is still open whenever it began. Gaps and lines are
/// the caller's to add. Reads columns only: no sealed value is opened and no MAC is checked.
reporting::DayFacts read_day_facts(ReadTransaction& tx, const ReportFactsAsked& asked);

}  // namespace kapok::storage
