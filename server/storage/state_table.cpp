#include "storage/state_table.h"

#include "storage/connection.h"

namespace kapok::storage {
namespace {

const Sql kReadState("SELECT value FROM state_value WHERE key = :key");
const Sql kWriteState(
    "INSERT INTO state_value (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = "
    "excluded.value");
const Sql kReadHighWater("SELECT last_id FROM id_high_water WHERE city_id = :city");
const Sql kRaiseHighWater(
    "INSERT INTO id_high_water (city_id, last_id) VALUES (:city, :id) ON CONFLICT (city_id) DO UPDATE "
    "SET last_id = excluded.last_id WHERE id_high_water.last_id < excluded.last_id");
const Sql kCountDay(
    "INSERT INTO day_counter (city_id, day, last_number) VALUES (:city, :day, 1) ON CONFLICT (city_id, day) DO UPDATE "
    "SET last_number = day_counter.last_number + 1");
const Sql kReadDay("SELECT last_number FROM day_counter WHERE city_id = :city AND day = :day");

}  // namespace

std::optional<std::string> read_state_value(ReadTransaction& tx, std::string_view key) {
  auto row = tx.connection().first(kReadState, {key}, {CellKind::kText});
  if (!row) return std::nullopt;
  return row->front().text;
}

void write_state_value(Transaction& tx, std::string_view key, std::string_view value) {
  tx.connection().run(kWriteState, {key, value});
}

std::int64_t read_id_high_water(ReadTransaction& tx, CityId city) {
  const auto row = tx.connection().first(kReadHighWater, {city}, {CellKind::kInteger});
  return row ? row->front().integer : 0;
}

void raise_id_high_water(Transaction& tx, std::int64_t id) { tx.connection().run(kRaiseHighWater, {tx.city(), id}); }

std::int64_t next_number_of_day(Transaction& tx, std::int64_t day) {
  tx.connection().run(kCountDay, {tx.city(), day});
  return tx.connection().first(kReadDay, {tx.city(), day}, {CellKind::kInteger})->front().integer;
}

}  // namespace kapok::storage
