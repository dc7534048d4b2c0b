#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/id.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// Small facts about the store itself, such as the offset of product time or the mark of a practice
/// store. Keys are literals in the source; values are short texts without personal content.
std::optional<std::string> read_state_value(ReadTransaction& tx, std::string_view key);
void write_state_value(Transaction& tx, std::string_view key, std::string_view value);

/// Highest id ever written for a city, 0 when none (decision 4). The writer raises it with each batch.
std::int64_t read_id_high_water(ReadTransaction& tx, CityId city);
void raise_id_high_water(Transaction& tx, std::int64_t id);

/// Next number of the day for display numbers such as GZ-261121-0042, from 1. `day` is yymmdd in the
/// city's local time. Numbers of refused requests are given again; numbers never repeat.
std::int64_t next_number_of_day(Transaction& tx, std::int64_t day);

}  // namespace kapok::storage
