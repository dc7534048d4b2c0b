#pragma once

#include <optional>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "core/unit.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One node of the tree (DESIGN §4). Names of units are public and stay readable in the file.
struct UnitRow : RecordRow<UnitId> {
  static constexpr const char* kTable = "unit";

  UnitId parent;  ///< unset for the root
  UnitKind kind = UnitKind::kStation;
  std::string code;  ///< official code; unique in the city
  std::string name_zh;
  std::string name_en;
  std::optional<RingPreset> rings;  ///< unset: its parent's
  Instant valid_from;
  Instant valid_to;  ///< unset while the unit exists
};

template <class V>
void columns(V& v, UnitRow& r) {
  v.plain("parent_id", r.parent);
  v.plain("kind", r.kind);
  v.plain("code", r.code);
  v.plain("name_zh", r.name_zh);
  v.plain("name_en", r.name_en);
  v.plain("rings", r.rings);
  v.plain("valid_from", r.valid_from);
  v.plain("valid_to", r.valid_to);
}

/// The tree as stored. Errors as in table.h.
struct UnitTable {
  static Result<> save(Transaction& tx, UnitRow& row);
  static Result<UnitRow> get(ReadTransaction& tx, UnitId id);  ///< kUnknownUnit
  /// All units of a city, by code: the start-up load of the tree.
  static Selection<UnitRow> all(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
