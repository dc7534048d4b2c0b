#pragma once

#include "core/id.h"
#include "core/instant.h"
#include "routing/words.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

using GapId = Id<struct GapTag>;

/// A stretch in which a station with answered lines had nobody on duty.
struct GapRow : RecordRow<GapId> {
  static constexpr const char* kTable = "gap";

  UnitId unit;
  routing::GapKind kind = routing::GapKind::kNobodyOnShift;
  Instant from;
  Instant to;  ///< unset while it lasts
};

template <class V>
void columns(V& v, GapRow& r) {
  v.plain("unit_id", r.unit);
  v.plain("kind", r.kind);
  v.plain("from_at", r.from);
  v.plain("to_at", r.to);
}

/// Gaps as stored. Errors as in table.h.
struct GapTable {
  static Result<> save(Transaction& tx, GapRow& row);
  /// Those that last, by unit.
  static Selection<GapRow> open(ReadTransaction& tx, CityId city);
  /// Those that touch the period, oldest first.
  static Selection<GapRow> touching(ReadTransaction& tx, CityId city, Period period);
};

}  // namespace kapok::storage
