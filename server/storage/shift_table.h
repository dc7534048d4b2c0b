#pragma once

#include <string>

#include "casework/shift.h"
#include "core/id.h"
#include "core/instant.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// `shift.id` and `shift.version` are not used: the row's stand for them. `units` holds the units covered as
/// ids, a space between.
struct ShiftRow : RecordRow<ShiftId> {
  static constexpr const char* kTable = "shift";

  casework::Shift shift;
  std::string units;
};

template <class V>
void columns(V& v, ShiftRow& r) {
  casework::Shift& s = r.shift;
  v.plain("worker_id", s.worker);
  v.plain("backup_id", s.backup);
  v.plain("units", r.units);
  v.plain("from_at", s.period.from);
  v.plain("to_at", s.period.to);
  v.plain("endpoint_kind", s.by);
  v.plain("endpoint_id", s.endpoint);
  v.plain("taken_on_the_spot", s.taken_on_the_spot);
  v.plain("state", s.state);
  v.plain("checked_in_at", s.checked_in_at);
  v.plain("closed_at", s.closed_at);
}

/// Shifts as casework knows them. Errors as in table.h.
struct ShiftTable {
  /// `shift.version` is the new version: 1 makes the row, a higher one must follow the stored version or it is
  /// refused VERSION_CONFLICT.
  static Result<> save(Transaction& tx, const casework::Shift& shift);
  static Result<casework::Shift> get(ReadTransaction& tx, ShiftId id);  ///< kUnknownShift
  /// Those that touch the period, cancelled ones included, by start and id.
  static Selection<ShiftRow> touching(ReadTransaction& tx, CityId city, Period period);
  static Selection<ShiftRow> of_worker(ReadTransaction& tx, WorkerId worker, Period period);

  /// The shift of a selected row.
  static casework::Shift shift_of(const ShiftRow& row);
};

}  // namespace kapok::storage
