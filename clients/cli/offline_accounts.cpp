#include "cli/offline_accounts.h"

#include <algorithm>

#include "cli/exit_code.h"
#include "service/password.h"
#include "storage/audit_chain.h"
#include "storage/credential_table.h"
#include "storage/people_table.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kDevicesPerTransaction = 500;

void audit(storage::Transaction& tx, storage::AuditAction action, WorkerId worker) {
  tx.audit().append(tx, {.actor = {},
                         .session = {},
                         .action = action,
                         .object = storage::AuditObject::kWorker,
                         .object_id = worker.value,
                         .reason = storage::AuditReason::kMaintenance});
}

/// Four groups of four from an alphabet without look-alikes.
std::string random_password() {
  constexpr std::string_view kSigns = "abcdefghijkmnpqrstuvwxyz23456789";
  constexpr std::string_view kToken = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string token = service::random_token();  // 64 signs, so each half of a sign picks one of 32 evenly
  std::string password;
  for (std::size_t at = 0; at < 16; ++at) {
    if (at > 0 && at % 4 == 0) password += '-';
    password += kSigns[kToken.find(token[at]) / 2];
  }
  return password;
}

storage::DeviceRow device_row(OfflineStore& store, WorkerId worker, const std::string& label,
                              const std::string& token) {
  storage::DeviceRow row;
  row.id = store.next_id<DeviceId>();
  row.city = store.city();
  row.worker = worker;
  row.label = label;
  row.token_hash = service::token_digest(token);
  row.enrolled_at = store.now();
  return row;
}

}  // namespace

WorkerId add_account(OfflineStore& store, const NewAccount& account) {
  storage::WorkerRow worker;
  worker.id = store.next_id<WorkerId>();
  worker.city = store.city();
  worker.account = account.account;
  worker.name = account.name;
  worker.unit = account.unit;
  storage::WorkerRoleRow role;
  role.id = store.next_id<storage::WorkerRoleId>();
  role.city = store.city();
  role.worker = worker.id;
  role.role = account.role;
  role.unit = account.unit;
  store.write([&](storage::Transaction& tx) -> Result<> {
    audit(tx, storage::AuditAction::kPersonChanged, worker.id);
    if (auto saved = storage::WorkerTable::save(tx, worker); !saved) return saved;
    return storage::WorkerRoleTable::save(tx, role);
  });
  return worker.id;
}

std::string give_password(OfflineStore& store, WorkerId worker) {
  const std::string password = random_password();
  storage::CredentialRow row;
  row.id = worker;
  row.city = store.city();
  row.password_hash = service::password_hash(password);
  row.changed_at = store.now();
  store.write([&](storage::Transaction& tx) -> Result<> {
    audit(tx, storage::AuditAction::kCredentialChanged, worker);
    return storage::CredentialTable::save(tx, row);
  });
  return password;
}

EnrolledDevice enrol_device(OfflineStore& store, WorkerId worker, const std::string& account,
                            const std::string& label) {
  const EnrolledDevice made{account, service::random_token()};
  auto row = device_row(store, worker, label, made.device_token);
  store.write([&](storage::Transaction& tx) -> Result<> {
    audit(tx, storage::AuditAction::kCredentialChanged, worker);
    return storage::DeviceTable::save(tx, row);
  });
  return made;
}

std::vector<EnrolledDevice> enrol_devices_of_all(OfflineStore& store, const std::string& label,
                                                 const std::function<void(std::size_t, std::size_t)>& reached) {
  std::vector<storage::WorkerRow> workers;
  store.read([&](storage::ReadTransaction& tx) { workers = storage::WorkerTable::all(tx, store.city()).rows; });
  std::vector<EnrolledDevice> made;
  for (std::size_t first = 0; first < workers.size(); first += kDevicesPerTransaction) {
    const std::size_t last = std::min(workers.size(), first + kDevicesPerTransaction);
    std::vector<storage::DeviceRow> rows;
    for (std::size_t at = first; at < last; ++at) {
      made.push_back({workers[at].account, service::random_token()});
      rows.push_back(device_row(store, workers[at].id, label, made.back().device_token));
    }
    store.write([&](storage::Transaction& tx) -> Result<> {
      for (storage::DeviceRow& row : rows) {
        audit(tx, storage::AuditAction::kCredentialChanged, row.worker);
        if (auto saved = storage::DeviceTable::save(tx, row); !saved) return saved;
      }
      return Done{};
    });
    reached(last, workers.size());
  }
  return made;
}

}  // namespace kapok::cli
