#pragma once

#include <cstddef>

#include "api/report.h"
#include "service/office.h"

namespace kapok::service {

/// The supervisor's morning page of one unit, and stretches with nobody on duty. Figures are computed by reporting/
/// from recorded facts; a report is one audit row, committed before the answer. Strand only.
class ReportDesk {
 public:
  explicit ReportDesk(Office& office) : office_(office) {}

  void handle(const Asked& asked, const api::ReportDay& report);
  /// Gaps that happened, then those the roster shows from now on. Refuses a period beyond kGapPeriodMax, and
  /// NARROW_SEARCH for more than kGapsMax.
  void handle(const Asked& asked, const api::ListGaps& list);

 private:
  Office& office_;
};

inline constexpr Duration kGapPeriodMax = hours{24 * 31};
inline constexpr std::size_t kGapsMax = 1'000;

}  // namespace kapok::service
