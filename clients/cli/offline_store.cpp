#include "cli/offline_store.h"

#include <chrono>
#include <future>

#include "cli/exit_code.h"
#include "storage/connection.h"
#include "storage/state_table.h"

namespace kapok::cli {
namespace {

template <class T>
T or_fail(Result<T> result) {
  if (!result) throw LocalFailure(result.error().detail);
  return std::move(result).value();
}

}  // namespace

Instant wall_now() {
  return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

OfflineStore OfflineStore::create(const std::filesystem::path& directory, const std::filesystem::path& key_file,
                                  std::int64_t city_number) {
  const Instant now = wall_now();
  auto database = or_fail(storage::Database::create(directory, now));
  or_fail(storage::KeyRing::create_file(key_file));
  return {or_fail(storage::KeyRing::load(key_file)), std::move(database), city_number, now};
}

OfflineStore OfflineStore::open(const std::filesystem::path& directory, const std::filesystem::path& key_file,
                                std::int64_t city_number) {
  const Instant now = wall_now();
  auto keys = or_fail(storage::KeyRing::load(key_file));
  return {std::move(keys), or_fail(storage::Database::open(directory, now)), city_number, now};
}

OfflineStore::OfflineStore(std::unique_ptr<const storage::KeyRing> keys, std::unique_ptr<storage::Database> database,
                           std::int64_t city_number, Instant now)
    : city_number_(city_number), now_(now), keys_(std::move(keys)), database_(std::move(database)) {
  writer_ = or_fail(storage::Writer::start(*database_, *keys_));
  std::int64_t high_water = 0;
  read([&](storage::ReadTransaction& tx) { high_water = storage::read_id_high_water(tx, city()); });
  ids_ = std::make_unique<IdAllocator>(city_number_, high_water);
}

OfflineStore::~OfflineStore() {
  if (writer_) writer_->stop();
}

void OfflineStore::write(const std::function<Result<>(storage::Transaction&)>& apply) {
  std::promise<storage::WriteOutcome> promise;
  auto outcome = promise.get_future();
  or_fail(writer_->submit({.cls = storage::WriteClass::kCaseWork,
                           .city = city(),
                           .at = now_,
                           .apply = apply,
                           .done = [&](storage::WriteOutcome done) { promise.set_value(std::move(done)); }}));
  or_fail(outcome.get().result);
}

void OfflineStore::read(const std::function<void(storage::ReadTransaction&)>& look) {
  const auto connection = or_fail(database_->connect_reader());
  storage::ReadTransaction tx(*connection, *keys_);
  look(tx);
}

}  // namespace kapok::cli
