#pragma once

#include <string>

#include "api/audit.h"
#include "service/office.h"
#include "service/who.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Who read this record, who opened unusually many, who broke the glass (decision 27): for auditors in the whole city,
/// for supervisors as far as the record or the person belongs to their patch. Each question is itself a row of the
/// audit trail, committed before the answer. Strand only; rows are read on reader threads.
///
/// What a search showed stands sealed in its audit row: searches of the period are opened one by one, at most
/// kSearchesLookedThrough for one page, so a page may be empty and still have a next one. What retention shredded is
/// no longer found.
class AuditDesk {
 public:
  explicit AuditDesk(Office& office) : office_(office) {}

  /// UNKNOWN_* for a record that is not there; FORBIDDEN for one outside the asker's reach; NUMBER_NOT_USABLE and
  /// INVALID_ARGUMENT for a number or cursor that cannot be read; NARROW_SEARCH for a number with more than
  /// kRecordsOfPersonMax records.
  void handle(const Asked& asked, const api::ListReadings& list);

 private:
  Office& office_;
};

inline constexpr std::int64_t kSearchesLookedThrough = 2'000;
inline constexpr std::int64_t kRecordsOfPersonMax = 200;
/// Times of audit rows rise but for the length of a batch: so much is looked at beyond each end of the period.
inline constexpr Duration kAuditTimeSlack = minutes{1};

/// Whether the sealed text of a search (audit_text) says that it showed one of `ids`.
bool showed(const std::string& audit_text, const std::vector<std::int64_t>& ids);

}  // namespace kapok::service
