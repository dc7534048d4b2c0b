#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/change_record.h"
#include "storage/key_ring.h"

namespace kapok::storage {

class Connection;

/// What must be readable when the store is gone: an in-memory SQLite database of the same schema with a small part
/// of the rows, as the store holds them (sealed, with their MACs). While the store works it follows every committed
/// batch; when it fails, requests that are allowed then are applied here and their changes spooled.
///
/// It holds, and so `apply` with Degraded::kAllowed and Writer::look() may read:
///   contact, need         drafts, with their needs
///   follow_up             open callbacks (scheduled, claimed)
///   missed_caller         open entries of the calls it holds
///   call                  open calls, and those that ended in the last two hours (at most 4,000)
///   day_counter           all
///   state_value           all
///   id_high_water         all
/// and, of every table, the rows that were written since the store failed. Not: persons, accounts, sessions, finished
/// contacts, orders, search, audit rows, kept replies and their windows (a window only ever moves on, and replies are
/// let go by the store alone).
///
/// Writing a row that it does not hold works as long as the version is right, because rows are written whole; the
/// store compares it when the batch is taken in. What must be compared now must be held.
///
/// Foreign keys are not checked. What is finished leaves it from time to time. Writer thread.
class WorkingSet {
 public:
  /// Reads the rows from the store. Throws StoreFailure.
  static std::unique_ptr<WorkingSet> load(Connection& store);
  ~WorkingSet();

  [[nodiscard]] Connection& connection() { return *connection_; }

  /// Does what a committed or spooled batch did to the tables it holds. False when it no longer stands where the
  /// store does (a row fits no more): load it anew.
  [[nodiscard]] bool follow(const ChangeRecord& record);

  /// Lets go of what is finished; the first only every kFollowedBeforeTidy batches. Not while batches are being
  /// spooled: what was written since the store failed stays readable.
  void tidy_now_and_then();
  void tidy();

 private:
  explicit WorkingSet(std::unique_ptr<Connection> connection);
  void copy(Connection& store, std::string_view table, const std::string& where);

  std::unique_ptr<Connection> connection_;
  int followed_ = 0;
};

}  // namespace kapok::storage
