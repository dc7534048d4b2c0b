#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/cell.h"
#include "storage/sql.h"

namespace kapok::storage {

inline constexpr std::int64_t kTouchedAny = -1;

/// One statement that changed the store, as it was run: its text, the values bound to it (sensitive ones sealed
/// already) and how many rows it touched.
struct Change {
  std::size_t text = 0;  ///< place of its text in ChangeRecord::texts
  Values values;
  std::int64_t touched = 0;  ///< kTouchedAny: a sweep, whose count means nothing elsewhere

  friend bool operator==(const Change&, const Change&) = default;
};

/// Everything that one committed batch changed, in order. Statements are deterministic (no clock, no random source
/// in SQL), so running them again on a store that stands where the batch began gives the same rows.
///
/// Not in it: reads, and what the writer adds to every batch itself, the row of `change`.
struct ChangeRecord {
  std::int64_t seq = 0;  ///< of the batch, from 1, rising; a number that is missing was never acknowledged
  CityId city;
  Instant at;                      ///< product time of the batch's first request
  std::vector<std::string> texts;  ///< each statement's text once, in order of first use
  std::vector<Change> changes;

  [[nodiscard]] const std::string& sql(const Change& change) const { return texts[change.text]; }

  friend bool operator==(const ChangeRecord&, const ChangeRecord&) = default;
};

/// Bytes of a record: version 1, seq, city, at, then each change; a text met before is named by its number. Numbers
/// are LEB128, signed ones zigzag. Equal records give equal bytes. Texts must stand in order of first use.
std::string encode_change_record(const ChangeRecord& record);

/// Refuses with kInvalidArgument anything that encode_change_record() does not make: cut or longer bytes, another
/// version, numbers beyond 64 bits, references to texts not met, values beyond kChangeValuesMax. Takes memory in
/// proportion to the bytes, and never more than kChangeRecordBytesMax of them. Safe on foreign bytes.
Result<ChangeRecord> decode_change_record(std::string_view bytes);

/// Takes down the changes of one batch while they are made, straight into the encoded form. Writer thread.
class ChangeRecorder {
 public:
  struct Mark {
    std::size_t bytes = 0;
    std::size_t texts = 0;
    std::size_t changes = 0;
  };

  /// Forgets what was taken down and begins a new batch.
  void begin();
  void add(const Sql& sql, const Values& values, std::int64_t touched);

  /// A refused request takes its changes back with its savepoint.
  [[nodiscard]] Mark mark() const { return {body_.size(), texts_.size(), changes_}; }
  void rewind(const Mark& mark);

  [[nodiscard]] bool empty() const { return changes_ == 0; }
  /// Encoded bytes so far, without the few of the head.
  [[nodiscard]] std::size_t bytes() const { return body_.size(); }

  /// The record of the batch, as encode_change_record() would make it.
  [[nodiscard]] std::string encoded(std::int64_t seq, CityId city, Instant at) const;

 private:
  std::string body_;
  std::vector<std::size_t> texts_;  ///< statement numbers, by number of the text in the record
  std::unordered_map<std::size_t, std::size_t> number_of_text_;  ///< the other way round
  std::size_t changes_ = 0;
};

}  // namespace kapok::storage
