#include "service/journal_pruning.h"

#include "storage/journal_table.h"

namespace kapok::service {

void JournalPruning::look_at_clock() {
  if (office_.clock.now() >= next_) return look();
  timer_.expires_after(office_.clock.real_until(next_));
  timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
    if (!failed && !alive.expired()) look_at_clock();
  });
}

void JournalPruning::look() {
  sleep();
  const Instant border = office_.clock.now() - kJournalKept;
  office_.read<std::int64_t>(
      [city = office_.config.city, border](storage::ReadTransaction& tx) -> Result<std::int64_t> {
        return storage::JournalTable::last_start(tx, city, border);
      },
      [this, alive = std::weak_ptr(alive_)](const Result<std::int64_t>& start) {
        if (!alive.expired() && start && *start != 0) erase_before(*start);
      });
}

void JournalPruning::erase_before(std::int64_t seq) {
  auto erased = std::make_shared<std::int64_t>(0);
  office_.changes.save(
      storage::WriteClass::kReadAudit,
      [erased, seq](storage::Transaction& tx) -> Result<> {
        *erased = storage::JournalTable::erase_before(tx, tx.city(), seq, kJournalRowsPerPruning);
        return Done{};
      },
      [this, alive = std::weak_ptr(alive_), erased, seq](const storage::WriteOutcome& outcome) {
        if (!alive.expired() && outcome.result && *erased > 0) erase_before(seq);
      });
}

void JournalPruning::sleep() {
  const LocalTime local = to_local(office_.clock.now(), office_.config.utc_offset);
  const CivilDay night = local.since_midnight < kJournalPrunedAt ? local.day : add_days(local.day, 1);
  next_ = from_local(night, kJournalPrunedAt, office_.config.utc_offset);
  look_at_clock();
}

}  // namespace kapok::service
