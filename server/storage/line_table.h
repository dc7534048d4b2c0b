#pragma once

#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "core/line.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One published number. Published numbers are no secret and stay readable in the file.
struct LineRow : RecordRow<LineId> {
  static constexpr const char* kTable = "line";

  UnitId unit;
  std::string number;  ///< the one spelling lines are looked up by; unique in the city
  std::string name_zh;
  LineMode mode = LineMode::kTrunk;
  bool crisis = false;
  bool invented = false;
  std::int64_t required_skills = 0;  ///< bits of core/skill.h
  Instant valid_to;                  ///< a temporary line's end
};

template <class V>
void columns(V& v, LineRow& r) {
  v.plain("unit_id", r.unit);
  v.plain("number", r.number);
  v.plain("name_zh", r.name_zh);
  v.plain("mode", r.mode);
  v.plain("crisis", r.crisis);
  v.plain("invented", r.invented);
  v.plain("required_skills", r.required_skills);
  v.plain("valid_to", r.valid_to);
}

/// Errors as in table.h.
struct LineTable {
  static Result<> save(Transaction& tx, LineRow& row);
  static Selection<LineRow> all(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
