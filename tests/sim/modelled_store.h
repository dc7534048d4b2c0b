#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "routing/record_table.h"
#include "routing/routing_core.h"

/// What the server would have written: rows made from routing's commands alone, as service/routing_rows.cpp makes
/// them, and the Restarted event that service/open_state.cpp makes of them. At the same time the ledger of the world:
/// a command that cannot be true of the rows (two workers for one caller, an end without a beginning) is named.
namespace kapok::sim {

class ModelledStore {
 public:
  using Broken = std::optional<std::string>;

  /// One committed batch. `cause` is the event it answers: an arrival's row holds facts that no command repeats.
  Broken take(const routing::Event& cause, const std::vector<routing::Command>& commands);

  /// Process start at `now`: offers that rang are over; who is on duty is read from the roster.
  [[nodiscard]] routing::Restarted restart(std::int64_t epoch, Instant now,
                                           const std::vector<routing::ShiftStarted>& running);

  /// Takes over the rows that a Restarted was made from, to follow a recorded core from its start: those calls and
  /// talks that `core`, just told of it, has not refused (a shrunk recording may lack a line or a worker).
  void load(const routing::Restarted& start, const routing::RoutingCore& core);

  /// Do the rows say of every open call and every worker on duty what the core says?
  [[nodiscard]] Broken agrees_with(const routing::RoutingCore& core, UnitId root) const;

  [[nodiscard]] std::int64_t arrived() const { return arrived_; }
  [[nodiscard]] std::int64_t ended() const { return ended_; }
  [[nodiscard]] std::int64_t open() const { return static_cast<std::int64_t>(calls_.size()); }
  [[nodiscard]] bool is_open(CallId call) const { return calls_.contains(call); }

 private:
  struct LegRow {
    OfferId offer;
    WorkerId worker;
    std::vector<EndpointId> endpoints;
    Instant answered_at;
    Instant ended_at;
    routing::OfferEnd end = routing::OfferEnd::kAccepted;
    std::optional<routing::WaitsAgain> again;
    bool over = false;  ///< the offer is; `end` is set
  };
  struct CallRow {
    routing::CallArrived arrival;
    CallerClass base = CallerClass::kNormal;
    Instant joined_at;
    CallState state = CallState::kWaiting;
    WorkerId worker;
    EndpointId endpoint;
    Instant answered_at;
    [[nodiscard]] bool is_kept() const { return kept_at.is_set(); }
    std::vector<LegRow> legs;
    OfferId talk;     ///< the leg that talks
    OfferId second;   ///< offered beside it by a warm transfer
    Instant kept_at;  ///< a callback was accepted, its caller not reached yet
    UnitId rings_from;
    Instant waits_since;
    WorkerId taken_from;
    Instant taken_at;
    WorkerId passed_by;  ///< of the talk that broke, if it had been taken over
    Instant passed_at;
  };

  Broken put(const routing::RecordArrival& command, const routing::Event& cause);
  Broken put(const routing::OfferCall& command);
  Broken put(const routing::RecordOfferEnded& command);
  Broken put(const routing::ConnectCall& command);
  Broken put(const routing::ReturnCallToWaiting& command);
  Broken put(const routing::EndCall& command);
  Broken put(const routing::WorkerStateChanged& command);
  Broken put(const routing::RecordTransfer& command);
  Broken put(const routing::RecordTransferEnded& command);
  Broken put(const routing::KeepCallback& command);
  Broken put(const routing::RecordCallerReached& command);
  Broken put(const routing::NoteGap& command);
  Broken put(const routing::CloseGap& command);
  template <class C>
  Broken put(const C&) {
    return std::nullopt;
  }
  /// A sentence on ids.
  static std::string text(const char* what, std::int64_t a, std::int64_t b = 0);
  CallRow* row(CallId call);
  static LegRow* leg_of(CallRow& call, OfferId offer);
  static Broken talk_begins(CallRow& call, LegRow& leg, const routing::ConnectCall& command);
  /// May this worker be asked again? From the legs alone: decision 11, and RONA of routing.md §1.2.
  static Broken asked_again(const CallRow& call, const routing::OfferCall& offer);
  [[nodiscard]] std::vector<routing::RestoredExclusion> exclusions(const CallRow& call, Instant now) const;
  [[nodiscard]] routing::RestoredCall restored(const CallRow& call, Instant now) const;

  routing::RecordTable<CallId, CallRow> calls_;
  routing::RecordTable<WorkerId, routing::WorkerStateChanged> workers_;
  std::map<UnitId, routing::RestoredGap> gaps_;
  OfferId last_offer_;
  std::int64_t arrived_ = 0;
  std::int64_t ended_ = 0;
};

}  // namespace kapok::sim
