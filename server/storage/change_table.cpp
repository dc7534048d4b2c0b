#include "storage/change_table.h"

#include "storage/connection.h"
#include "storage/policy.h"
#include "storage/scanned_table.h"

namespace kapok::storage {
namespace {

const Sql kNext("SELECT seq, at, record FROM change WHERE seq > :after ORDER BY seq LIMIT 1");
const Sql kLast("SELECT MAX(seq) FROM change");
const Sql kPrune("DELETE FROM change WHERE seq <= :seq AND seq < (SELECT MAX(seq) FROM change)");
const Sql kAppend("INSERT INTO change (seq, at, record) VALUES (:seq, :at, :record)");

SealedPlace place_of(std::int64_t seq) { return {"change", "record", seq}; }

const Sql kScanPage(
    "SELECT seq, 0, record FROM change WHERE seq > :after AND CAST(:part AS BIGINT) = 0 ORDER BY seq LIMIT :limit");
const Sql kScanFind("SELECT record FROM change WHERE seq = :seq AND CAST(:part AS BIGINT) = 0");
const Sql kReseal(
    "UPDATE change SET record = :record WHERE seq = :seq AND CAST(:part AS BIGINT) = 0 AND record = :before");
const SealedColumn kSealed{"change",   "record", &kScanPage,
                           &kScanFind, &kReseal, [](RowKey key) { return std::pair(std::string("change"), key.id); },
                           false};
const bool kScanned =
    register_scanned({"change",
                      [](ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal) {
                        return scan_sealed_column(kSealed, tx, after, limit, reseal);
                      },
                      [](ReadTransaction& tx, RowKey key) { return look_at_sealed_column(kSealed, tx, key); }});

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

void ChangeTable::append(ReadTransaction& writing, std::int64_t seq, Instant at, const std::string& record) {
  writing.connection().run_unrecorded(kAppend, {seq, at, writing.cipher().seal(place_of(seq), record)});
}

}  // namespace kapok::storage
