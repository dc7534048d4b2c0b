#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/backup_key.h"
#include "storage/backup_shelf.h"
#include "storage/key_ring.h"
#include "storage/store_facts.h"

namespace kapok::storage {

struct RestoreOrder {
  std::filesystem::path shelf;
  std::filesystem::path to;      ///< a new directory, or an empty one
  std::optional<Instant> until;  ///< product time: batches after it are left out; none: all there is
};

struct Restored {
  ShelfFile base;
  std::size_t segments = 0;
  std::uint64_t batches = 0;  ///< brought in on top of the base
  Instant reaches_to;         ///< product time of the last batch in the store
  StoreFacts facts;
  std::vector<ShelfFault> faults;  ///< what could not be used, in the order in which it was met
  bool complete = true;            ///< nothing of the chain after the base was left out because of a fault
};

/// Brings a store back from the newest base (made before `until`) and the segments that follow it, into `to`, under its
/// lock; no server may run there. Every sealed file is taken only once its seal held; each batch must touch as many
/// rows as it did the first time; the facts noted in base and segments must be those found. A damaged base is passed
/// over for the one before; a damaged segment ends the restore there, with everything before it in place.
///
/// The store begins a new history, so that its own backups are not mixed up with those it came from. The schema stays
/// as it was; kapokd brings it up to date at its start.
///
/// kWrongState: `to` is not empty. kForbidden: no base opens with this backup key or these data keys. kRowDamaged: no
/// sound base. Then `to` is left as it was found.
Result<Restored> restore_backup(const RestoreOrder& order, const BackupPrivateKey& key, const KeyRing& keys,
                                const std::function<void(std::size_t done, std::size_t of)>& reached = {});

}  // namespace kapok::storage
