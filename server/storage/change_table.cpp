#include "storage/change_table.h"

#include "storage/connection.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

const Sql kNext("SELECT seq, at, record FROM change WHERE seq > :after ORDER BY seq LIMIT 1");
const Sql kLast("SELECT MAX(seq) FROM change");
const Sql kPrune("DELETE FROM change WHERE seq <= :seq AND seq < (SELECT MAX(seq) FROM change)");
const Sql kAppend("INSERT INTO change (seq, at, record) VALUES (:seq, :at, :record)");

SealedPlace place_of(std::int64_t seq) { return {"change", "record", seq}; }

}  // namespace

Result<std::vector<KeptChange>> ChangeTable::from(ReadTransaction& tx, std::int64_t after, std::int64_t limit) {
  std::vector<KeptChange> found;
  std::size_t bytes = 0;
  while (static_cast<std::int64_t>(found.size()) < limit && bytes < kChangePageBytesMax) {
    const auto row = tx.connection().first(kNext, {after}, {CellKind::kInteger, CellKind::kInteger, CellKind::kText});
    if (!row) break;
    after = (*row)[0].integer;
    auto record = tx.cipher().open(place_of(after), (*row)[2].text);
    if (!record || record->empty()) return Error{ErrorCode::kRowDamaged, "change " + std::to_string(after)};
    bytes += record->size();
    found.push_back({after, Instant{(*row)[1].integer}, std::move(record).value()});
  }
  return found;
}

std::int64_t ChangeTable::last_seq(ReadTransaction& tx) {
  return tx.connection().first(kLast, {}, {CellKind::kInteger})->front().integer;
}

void ChangeTable::prune_up_to(Transaction& tx, std::int64_t seq) { tx.connection().run_sweep(kPrune, {seq}); }

void ChangeTable::append(Transaction& tx, std::int64_t seq, const std::string& record) {
  tx.connection().run_unrecorded(kAppend, {seq, tx.now(), tx.cipher().seal(place_of(seq), record)});
}

}  // namespace kapok::storage
