#include "storage/call_log_table.h"

#include <algorithm>
#include <array>
#include <limits>

#include "storage/blind_index.h"
#include "storage/connection.h"
#include "storage/name_list.h"

namespace kapok::storage {
namespace {

// Two arms, calls and contacts without a call, each in order of its own index, merged by the caller. A filter that
// is not asked for is switched off by its own parameter, so that the texts stay few and fixed. Lists of names are
// matched as one text `,a,b,`. A search by number says `city_id + 0`: that keeps the planner from walking the whole
// period by time instead of taking the few rows of the number.
#define KAPOK_CALLS(city)                                                                                         \
  "SELECT c.arrived_at, c.id, c.id, c.contact_id FROM call c LEFT JOIN contact k ON k.id = c.contact_id "         \
  "WHERE " city                                                                                                   \
  " = :city AND c.arrived_at >= :from_at AND c.arrived_at < :to_at "                                              \
  "AND (c.unit_id IN " KAPOK_UNIT_SET                                                                             \
  " OR (CAST(:own AS BIGINT) <> 0 AND (c.worker_id = :own_call OR k.answered_by = :own_answer OR k.written_by = " \
  ":own_text))) "                                                                                                 \
  "AND (CAST(:any_line AS BIGINT) = 0 OR c.line_id = :line) "                                                     \
  "AND (CAST(:any_worker AS BIGINT) = 0 OR c.worker_id = :worker OR k.answered_by = :answerer OR k.written_by = " \
  ":writer) "                                                                                                     \
  "AND (:any_outcome = '' OR :outcomes LIKE '%,' || c.outcome || ',%') "
#define KAPOK_MANUAL(city)                                                                          \
  "SELECT k.started_at, k.id, k.call_id, k.id FROM contact k "                                      \
  "WHERE k.call_id IS NULL AND " city                                                               \
  " = :city AND k.started_at >= :from_at AND k.started_at < :to_at "                                \
  "AND (k.unit_id IN " KAPOK_UNIT_SET                                                               \
  " OR (CAST(:own AS BIGINT) <> 0 AND (k.answered_by = :own_answer OR k.written_by = :own_text))) " \
  "AND (CAST(:any_line AS BIGINT) = 0 OR k.line_id = :line) "                                       \
  "AND (CAST(:any_worker AS BIGINT) = 0 OR k.answered_by = :answerer OR k.written_by = :writer) "
#define KAPOK_CODED                                                                                               \
  "AND (:any_type = '' OR k.type = :type) AND (:any_risk = '' OR k.risk = :risk) "                                \
  "AND (:any_need = '' OR EXISTS (SELECT 1 FROM need n WHERE n.contact_id = k.id AND :needs LIKE '%,' || n.kind " \
  "|| ',%')) "
#define KAPOK_CALLS_OF_NUMBER                                                                             \
  "AND c.id IN (SELECT id FROM call WHERE caller_index = :call_number UNION SELECT call_id FROM contact " \
  "WHERE person_index = :person_number) "
#define KAPOK_CALLS_OF_LAST_FOUR                                                                            \
  "AND c.id IN (SELECT id FROM call WHERE caller_last_four = :call_four UNION SELECT call_id FROM contact " \
  "WHERE person_last_four = :person_four) "
#define KAPOK_MANUAL_OF_NUMBER "AND (k.caller_index = :caller_number OR k.person_index = :person_number) "
#define KAPOK_MANUAL_OF_LAST_FOUR "AND (k.caller_last_four = :caller_four OR k.person_last_four = :person_four) "
#define KAPOK_NEWEST(at, id)                                                                         \
  "AND (" at " < :after OR (" at " = :after_same AND " id " < :after_id)) ORDER BY " at " DESC, " id \
  " DESC LIMIT :limit"
#define KAPOK_OLDEST(at, id) \
  "AND (" at " > :after OR (" at " = :after_same AND " id " > :after_id)) ORDER BY " at ", " id " LIMIT :limit"

enum By { kAll, kNumber, kLastFour };

const std::array<std::array<Sql, 2>, 3> kCalls{{
    {Sql(KAPOK_CALLS("c.city_id") KAPOK_CODED KAPOK_NEWEST("c.arrived_at", "c.id")),
     Sql(KAPOK_CALLS("c.city_id") KAPOK_CODED KAPOK_OLDEST("c.arrived_at", "c.id"))},
    {Sql(KAPOK_CALLS("c.city_id + 0") KAPOK_CODED KAPOK_CALLS_OF_NUMBER KAPOK_NEWEST("c.arrived_at", "c.id")),
     Sql(KAPOK_CALLS("c.city_id + 0") KAPOK_CODED KAPOK_CALLS_OF_NUMBER KAPOK_OLDEST("c.arrived_at", "c.id"))},
    {Sql(KAPOK_CALLS("c.city_id + 0") KAPOK_CODED KAPOK_CALLS_OF_LAST_FOUR KAPOK_NEWEST("c.arrived_at", "c.id")),
     Sql(KAPOK_CALLS("c.city_id + 0") KAPOK_CODED KAPOK_CALLS_OF_LAST_FOUR KAPOK_OLDEST("c.arrived_at", "c.id"))},
}};

const std::array<std::array<Sql, 2>, 3> kManual{{
    {Sql(KAPOK_MANUAL("k.city_id") KAPOK_CODED KAPOK_NEWEST("k.started_at", "k.id")),
     Sql(KAPOK_MANUAL("k.city_id") KAPOK_CODED KAPOK_OLDEST("k.started_at", "k.id"))},
    {Sql(KAPOK_MANUAL("k.city_id + 0") KAPOK_CODED KAPOK_MANUAL_OF_NUMBER KAPOK_NEWEST("k.started_at", "k.id")),
     Sql(KAPOK_MANUAL("k.city_id + 0") KAPOK_CODED KAPOK_MANUAL_OF_NUMBER KAPOK_OLDEST("k.started_at", "k.id"))},
    {Sql(KAPOK_MANUAL("k.city_id + 0") KAPOK_CODED KAPOK_MANUAL_OF_LAST_FOUR KAPOK_NEWEST("k.started_at", "k.id")),
     Sql(KAPOK_MANUAL("k.city_id + 0") KAPOK_CODED KAPOK_MANUAL_OF_LAST_FOUR KAPOK_OLDEST("k.started_at", "k.id"))},
}};

#undef KAPOK_CALLS
#undef KAPOK_MANUAL
#undef KAPOK_CODED
#undef KAPOK_CALLS_OF_NUMBER
#undef KAPOK_CALLS_OF_LAST_FOUR
#undef KAPOK_MANUAL_OF_NUMBER
#undef KAPOK_MANUAL_OF_LAST_FOUR
#undef KAPOK_NEWEST
#undef KAPOK_OLDEST

/// A text filter: once to switch it off, once to match.
void append_twice(Values& in, const std::string& text) {
  in.emplace_back(text);
  in.emplace_back(text);
}

template <class E>
std::string matched_list(const std::vector<E>& values) {
  return "," + join_names(values) + ",";
}

template <class E>
std::string optional_name(const std::optional<E>& value) {
  return value ? std::string(name_of(*value)) : std::string{};
}

Values parameters(ReadTransaction& tx, const CallLogAsked& asked, bool calls, By by) {
  Values in{asked.city, asked.period.from.us, asked.period.to.us};
  append_units(in, asked.units);
  for (int i = 0; i < (calls ? 4 : 3); ++i) in.emplace_back(asked.own.value);
  for (int i = 0; i < 2; ++i) in.emplace_back(asked.line.value);
  for (int i = 0; i < (calls ? 4 : 3); ++i) in.emplace_back(asked.worker.value);
  if (calls) append_twice(in, asked.outcomes ? matched_list(*asked.outcomes) : std::string{});
  append_twice(in, optional_name(asked.type));
  append_twice(in, optional_name(asked.risk));
  append_twice(in, asked.needs.empty() ? std::string{} : matched_list(asked.needs));
  if (by == kNumber) append_twice(in, blind_index(tx.keys(), BlindKind::kNumber, asked.number));
  if (by == kLastFour) append_twice(in, blind_index(tx.keys(), BlindKind::kLastFour, asked.last_four));
  const bool from_start = !asked.after_at.is_set();
  const std::int64_t start =
      asked.oldest_first ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  const std::int64_t after = from_start ? start : asked.after_at.us;
  in.emplace_back(after);
  in.emplace_back(after);
  in.emplace_back(asked.after_id);
  in.emplace_back(asked.limit);
  return in;
}

void collect(std::vector<CallLogPlace>& places, ReadTransaction& tx, const CallLogAsked& asked, bool calls) {
  const By by = !asked.number.empty() ? kNumber : !asked.last_four.empty() ? kLastFour : kAll;
  const Sql& sql = (calls ? kCalls : kManual)[by][asked.oldest_first ? 1 : 0];
  tx.connection().query(sql, parameters(tx, asked, calls, by),
                        {CellKind::kInteger, CellKind::kInteger, CellKind::kInteger, CellKind::kInteger},
                        [&](const Values& row) {
                          CallLogPlace place{Instant{row[0].integer}, row[1].integer, {}, {}};
                          read_cell(row[2], place.call);
                          read_cell(row[3], place.contact);
                          places.push_back(place);
                        });
}

}  // namespace

std::vector<CallLogPlace> call_log_places(ReadTransaction& tx, const CallLogAsked& asked) {
  std::vector<CallLogPlace> places;
  collect(places, tx, asked, true);
  if (!asked.outcomes) collect(places, tx, asked, false);  // a contact without a call has no outcome
  std::sort(places.begin(), places.end(), [&](const CallLogPlace& a, const CallLogPlace& b) {
    const auto key_a = std::pair(a.at, a.id);
    const auto key_b = std::pair(b.at, b.id);
    return asked.oldest_first ? key_a < key_b : key_b < key_a;
  });
  if (places.size() > static_cast<std::size_t>(asked.limit)) places.resize(static_cast<std::size_t>(asked.limit));
  return places;
}

}  // namespace kapok::storage
