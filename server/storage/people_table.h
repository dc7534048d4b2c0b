#pragma once

#include <string>

#include "core/endpoint.h"
#include "core/id.h"
#include "core/result.h"
#include "core/role.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

/// Who works for the city: people (and gateways), what they may be at which unit, where they can be rung, and
/// which stations a supervisor guides. Loaded whole at start, changed by imports. Errors as in table.h.
namespace kapok::storage {

struct WorkerRow : RecordRow<WorkerId> {
  static constexpr const char* kTable = "worker";

  std::string account;  ///< sign-in name; unique in the city
  std::string name;
  UnitId unit;
  std::int64_t skills = 0;  ///< bits of core/skill.h
  std::string languages;    ///< names, comma between
  bool active = true;
};

template <class V>
void columns(V& v, WorkerRow& r) {
  v.plain("account", r.account);
  v.sealed("name", r.name);
  v.plain("unit_id", r.unit);
  v.plain("skills", r.skills);
  v.plain("languages", r.languages);
  v.plain("active", r.active);
}

using WorkerRoleId = Id<struct WorkerRoleTag>;

struct WorkerRoleRow : RecordRow<WorkerRoleId> {
  static constexpr const char* kTable = "worker_role";

  WorkerId worker;
  Role role = Role::kWorker;
  UnitId unit;
};

template <class V>
void columns(V& v, WorkerRoleRow& r) {
  v.plain("worker_id", r.worker);
  v.plain("role", r.role);
  v.plain("unit_id", r.unit);
}

struct EndpointRow : RecordRow<EndpointId> {
  static constexpr const char* kTable = "endpoint";

  WorkerId worker;
  EndpointKind kind = EndpointKind::kDesk;
  std::string number;  ///< as it is to be dialled; empty for a desk
  std::int64_t capacity = 1;
  bool active = true;
};

template <class V>
void columns(V& v, EndpointRow& r) {
  v.plain("worker_id", r.worker);
  v.plain("kind", r.kind);
  v.sealed("number", r.number);
  v.blind("number_index", BlindKind::kNumber, r.number);
  v.plain("capacity", r.capacity);
  v.plain("active", r.active);
}

using PatchAssignmentId = Id<struct PatchAssignmentTag>;

struct PatchAssignmentRow : RecordRow<PatchAssignmentId> {
  static constexpr const char* kTable = "patch_assignment";

  WorkerId worker;
  UnitId unit;
};

template <class V>
void columns(V& v, PatchAssignmentRow& r) {
  v.plain("worker_id", r.worker);
  v.plain("unit_id", r.unit);
}

struct WorkerTable {
  static Result<> save(Transaction& tx, WorkerRow& row);
  static Selection<WorkerRow> all(ReadTransaction& tx, CityId city);
};

struct WorkerRoleTable {
  static Result<> save(Transaction& tx, WorkerRoleRow& row);
  static Result<> erase(Transaction& tx, const WorkerRoleRow& row);
  static Selection<WorkerRoleRow> all(ReadTransaction& tx, CityId city);
};

struct EndpointTable {
  static Result<> save(Transaction& tx, EndpointRow& row);
  static Selection<EndpointRow> all(ReadTransaction& tx, CityId city);
};

struct PatchAssignmentTable {
  static Result<> save(Transaction& tx, PatchAssignmentRow& row);
  static Result<> erase(Transaction& tx, const PatchAssignmentRow& row);
  static Selection<PatchAssignmentRow> all(ReadTransaction& tx, CityId city);
};

}  // namespace kapok::storage
