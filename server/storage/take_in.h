#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/change_record.h"
#include "storage/key_ring.h"

namespace kapok::storage {

class Connection;
class Spool;

/// Runs the changes of a record again, in order, inside a transaction of the caller. kVersionConflict: a statement
/// touched another number of rows than when it was taken down (sweeps excepted), or the database refused it: the
/// store does not stand where the batch began; roll back. Throws StoreFailure when the store is sick.
Result<> run_changes(Connection& connection, const ChangeRecord& record);

enum class Taken {
  kIn,            ///< committed now, with its row of `change`
  kAlreadyThere,  ///< the store had this number: its COMMIT had reached the disk after all
  kDoesNotFit,    ///< rolled back; nothing of it is in the store
};

/// Takes one encoded record into the store in a transaction of its own, under its own number. Throws StoreFailure
/// when the store is sick; whether it was committed then shows by its number when the store opens again.
Taken take_in(Connection& store, const KeyRing& keys, std::string_view encoded);

struct TakenIn {
  std::uint64_t in = 0;
  std::uint64_t already_there = 0;
  std::vector<std::filesystem::path> put_aside;  ///< did not fit; each is an acknowledged batch for somebody to look at
};

/// At start, before the schema is brought up to date and before anything is read: takes in all that waits, oldest
/// first, and empties the spool. A batch that does not fit is put aside (Spool::put_aside) and the rest goes on; the
/// audit chain names the rows that are missing then.
///
/// kStoreUnavailable, one sentence for the operator: the store cannot take it (disk full, sick). The spool still
/// holds everything; starting again goes on where this ended.
Result<TakenIn> take_in_all(Connection& store, const KeyRing& keys, Spool& spool);

}  // namespace kapok::storage
