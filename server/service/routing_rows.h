#pragma once

#include <functional>
#include <map>
#include <vector>

#include "core/id.h"
#include "routing/commands.h"
#include "service/live_calls.h"
#include "storage/gap_table.h"
#include "storage/transaction.h"
#include "storage/worker_state_table.h"

namespace kapok::service {

/// The rows that one event's commands write.
struct RowsToSave {
  std::vector<storage::CallRow> calls;
  std::vector<storage::CallLegRow> legs;
  std::vector<storage::WorkerStateRow> workers;
  std::vector<storage::GapRow> gaps;
  std::vector<storage::CallRow> answered;        ///< first answers: each opens the draft `contact`
  std::vector<storage::CallRow> answered_again;  ///< later answers: the draft has another answerer now
  std::vector<storage::CallRow> taken_over;      ///< by transfer: the draft keeps its answerer, the second writes too
  std::vector<LiveCall> ended;
};

/// Turns commands into rows and keeps the rows that are still open: calls with their live leg, worker states,
/// gaps. What it holds is ahead of the store by what is under way. Strand only, except save().
class RoutingRows {
 public:
  using NextId = std::function<std::int64_t()>;

  RoutingRows(CityId city, NextId next_id) : city_(city), next_id_(std::move(next_id)) {}

  void clear();
  void load(std::vector<LiveCall> calls, const std::vector<storage::WorkerStateRow>& workers,
            const std::vector<storage::GapRow>& gaps);

  /// A call about to arrive; saved when routing says RecordArrival.
  void add(LiveCall call) { calls_.add(std::move(call)); }
  void forget(CallId call) { calls_.remove(call); }

  [[nodiscard]] LiveCalls& calls() { return calls_; }
  [[nodiscard]] const LiveCalls& calls() const { return calls_; }

  /// Every row once, as it stands after the last command; the copies held here expect to have been saved.
  RowsToSave take(const std::vector<routing::Command>& commands);

  /// Writer thread, perhaps twice: `rows` stay as they are. Drafts and what unanswered calls leave to be done are the
  /// caller's.
  static Result<> save(storage::Transaction& tx, const RowsToSave& rows);

 private:
  struct Taking;
  void put(Taking& taking, const routing::RecordArrival& command);
  void put(Taking& taking, const routing::OfferCall& command);
  void put(Taking& taking, const routing::RecordOfferEnded& command);
  void put(Taking& taking, const routing::ConnectCall& command);
  void put(Taking& taking, const routing::ReturnCallToWaiting& command);
  void put(Taking& taking, const routing::RecordTransfer& command);
  void put(Taking& taking, const routing::RecordTransferEnded& command);
  void put(Taking& taking, const routing::KeepCallback& command);
  void put(Taking& taking, const routing::RecordCallerReached& command);
  void put(Taking& taking, const routing::EndCall& command);
  void put(Taking& taking, const routing::WorkerStateChanged& command);
  void put(Taking& taking, const routing::NoteGap& command);
  void put(Taking& taking, const routing::CloseGap& command);
  template <class C>
  void put(Taking&, const C&) {}
  void answered(Taking& taking, LiveCall& call, Instant at);
  storage::CallLegRow new_leg(const routing::OfferCall& command);

  CityId city_;
  NextId next_id_;
  LiveCalls calls_;
  std::map<WorkerId, storage::WorkerStateRow> workers_;
  std::map<UnitId, storage::GapRow> gaps_;
};

}  // namespace kapok::service
