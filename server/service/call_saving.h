#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/message.h"
#include "service/changes.h"
#include "service/drafts.h"
#include "service/office.h"
#include "service/routing_rows.h"
#include "storage/audit_event.h"
#include "storage/journal_table.h"

namespace kapok::service {

/// Everything that one routing event writes, in one transaction: the asker's own rows, calls, legs, workers and
/// gaps, the draft of an answered call, what an unanswered one leaves to be done, journal, audit, kept reply.
struct CallSaving {
  struct Draft {
    std::string display_number;
    std::uint64_t version = 0;
  };

  RowsToSave rows;
  std::vector<storage::JournalRow> journal;
  std::function<Result<>(storage::Transaction&)> also;
  std::optional<storage::AuditEvent> audit;
  std::string audit_detail;
  Asked asked;
  api::ReplyBody reply;

  /// Made by apply().
  std::map<CallId, Draft> drafts;

  /// On the strand: ids for what the transaction may have to make.
  void take_ids(const std::function<std::int64_t()>& next_id);

  /// Writer thread. May run a second time, on the working set, after the store rolled the first run back: what was
  /// given stays as it is, what is made is made anew.
  Result<> apply(storage::Transaction& tx, const CityConfig& config, const Changes& changes);

 private:
  Result<> open_drafts(storage::Transaction& tx, const CityConfig& config);
  Result<> hand_over_drafts(storage::Transaction& tx);
  Result<> leave_to_do(storage::Transaction& tx, const CityConfig& config);

  std::vector<std::pair<FollowUpId, MissedCallerId>> spare_;
};

}  // namespace kapok::service
