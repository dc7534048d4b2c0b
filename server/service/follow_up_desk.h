#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "api/follow_up.h"
#include "api/gateway.h"
#include "casework/callback.h"
#include "service/office.h"
#include "service/who.h"
#include "storage/transaction.h"

namespace kapok::service {

/// What nobody answered: callbacks with an owner, and entries of callers nobody can ring back. Strand only; each change
/// is read, judged and written in one transaction with its audit row.
class FollowUpDesk {
 public:
  /// GatewayDesk::dial: rings the worker, then the number, which no client is ever shown.
  using Dial = std::function<Result<std::uint64_t>(FollowUpId, WorkerId, std::string target_number)>;

  FollowUpDesk(Office& office, Dial dial);

  void handle(const Asked& asked, const api::ListCallbacks& list);
  void handle(const Asked& asked, const api::ClaimCallback& claim);
  /// Refuses BUSY while a dial of this callback is under way; GATEWAY_UNAVAILABLE and UNKNOWN_ENDPOINT from the
  /// gateway.
  void handle(const Asked& asked, const api::DialCallback& dial);
  void handle(const Asked& asked, const api::CallbackDone& done);
  void handle(const Asked& asked, const api::CallbackAttempted& attempted);
  void handle(const Asked& asked, const api::ListMissed& list);
  void handle(const Asked& asked, const api::AcknowledgeMissed& acknowledge);

  /// The gateway's report of a dial: both parties spoke → done; the caller did not answer → one attempt; the worker did
  /// not answer his own phone → nothing was tried and nothing is counted. Answers the gateway after it is saved.
  void dialled(const Asked& asked, const api::DialResult& result);

 private:
  using Change =
      std::function<Result<casework::Callback>(storage::Transaction&, const Who&, const casework::Callback&, Scope&)>;
  void change(const Asked& asked, FollowUpId id, Change change);
  void attempt(const Asked& asked, FollowUpId id, std::uint64_t version, casework::AttemptResult result,
               std::string note);
  void ring(const Asked& asked, const Who& who, const casework::Callback& callback);

  Office& office_;
  Dial dial_;
  std::map<FollowUpId, Instant> dialling_;  ///< since when
};

/// A dial without a report is forgotten after this time.
inline constexpr Duration kDialTime = minutes{2};

api::CallbackView callback_view(const Directory& directory, const casework::Callback& callback, Instant now,
                                Duration utc_offset);

}  // namespace kapok::service
