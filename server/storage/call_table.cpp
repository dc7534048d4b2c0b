#include "storage/call_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Calls = Table<CallRow>;

const Sql kOpen = Calls::select_sql("WHERE city_id = :city AND state <> 'ended' ORDER BY arrival_seq, id");
const Sql kEnded =
    Calls::select_sql("WHERE city_id = :city AND ended_at >= :from AND state = 'ended' ORDER BY ended_at, id");
const Sql kFindRef("SELECT id FROM call WHERE gateway_id = :gateway AND gw_ref = :gw_ref");
const Sql kEndedRefs(
    "SELECT gateway_id, gw_ref, ended_at FROM call WHERE city_id = :city AND ended_at >= :from "
    "AND gateway_id IS NOT NULL AND gw_ref <> '' ORDER BY ended_at, id");
const Sql kCounts(
    "SELECT unit_id, outcome, COUNT(*) FROM call WHERE city_id = :city AND arrived_at >= :from AND test = 0 "
    "GROUP BY unit_id, outcome ORDER BY unit_id, outcome");
const Sql kHighRisk(
    "SELECT caller_index, person_index, finalised_at FROM contact WHERE city_id = :city AND finalised_at >= :from "
    "AND risk IN ('high', 'imminent') ORDER BY finalised_at, id");
const Sql kLastSeq("SELECT COALESCE(MAX(arrival_seq), 0) FROM call WHERE city_id = :city");

}  // namespace

template class Table<CallRow>;

Result<> CallTable::save(Transaction& tx, CallRow& row) { return Calls::save(tx, row); }

Result<CallRow> CallTable::get(ReadTransaction& tx, CallId id) { return Calls::get(tx, id, ErrorCode::kUnknownCall); }

std::optional<CallId> CallTable::find_ref(ReadTransaction& tx, GatewayId gateway, std::string_view gw_ref) {
  const auto found = tx.connection().first(kFindRef, {gateway, gw_ref}, {CellKind::kInteger});
  if (!found) return std::nullopt;
  return CallId{found->front().integer};
}

std::vector<EndedRef> CallTable::ended_refs(ReadTransaction& tx, CityId city, Instant from) {
  std::vector<EndedRef> refs;
  tx.connection().query(
      kEndedRefs, {city, from}, {CellKind::kInteger, CellKind::kText, CellKind::kInteger},
      [&](const Values& row) { refs.push_back({GatewayId{row[0].integer}, row[1].text, Instant{row[2].integer}}); });
  return refs;
}

Selection<CallRow> CallTable::open(ReadTransaction& tx, CityId city) { return Calls::select(tx, kOpen, {city}); }

Selection<CallRow> CallTable::ended_since(ReadTransaction& tx, CityId city, Instant from) {
  return Calls::select(tx, kEnded, {city, from});
}

std::vector<CallCount> CallTable::counts_since(ReadTransaction& tx, CityId city, Instant from) {
  std::vector<CallCount> counts;
  tx.connection().query(kCounts, {city, from}, {CellKind::kInteger, CellKind::kText, CellKind::kInteger},
                        [&](const Values& row) {
                          const auto outcome = from_name<CallOutcome>(row[1].text);
                          if (outcome) counts.push_back({UnitId{row[0].integer}, *outcome, row[2].integer});
                        });
  return counts;
}

std::vector<HighRiskNumber> CallTable::high_risk_numbers(ReadTransaction& tx, CityId city, Instant from) {
  std::vector<HighRiskNumber> numbers;
  tx.connection().query(kHighRisk, {city, from}, {CellKind::kText, CellKind::kText, CellKind::kInteger},
                        [&](const Values& row) {
                          for (const Cell* index : {&row[0], &row[1]})
                            if (!index->null) numbers.push_back({index->text, Instant{row[2].integer}});
                        });
  return numbers;
}

std::int64_t CallTable::last_arrival_seq(ReadTransaction& tx, CityId city) {
  const auto found = tx.connection().first(kLastSeq, {city}, {CellKind::kInteger});
  return found ? found->front().integer : 0;
}

}  // namespace kapok::storage
