#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One committed batch as the table `change` keeps it.
struct KeptChange {
  std::int64_t seq = 0;
  Instant at;          ///< product time of the batch
  std::string record;  ///< opened: bytes for decode_change_record(), or to be sealed for elsewhere as they are
};

/// The stream of committed batches, one row each, written by the writer in the batch's own transaction and sealed
/// like any field (place: table "change", column "record", row seq). What was shipped elsewhere is pruned.
///
/// Sequence numbers rise and are never used twice. Between two rows numbers may be missing: such a batch failed
/// to be saved and nobody was told otherwise. The newest row is never pruned: it is how the store knows the number
/// of its last batch, also when a failed COMMIT turns out to have reached the disk.
class ChangeTable {
 public:
  /// Batches with seq > `after`, in order, at most `limit` and no more than about kChangePageBytesMax of records
  /// (but at least one, if there is one). kRowDamaged names the first row that does not open; what stands before
  /// it can be asked for with a smaller limit.
  static Result<std::vector<KeptChange>> from(ReadTransaction& tx, std::int64_t after, std::int64_t limit);

  /// Number of the last committed batch; 0 when there was none.
  static std::int64_t last_seq(ReadTransaction& tx);

  /// Forgets batches up to and including `seq`, except the newest row. Give it what is safe elsewhere; a Transaction
  /// of the writer, so pruning is a change like any other.
  static void prune_up_to(Transaction& tx, std::int64_t seq);

  /// For the writer: keeps an encoded record under its number. Not part of the record itself.
  static void append(ReadTransaction& writing, std::int64_t seq, Instant at, const std::string& record);
};

}  // namespace kapok::storage
