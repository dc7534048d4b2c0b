#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "kapok/v1/frame.pb.h"

namespace kapok::cli {

/// What the server has told about one subtree: the rows of its snapshot, kept up by changes. Rows are replaced whole
/// (proto/README.md, "Watching").
class BoardState {
 public:
  /// Page 0 begins a new picture and drops the one before.
  void take(const v1::SnapshotPage& page);
  void take(const v1::Change& change);
  void take(const v1::ServerNotice& notice) { notice_ = notice; }
  /// Resync: a new snapshot follows.
  void forget();

  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const std::map<std::int64_t, v1::WaitingCall>& calls() const { return calls_; }
  [[nodiscard]] const std::map<std::int64_t, v1::WorkerLine>& workers() const { return workers_; }
  [[nodiscard]] const std::map<std::int64_t, v1::UnitCounters>& units() const { return units_; }
  [[nodiscard]] const v1::ServerNotice& notice() const { return notice_; }

  /// Everything as one page, for `--json`.
  [[nodiscard]] v1::SnapshotPage as_page() const;

 private:
  bool complete_ = false;
  std::map<std::int64_t, v1::WaitingCall> calls_;
  std::map<std::int64_t, v1::WorkerLine> workers_;
  std::map<std::int64_t, v1::UnitCounters> units_;
  v1::ServerNotice notice_;
};

}  // namespace kapok::cli
