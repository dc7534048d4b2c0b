#include "city_backup.h"

#include "storage/store_layout.h"

namespace kapok {
namespace {

using What = storage::BackupEvent::What;

void write_down(ops::Log& log, const storage::BackupEvent& event) {
  switch (event.what) {
    case What::kBaseMade:
      log.write(ops::LogId::kBackupMade, {{"took", event.took}, {"mib", event.bytes >> 20}});
      return;
    case What::kBaseFailed:
      log.write(ops::LogId::kBackupFailed);
      return;
    case What::kShippingFailed:
      log.write(ops::LogId::kChangesNotShipped, {{"state", "waiting"}});
      return;
    case What::kShippingResumed:
      log.write(ops::LogId::kChangesShipped, {{"batches", event.changes}});
      return;
    case What::kChangesDropped:
      log.write(ops::LogId::kChangesNotShipped, {{"state", "dropped"}, {"batches", event.changes}});
      return;
  }
}

}  // namespace

Result<std::unique_ptr<storage::BackupKeeper>> start_backup(const Config& config, storage::BackupPorts ports,
                                                            std::uint32_t practice_factor, ops::Log& log) {
  storage::BackupSettings settings;
  settings.city = CityId{config.city_number};
  // A practice city lives faster; its backups keep step. What is kept is kept for days of the real calendar.
  settings.ship_every = settings.ship_every / practice_factor;
  settings.forget_every = settings.forget_every / practice_factor;
  settings.base_every = Duration(hours{config.backup_base_every_hours}) / practice_factor;
  settings.keep = hours{24 * config.backup_keep_days};
  if (!config.second_path.empty()) settings.directory = storage::backup_directory_of(config.second_path);
  if (config.backup_public_key.empty()) {
    log.write(ops::LogId::kNoBackupKey);
  } else {
    auto key = storage::load_backup_public_key(config.backup_public_key);
    if (!key) return key.error();
    settings.key = *key;
  }
  return std::make_unique<storage::BackupKeeper>(std::move(settings), std::move(ports),
                                                 [&log](const storage::BackupEvent& event) { write_down(log, event); });
}

}  // namespace kapok
