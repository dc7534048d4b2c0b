#include "storage/credential_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Credentials = Table<CredentialRow>;
using Devices = Table<DeviceRow>;

const Sql kByToken = Devices::select_sql("WHERE token_hash = :hash AND revoked_at IS NULL");

}  // namespace

template class Table<CredentialRow>;
template class Table<DeviceRow>;

Result<> CredentialTable::save(Transaction& tx, CredentialRow& row) { return Credentials::save(tx, row); }

Result<std::optional<CredentialRow>> CredentialTable::find(ReadTransaction& tx, WorkerId worker) {
  return Credentials::find(tx, worker);
}

Result<> DeviceTable::save(Transaction& tx, DeviceRow& row) { return Devices::save(tx, row); }

Result<std::optional<DeviceRow>> DeviceTable::find_by_token(ReadTransaction& tx, const std::string& token_hash) {
  auto found = Devices::select(tx, kByToken, {token_hash});
  if (!found.damaged_ids.empty()) return Error{ErrorCode::kRowDamaged, "device"};
  if (found.rows.empty()) return std::optional<DeviceRow>{};
  return std::optional<DeviceRow>{std::move(found.rows.front())};
}

}  // namespace kapok::storage
