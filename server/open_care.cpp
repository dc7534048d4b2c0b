#include "open_care.h"

#include "core/local_time.h"
#include "storage/key_file.h"
#include "storage/store_layout.h"

namespace kapok {
namespace {

constexpr hours kNightScanAt{3};  // local; the fewest calls

/// How long until the next night's scan of the rows, in real time.
Duration until_night(const service::Clock& clock, UtcOffset offset) {
  const Instant now = clock.now();
  Instant night = period_of_day(day_of(now, offset), offset).from + kNightScanAt;
  if (night <= now) night = night + hours{24};
  return clock.real_until(night);
}

/// Table names as words of the log; a table that is missing here is named by `kapokctl store damaged`.
ops::Code table_word(std::string_view table) {
  static constexpr ops::Code kTables[] = {"audit_detail", "call",
                                          "call_leg",     "change",
                                          "contact",      "contact_correction",
                                          "credential",   "device",
                                          "endpoint",     "follow_up",
                                          "gap",          "journal",
                                          "line",         "missed_caller",
                                          "need",         "patch_assignment",
                                          "referral",     "referral_event",
                                          "reply",        "session",
                                          "shift",        "unit",
                                          "worker",       "worker_role",
                                          "worker_state"};
  for (const ops::Code& known : kTables)
    if (known.text() == table) return known;
  return "other";
}

}  // namespace

Result<std::unique_ptr<storage::StoreCare>> open_care(const Config& config, storage::Database& database,
                                                      storage::Writer& writer, storage::KeyRing& keys,
                                                      const service::Clock& clock, ops::Log& log) {
  const auto key_file = storage::key_file_of(config.data_dir);
  if (!storage::is_backed_up(key_file, keys)) log.write(ops::LogId::kKeysNotBackedUp);
  return storage::StoreCare::start(
      {.database = database,
       .writer = writer,
       .keys = keys,
       .key_file = key_file,
       .city = CityId{config.city_number},
       .now = [&clock] { return clock.now(); },
       .until_scan = [&clock, offset = UtcOffset{config.utc_offset_min}] { return until_night(clock, offset); },
       .on_damaged =
           [&log](const storage::DamagedRow& row) {
             log.write(ops::LogId::kRowDamaged,
                       {{"table", table_word(row.table)}, {"row", Id<struct AnyRowTag>{row.key.id}}});
           },
       .on_rotated =
           [&log] {
             log.write(ops::LogId::kKeysRotated);
             log.write(ops::LogId::kKeysNotBackedUp);
           },
       .on_scanned =
           [&log](std::int64_t rows, std::int64_t damaged) {
             log.write(ops::LogId::kStoreScanned, {{"rows", rows}, {"damaged", damaged}});
           }});
}

}  // namespace kapok
