#pragma once

#include <functional>

namespace kapok::storage {

/// Places at which a test makes the disk fail. Asked on the thread that comes by; true: fail here. Empty in every
/// program but tests.
enum class FaultPoint {
  kStoreOpen,           ///< the store cannot be opened (anew)
  kStoreBegin,          ///< BEGIN of a batch fails
  kStoreStatement,      ///< a statement that changes something fails
  kStoreCommit,         ///< COMMIT fails and nothing of the batch is in the file
  kStoreCommitDurable,  ///< COMMIT fails, but the batch did reach the file
  kSpoolOpen,
  kSpoolWrite,  ///< after half of the record was written
  kSpoolSync,   ///< all was written, fdatasync fails
};

using FaultHook = std::function<bool(FaultPoint)>;

}  // namespace kapok::storage
