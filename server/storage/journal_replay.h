#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "routing/replay.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// What came of replaying a stretch of the journal.
struct ReplayedJournal {
  std::int64_t first_seq = 0;  ///< 0: no start lies in the stretch or before it, so nothing can be replayed
  std::int64_t last_seq = 0;
  Instant first_at;
  Instant last_at;
  routing::Replay::Figures figures;
  std::optional<routing::Replay::Difference> difference;  ///< the first; replaying ended there
  std::vector<std::int64_t> damaged_ids;                  ///< rows that are not what was written
};

/// Feeds the journal to a routing core of its own, from the last start at or before `stretch.from` (else the first in
/// the stretch) to the last event before `stretch.to`, page by page; `reached` hears the seq after each page. One
/// snapshot; on a running store use a reader thread.
ReplayedJournal replay_journal(ReadTransaction& tx, CityId city, Period stretch,
                               const std::function<void(std::int64_t)>& reached = {});

}  // namespace kapok::storage
