#include "storage/people_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Workers = Table<WorkerRow>;
using WorkerRoles = Table<WorkerRoleRow>;
using Endpoints = Table<EndpointRow>;
using PatchAssignments = Table<PatchAssignmentRow>;

const Sql kWorkers = Workers::select_sql("WHERE city_id = :city ORDER BY id");
const Sql kWorkerRoles = WorkerRoles::select_sql("WHERE city_id = :city ORDER BY id");
const Sql kEndpoints = Endpoints::select_sql("WHERE city_id = :city ORDER BY id");
const Sql kPatchAssignments = PatchAssignments::select_sql("WHERE city_id = :city ORDER BY id");

}  // namespace

template class Table<WorkerRow>;
template class Table<WorkerRoleRow>;
template class Table<EndpointRow>;
template class Table<PatchAssignmentRow>;

Result<> WorkerTable::save(Transaction& tx, WorkerRow& row) { return Workers::save(tx, row); }
Selection<WorkerRow> WorkerTable::all(ReadTransaction& tx, CityId city) {
  return Workers::select(tx, kWorkers, {city});
}

Result<> WorkerRoleTable::save(Transaction& tx, WorkerRoleRow& row) { return WorkerRoles::save(tx, row); }
Result<> WorkerRoleTable::erase(Transaction& tx, const WorkerRoleRow& row) { return WorkerRoles::erase(tx, row); }
Selection<WorkerRoleRow> WorkerRoleTable::all(ReadTransaction& tx, CityId city) {
  return WorkerRoles::select(tx, kWorkerRoles, {city});
}

Result<> EndpointTable::save(Transaction& tx, EndpointRow& row) { return Endpoints::save(tx, row); }
Selection<EndpointRow> EndpointTable::all(ReadTransaction& tx, CityId city) {
  return Endpoints::select(tx, kEndpoints, {city});
}

Result<> PatchAssignmentTable::save(Transaction& tx, PatchAssignmentRow& row) {
  return PatchAssignments::save(tx, row);
}
Result<> PatchAssignmentTable::erase(Transaction& tx, const PatchAssignmentRow& row) {
  return PatchAssignments::erase(tx, row);
}
Selection<PatchAssignmentRow> PatchAssignmentTable::all(ReadTransaction& tx, CityId city) {
  return PatchAssignments::select(tx, kPatchAssignments, {city});
}

}  // namespace kapok::storage
