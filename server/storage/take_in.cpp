#include "storage/take_in.h"

#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/spool.h"

namespace kapok::storage {

Result<> run_changes(Connection& connection, const ChangeRecord& record) {
  for (const Change& change : record.changes) {
    try {
      const long long touched = connection.run_again(record.sql(change), change.values);
      if (change.touched == kTouchedAny || touched == change.touched) continue;
    } catch (const StoreFailure& failure) {
      if (failure.store_is_sick) throw;
    }
    return Error{ErrorCode::kVersionConflict, "change record " + std::to_string(record.seq)};
  }
  return Done{};
}

Taken take_in(Connection& store, const KeyRing& keys, std::string_view encoded) {
  const auto record = decode_change_record(encoded);
  if (!record) return Taken::kDoesNotFit;
  ReadTransaction tx(store, keys);
  if (record->seq <= ChangeTable::last_seq(tx)) return Taken::kAlreadyThere;
  store.begin_batch();
  if (!run_changes(store, *record)) {
    store.run_text("ROLLBACK");
    return Taken::kDoesNotFit;
  }
  ChangeTable::append(tx, record->seq, record->at, std::string(encoded));
  store.commit_batch();
  return Taken::kIn;
}

Result<TakenIn> take_in_all(Connection& store, const KeyRing& keys, Spool& spool) {
  TakenIn taken;
  try {
    while (!spool.waiting().empty()) {
      const Taken how = take_in(store, keys, spool.waiting().front().record);
      if (how == Taken::kDoesNotFit) {
        auto aside = spool.put_aside(spool.waiting().front());
        if (!aside) return aside.error();
        taken.put_aside.push_back(std::move(*aside));
      }
      taken.in += how == Taken::kIn ? 1 : 0;
      taken.already_there += how == Taken::kAlreadyThere ? 1 : 0;
      spool.taken_in();
    }
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the store cannot take in the " +
                                                   std::to_string(spool.waiting().size()) +
                                                   " batches that wait in the spool (" + failure.what() +
                                                   "): free or repair its disk and start again, nothing is lost"};
  }
  if (auto emptied = spool.empty(); !emptied) return emptied.error();
  return taken;
}

}  // namespace kapok::storage
