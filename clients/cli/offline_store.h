#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/id_allocator.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/database.h"
#include "storage/key_ring.h"
#include "storage/transaction.h"
#include "storage/writer.h"

namespace kapok::cli {

/// A data directory opened by kapokctl itself, under its lock, while no server runs (decision 33). Every command that
/// uses it says so first. All methods throw LocalFailure with one sentence.
class OfflineStore {
 public:
  /// Makes directory, key file and an empty store. Refuses what is there already.
  static OfflineStore create(const std::filesystem::path& directory, const std::filesystem::path& key_file,
                             std::int64_t city_number);
  /// Refuses while a server holds the lock.
  static OfflineStore open(const std::filesystem::path& directory, const std::filesystem::path& key_file,
                           std::int64_t city_number);

  OfflineStore(OfflineStore&&) = default;
  ~OfflineStore();

  /// One transaction, committed when this returns.
  void write(const std::function<Result<>(storage::Transaction&)>& apply);
  void read(const std::function<void(storage::ReadTransaction&)>& look);

  template <class IdType>
  [[nodiscard]] IdType next_id() {
    return ids_->next<IdType>(now_);
  }
  [[nodiscard]] CityId city() const { return CityId{city_number_}; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  OfflineStore(std::unique_ptr<const storage::KeyRing> keys, std::unique_ptr<storage::Database> database,
               std::int64_t city_number, Instant now);

  std::int64_t city_number_;
  Instant now_;
  std::unique_ptr<const storage::KeyRing> keys_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
  std::unique_ptr<IdAllocator> ids_;
};

/// Wall clock, in microseconds since 1970.
Instant wall_now();

}  // namespace kapok::cli
