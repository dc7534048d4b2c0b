#pragma once

#include <cstdint>

#include "core/id.h"
#include "core/instant.h"
#include "storage/field_cipher.h"
#include "storage/key_ring.h"

namespace kapok::storage {

class AuditChain;
class Connection;

/// A consistent view of the store for the length of one job. Handed out by ReaderPool and, as its
/// derived Transaction, by Writer; never kept beyond the job.
class ReadTransaction {
 public:
  ReadTransaction(Connection& connection, const KeyRing& keys) : connection_(&connection), keys_(&keys) {}
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

  /// For storage files, which alone include connection.h.
  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] const KeyRing& keys() const { return *keys_; }
  [[nodiscard]] FieldCipher cipher() const { return FieldCipher(*keys_); }

 private:
  Connection* connection_;
  const KeyRing* keys_;
};

/// One request inside the writer's batch. What it writes is kept or dropped as a whole: when `apply`
/// returns an Error or throws, its savepoint is rolled back and the rest of the batch goes on.
class Transaction final : public ReadTransaction {
 public:
  Transaction(Connection& connection, const KeyRing& keys, AuditChain& audit, CityId city, Instant now)
      : ReadTransaction(connection, keys), audit_(&audit), city_(city), now_(now) {}

  /// Product time of the request, given by the service that submitted it (decision 5).
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] CityId city() const { return city_; }
  [[nodiscard]] AuditChain& audit() { return *audit_; }

  /// Remembers the highest id written, for the high-water mark that the writer stores with the batch.
  void note_id(std::int64_t id) {
    if (id > highest_id_) highest_id_ = id;
  }
  [[nodiscard]] std::int64_t highest_id() const { return highest_id_; }

 private:
  AuditChain* audit_;
  CityId city_;
  Instant now_;
  std::int64_t highest_id_ = 0;
};

}  // namespace kapok::storage
