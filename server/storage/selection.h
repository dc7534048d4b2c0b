#pragma once

#include <cstdint>
#include <vector>

namespace kapok::storage {

/// Rows of one query. A damaged row is left out and named, never served and never silently missing: the
/// caller says how many there were.
template <class Row>
struct Selection {
  std::vector<Row> rows;
  std::vector<std::int64_t> damaged_ids;
};

}  // namespace kapok::storage
