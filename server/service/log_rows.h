#pragma once

#include <optional>
#include <vector>

#include "api/contact.h"
#include "casework/contact.h"
#include "service/directory.h"
#include "storage/call_table.h"

namespace kapok::service {

/// What a line of the log is made from: a call, its contact, or both.
struct LogFacts {
  std::optional<storage::CallRow> call;
  std::optional<casework::Contact> contact;  ///< with its needs as far as they are to be shown
};

/// One masked line of the call log. `facts` holds at least one of the two.
api::LogRow log_row(const Directory& directory, const LogFacts& facts);

/// A line that stands where a damaged row should: it names the ids and nothing else, so that nobody takes the
/// row for one that never was.
api::LogRow damaged_log_row(CallId call, ContactId contact, Instant at);

}  // namespace kapok::service
