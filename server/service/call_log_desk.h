#pragma once

#include <cstdint>
#include <functional>

#include "api/contact.h"
#include "service/log_search.h"
#include "service/office.h"
#include "storage/search_index.h"

namespace kapok::service {

/// The call log: every call, answered or not, and every contact entered by hand. Lists are masked for everybody;
/// content is opened one record at a time (ContactDesk). A search is one audit row with the query, the scope and
/// the ids shown, committed before the answer. Strand only; rows are read on reader threads.
class CallLogDesk {
 public:
  CallLogDesk(Office& office, storage::SearchIndex& index);

  void handle(const Asked& asked, const api::SearchLog& search);
  void handle(const Asked& asked, const api::ExportLog& export_log);

 private:
  using Answer = std::function<api::ReplyBody(const api::LogPage&)>;
  void search(const Asked& asked, const api::SearchLog& search, Action action, std::size_t limit, Answer answer);
  void audit_and_answer(const Asked& asked, const LogQuery& query, Action action, api::LogPage page, Answer answer);

  Office& office_;
  storage::SearchIndex& index_;
};

/// Rows of one page of an export, and of one export altogether; more needs a narrower one.
inline constexpr std::size_t kExportPageRows = 200;
inline constexpr std::int64_t kExportRowsMax = 10'000;

/// Rows as CSV (core/csv.h), with the header when `first`. Times in the city's local time.
std::string log_csv(const api::LogPage& page, Duration utc_offset, bool first);

}  // namespace kapok::service
