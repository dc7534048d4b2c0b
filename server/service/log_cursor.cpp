#include "service/log_cursor.h"

#include <cstdio>

#include "storage/keyed_digest.h"

namespace kapok::service {
namespace {

template <class E>
std::string optional_word(std::string_view label, const std::optional<E>& value) {
  return value ? std::string(label).append(name_of(*value)) : std::string{};
}

std::string optional_number(std::string_view label, std::int64_t value) {
  return value == 0 ? std::string{} : std::string(label).append(std::to_string(value));
}

std::string optional_text(std::string_view label, const std::string& value) {
  return value.empty() ? std::string{} : std::string(label).append(value);
}

std::string seal_of(const storage::KeyRing& keys, const api::SearchLog& search, std::string_view body) {
  return storage::request_digest(keys, std::string(body) + "|" + describe(search));
}

}  // namespace

std::string describe(const api::SearchLog& s) {
  std::string line = "from=" + std::to_string(s.period.from.us) + " to=" + std::to_string(s.period.to.us);
  line += optional_number(" unit=", s.unit.value);
  line += optional_number(" line=", s.line.value);
  line += optional_number(" worker=", s.worker.value);
  line += optional_word(" outcome=", s.outcome);
  line += optional_word(" bucket=", s.bucket);
  line += optional_word(" type=", s.type);
  line += optional_word(" need=", s.need);
  line += optional_word(" need_group=", s.need_group);
  line += optional_word(" risk=", s.risk);
  line += optional_text(" number=", s.number);
  line += optional_text(" last_four=", s.last_four);
  line += optional_text(" text=", s.text);
  if (s.oldest_first) line += " oldest_first";
  return line;
}

std::string write_log_cursor(const storage::KeyRing& keys, const api::SearchLog& search, const LogCursor& cursor) {
  const std::string body =
      std::to_string(cursor.at) + "." + std::to_string(cursor.id) + "." + std::to_string(cursor.rows);
  return body + "." + seal_of(keys, search, body);
}

std::optional<LogCursor> read_log_cursor(const storage::KeyRing& keys, const api::SearchLog& search) {
  const std::size_t dot = search.cursor.rfind('.');
  if (dot == std::string::npos || search.cursor.size() > 128) return std::nullopt;
  const std::string body = search.cursor.substr(0, dot);
  if (search.cursor.substr(dot + 1) != seal_of(keys, search, body)) return std::nullopt;
  long long at = 0;
  long long id = 0;
  long long rows = 0;
  if (std::sscanf(body.c_str(), "%lld.%lld.%lld", &at, &id, &rows) != 3) return std::nullopt;
  return LogCursor{at, id, rows};
}

}  // namespace kapok::service
