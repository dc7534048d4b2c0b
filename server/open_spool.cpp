#include "open_spool.h"

#include <filesystem>
#include <utility>

#include "storage/take_in.h"

namespace kapok {
namespace {

std::filesystem::path spool_directory(const Config& config) {
  return config.spool_dir.empty() ? std::filesystem::path(config.data_dir) / "spool"
                                  : std::filesystem::path(config.spool_dir);
}

Result<> take_in(storage::Connection& store, const Config& config, const storage::KeyRing& keys, storage::Spool& spool,
                 ops::Log& log) {
  if (spool.waiting().empty()) return Done{};
  if (auto settled = storage::Database::settle_log(config.data_dir); !settled) return settled;
  const auto waiting = spool.waiting().size();
  const auto taken = storage::take_in_all(store, keys, spool);
  if (!taken) return taken.error();
  for (std::size_t i = 0; i < taken->put_aside.size(); ++i) log.write(ops::LogId::kSpoolConflict);
  log.write(ops::LogId::kStoreRecovered, {{"batches", waiting}, {"known", taken->already_there}});
  return Done{};
}

}  // namespace

Result<OpenStore> open_store_with_spool(const Config& config, const storage::KeyRing& keys, Instant now,
                                        ops::Log& log) {
  OpenStore open;
  auto database = storage::Database::open(config.data_dir, now, [&](storage::Connection& store) -> Result<> {
    auto spool = storage::Spool::open(spool_directory(config), keys);
    if (!spool) return spool.error();
    open.spool = std::move(*spool);
    if (!open.spool->damaged_copy().empty()) log.write(ops::LogId::kSpoolConflict, {{"copy", ops::Code("damaged")}});
    if (open.spool->same_disk_as(config.data_dir)) log.write(ops::LogId::kSpoolOnSameDisk);
    return take_in(store, config, keys, *open.spool, log);
  });
  if (!database) return database.error();
  open.database = std::move(*database);
  return open;
}

}  // namespace kapok
