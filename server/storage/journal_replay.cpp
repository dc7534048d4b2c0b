#include "storage/journal_replay.h"

#include "storage/journal_table.h"

namespace kapok::storage {
namespace {

/// A row may hold a whole city's directory, but few do.
constexpr std::int64_t kReplayPage = 500;

std::int64_t first_row(ReadTransaction& tx, CityId city, Period stretch) {
  if (const auto start = JournalTable::last_start(tx, city, stretch.from); start != 0) return start;
  return JournalTable::next_start(tx, city, stretch.from);
}

/// False when the replay is over.
bool take(ReplayedJournal& replayed, routing::Replay& replay, const JournalRow& row, Instant end) {
  if (row.at >= end) return false;
  replayed.difference = replay.take(JournalTable::entry_of(row));
  if (replayed.difference) return false;
  if (replayed.last_seq == 0) replayed.first_at = row.at;
  replayed.last_seq = row.seq;
  replayed.last_at = row.at;
  return true;
}

}  // namespace

ReplayedJournal replay_journal(ReadTransaction& tx, CityId city, Period stretch,
                               const std::function<void(std::int64_t)>& reached) {
  ReplayedJournal replayed;
  replayed.first_seq = first_row(tx, city, stretch);
  routing::Replay replay;
  bool more = replayed.first_seq != 0;
  for (std::int64_t seq = replayed.first_seq; more; seq = replayed.last_seq + 1) {
    const auto page = JournalTable::from(tx, city, seq, kReplayPage);
    replayed.damaged_ids.insert(replayed.damaged_ids.end(), page.damaged_ids.begin(), page.damaged_ids.end());
    more = !page.rows.empty();
    for (const JournalRow& row : page.rows)
      if (more) more = take(replayed, replay, row, stretch.to);
    if (reached) reached(replayed.last_seq);
  }
  replayed.figures = replay.figures();
  return replayed;
}

}  // namespace kapok::storage
