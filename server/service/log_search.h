#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/contact.h"
#include "core/result.h"
#include "service/list_scope.h"
#include "service/who.h"
#include "storage/search_index.h"
#include "storage/search_tokens.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Rows opened for one page at most; a search that would open more has to be narrowed (decision 28).
inline constexpr std::size_t kRowsOpenedMax = 2'000;
inline constexpr std::uint32_t kLogPageMax = 50;
/// A search without a period looks back this far.
inline constexpr Duration kLogLookBack = hours{24 * 366};

/// A search as it is carried out: read, judged and completed on the strand.
struct LogQuery {
  api::SearchLog asked;
  ListScope scope;
  Who who;
  CityId city;
  Period period;       ///< as asked, or completed
  std::string number;  ///< canonical; empty = not asked for
  storage::SearchQuery text;
  std::size_t limit = kLogPageMax;
  std::int64_t rows_max = 0;  ///< rows of all pages together; 0 = no end
};

/// Refuses a period that ends before it starts, SEARCH_TOO_SHORT, TEXT_TOO_LONG, a number that cannot be matched
/// (NUMBER_NOT_USABLE), last four that are not four digits, and text together with `oldest_first`: text is listed
/// newest first. `scope` is what list_scope permitted.
Result<LogQuery> read_log_query(const Who& who, CityId city, ListScope scope, const api::SearchLog& asked);

/// One page of masked rows, newest first unless asked otherwise. A damaged row shows as a line that says so. Refuses
/// NARROW_SEARCH after kRowsOpenedMax opened rows and INVALID_ARGUMENT for a cursor that is not of this search. Reader
/// thread.
Result<api::LogPage> search_log(storage::ReadTransaction& tx, storage::SearchIndex& index, const LogQuery& query);

/// What the audit trail keeps of a search: what was asked, the scope and the ids shown; sealed there.
std::string audit_text(const LogQuery& query, const api::LogPage& page);

}  // namespace kapok::service
