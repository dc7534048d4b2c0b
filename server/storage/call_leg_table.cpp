#include "storage/call_leg_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Legs = Table<CallLegRow>;

const Sql kOfCall = Legs::select_sql("WHERE call_id = :call ORDER BY offered_at, id");
const Sql kOfOpenCalls = Legs::select_sql(
    "WHERE call_id IN (SELECT id FROM call WHERE city_id = :city AND state <> 'ended') ORDER BY call_id, offered_at, "
    "id");
const Sql kAnswers(
    "SELECT worker_id, COUNT(*) FROM call_leg WHERE city_id = :city AND answered_at >= :from "
    "GROUP BY worker_id ORDER BY worker_id");
const Sql kLastOffer("SELECT COALESCE(MAX(offer_id), 0) FROM call_leg WHERE city_id = :city");

}  // namespace

template class Table<CallLegRow>;

Result<> CallLegTable::save(Transaction& tx, CallLegRow& row) { return Legs::save(tx, row); }

Selection<CallLegRow> CallLegTable::of_call(ReadTransaction& tx, CallId call) {
  return Legs::select(tx, kOfCall, {call});
}

Selection<CallLegRow> CallLegTable::of_open_calls(ReadTransaction& tx, CityId city) {
  return Legs::select(tx, kOfOpenCalls, {city});
}

std::vector<AnswerCount> CallLegTable::answers_since(ReadTransaction& tx, CityId city, Instant from) {
  std::vector<AnswerCount> counts;
  tx.connection().query(kAnswers, {city, from}, {CellKind::kInteger, CellKind::kInteger},
                        [&](const Values& row) { counts.push_back({WorkerId{row[0].integer}, row[1].integer}); });
  return counts;
}

OfferId CallLegTable::last_offer(ReadTransaction& tx, CityId city) {
  const auto found = tx.connection().first(kLastOffer, {city}, {CellKind::kInteger});
  return OfferId{found ? found->front().integer : 0};
}

}  // namespace kapok::storage
