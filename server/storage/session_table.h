#pragma once

#include <optional>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One signed-in person or gateway on one device. The token itself is never stored.
struct SessionRow : RecordRow<SessionId> {
  static constexpr const char* kTable = "session";

  WorkerId worker;
  DeviceId device;  ///< unset when signed in with a password on a device that is not enrolled
  std::string token_hash;
  Instant created_at;
  Instant expires_at;
  Instant ended_at;  ///< unset while it lasts
};

template <class V>
void columns(V& v, SessionRow& r) {
  v.plain("worker_id", r.worker);
  v.plain("device_id", r.device);
  v.plain("token_hash", r.token_hash);
  v.plain("created_at", r.created_at);
  v.plain("expires_at", r.expires_at);
  v.plain("ended_at", r.ended_at);
}

/// Errors as in table.h.
struct SessionTable {
  static Result<> save(Transaction& tx, SessionRow& row);
  static Result<SessionRow> get(ReadTransaction& tx, SessionId id);  ///< kSessionEnded
  /// Sessions that have neither ended nor expired at `now`: the start-up load.
  static Selection<SessionRow> live(ReadTransaction& tx, CityId city, Instant now);
  /// Those of one person, on whatever devices.
  static Selection<SessionRow> live_of(ReadTransaction& tx, WorkerId worker, Instant now);
};

}  // namespace kapok::storage
