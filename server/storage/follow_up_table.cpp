#include "storage/follow_up_table.h"

#include <cstdio>

#include "storage/name_list.h"
#include "storage/table.h"

namespace kapok::storage {
namespace {

using FollowUps = Table<FollowUpRow>;

const Sql kOpenOne = FollowUps::select_sql(
    "WHERE kind = 'callback' AND unit_id = :unit AND number_index = :number AND state IN ('scheduled', 'claimed') "
    "ORDER BY id");
const Sql kPage = FollowUps::select_sql(
    "WHERE kind = 'callback' AND (unit_id IN " KAPOK_UNIT_SET
    " OR (CAST(:own AS BIGINT) <> 0 AND owner = :owner)) AND (:open = 0 OR state IN ('scheduled', 'claimed')) "
    "AND (due_at > :due OR (due_at = :due_same AND id > :id)) ORDER BY due_at, id LIMIT :limit");

std::string encode_attempt(const casework::CallbackAttempt& attempt) {
  return std::to_string(attempt.at.us) + "/" + std::to_string(attempt.by.value) + "/" +
         std::string(name_of(attempt.result));
}

casework::CallbackAttempt decode_attempt(const std::string& text) {
  casework::CallbackAttempt attempt;
  long long at = 0;
  long long by = 0;
  int name_from = 0;
  if (std::sscanf(text.c_str(), "%lld/%lld/%n", &at, &by, &name_from) == 2 && name_from > 0) {
    attempt.at = Instant{at};
    attempt.by = WorkerId{by};
    attempt.result = from_name<casework::AttemptResult>(text.substr(static_cast<std::size_t>(name_from)))
                         .value_or(casework::AttemptResult::kNoAnswer);
  }
  return attempt;
}

}  // namespace

template class Table<FollowUpRow>;

Result<> FollowUpTable::save(Transaction& tx, const casework::Callback& callback) {
  KAPOK_CHECK(callback.version >= 1);
  FollowUpRow row;
  row.id = callback.id;
  row.city = tx.city();
  row.version = static_cast<std::int64_t>(callback.version) - 1;
  row.callback = callback;
  std::vector<std::string> attempts;
  for (const casework::CallbackAttempt& attempt : callback.attempts) attempts.push_back(encode_attempt(attempt));
  row.attempts = join_list(attempts);
  return FollowUps::save(tx, row);
}

Result<casework::Callback> FollowUpTable::get(ReadTransaction& tx, FollowUpId id) {
  auto row = FollowUps::get(tx, id, ErrorCode::kUnknownCallback);
  if (!row) return row.error();
  return callback_of(*row);
}

std::optional<casework::Callback> FollowUpTable::open_one(ReadTransaction& tx, UnitId unit, std::string_view number) {
  const auto found = FollowUps::select(tx, kOpenOne, {unit, blind_index(tx.keys(), BlindKind::kNumber, number)});
  if (found.rows.empty()) return std::nullopt;
  return callback_of(found.rows.front());
}

Selection<FollowUpRow> FollowUpTable::page(ReadTransaction& tx, const CallbacksAsked& asked) {
  Values in;
  append_units(in, asked.units);
  for (const std::int64_t value : {asked.own.value, asked.own.value, std::int64_t{asked.open_only},
                                   asked.after_due_at.us, asked.after_due_at.us, asked.after_id.value, asked.limit})
    in.emplace_back(value);
  return FollowUps::select(tx, kPage, in);
}

casework::Callback FollowUpTable::callback_of(const FollowUpRow& row) {
  casework::Callback callback = row.callback;
  callback.id = row.id;
  callback.version = static_cast<std::uint64_t>(row.version);
  callback.attempts.clear();
  for (const std::string& text : split_list(row.attempts)) {
    callback.attempts.push_back(decode_attempt(text));
    callback.attempts.back().number = static_cast<std::uint32_t>(callback.attempts.size());
  }
  return callback;
}

}  // namespace kapok::storage
