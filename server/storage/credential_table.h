#pragma once

#include <optional>
#include <string>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// What proves a person: the id is the worker's, so there is at most one per person.
struct CredentialRow : RecordRow<WorkerId> {
  static constexpr const char* kTable = "credential";

  std::string password_hash;                   ///< Argon2id, with its parameters
  std::optional<std::string> totp_secret;      ///< base32; enforced per role when the city demands it
  std::optional<std::int64_t> totp_last_step;  ///< a used step is never accepted again
  Instant changed_at;
};

template <class V>
void columns(V& v, CredentialRow& r) {
  v.plain("password_hash", r.password_hash);
  v.sealed("totp_secret", r.totp_secret);
  v.plain("totp_last_step", r.totp_last_step);
  v.plain("changed_at", r.changed_at);
}

/// A device enrolled for one person or gateway: its token signs in without a password (decision 32).
struct DeviceRow : RecordRow<DeviceId> {
  static constexpr const char* kTable = "device";

  WorkerId worker;
  std::string label;
  std::string token_hash;  ///< unique; the token itself is never stored
  Instant enrolled_at;
  Instant last_seen_at;
  Instant revoked_at;  ///< unset while it may sign in
};

template <class V>
void columns(V& v, DeviceRow& r) {
  v.plain("worker_id", r.worker);
  v.sealed("label", r.label);
  v.plain("token_hash", r.token_hash);
  v.plain("enrolled_at", r.enrolled_at);
  v.plain("last_seen_at", r.last_seen_at);
  v.plain("revoked_at", r.revoked_at);
}

/// Errors as in table.h.
struct CredentialTable {
  static Result<> save(Transaction& tx, CredentialRow& row);
  /// Nothing when the person has no password.
  static Result<std::optional<CredentialRow>> find(ReadTransaction& tx, WorkerId worker);
};

struct DeviceTable {
  static Result<> save(Transaction& tx, DeviceRow& row);
  /// Nothing when no enrolled device has this token.
  static Result<std::optional<DeviceRow>> find_by_token(ReadTransaction& tx, const std::string& token_hash);
};

}  // namespace kapok::storage
