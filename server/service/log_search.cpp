#include "service/log_search.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/phone_number.h"
#include "core/text.h"
#include "service/contact_index.h"
#include "service/log_cursor.h"
#include "service/log_rows.h"
#include "storage/call_log_table.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"

namespace kapok::service {
namespace {

Result<> check_last_four(const std::string& text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || (text.size() == 4 && digits)) return Done{};
  return Error{ErrorCode::kInvalidArgument, "last_four: four digits"};
}

Result<> complete_period(Period& period, Instant now) {
  if (!period.to.is_set()) period.to = now + minutes{5};
  if (!period.from.is_set()) period.from = period.to - kLogLookBack;
  if (period.from < period.to) return Done{};
  return Error{ErrorCode::kInvalidArgument, "period: ends before it starts"};
}

/// Nothing when any outcome will do; an empty list when outcome and bucket contradict each other.
std::optional<std::vector<CallOutcome>> outcomes_of(const api::SearchLog& asked) {
  if (!asked.outcome && !asked.bucket) return std::nullopt;
  std::vector<CallOutcome> outcomes;
  for (const auto& row : kEnumNames<CallOutcome>) {
    if (asked.outcome && row.value != *asked.outcome) continue;
    if (asked.bucket && (row.value == CallOutcome::kNone || bucket_of(row.value) != *asked.bucket)) continue;
    outcomes.push_back(row.value);
  }
  return outcomes;
}

std::vector<casework::NeedKind> needs_of(const api::SearchLog& asked) {
  std::vector<casework::NeedKind> kinds;
  if (!asked.need && !asked.need_group) return kinds;
  for (const auto& row : kEnumNames<casework::NeedKind>) {
    if (asked.need && row.value != *asked.need) continue;
    if (asked.need_group && casework::group_of(row.value) != *asked.need_group) continue;
    kinds.push_back(row.value);
  }
  return kinds;
}

bool contradicts_itself(const api::SearchLog& asked) {
  return (asked.need && asked.need_group && casework::group_of(*asked.need) != *asked.need_group);
}

Error bad_cursor() { return {ErrorCode::kInvalidArgument, "cursor: not of this search"}; }

// By time, number and codes: the columns decide, only the rows of the page are opened.

/// Own rows outside the unit asked for are left out: the columns know only whose they are.
bool is_outside(const LogQuery& query, const LogFacts& facts) {
  if (!query.scope.own.is_set() || !query.scope.within.is_set()) return false;
  const UnitId unit = facts.call ? facts.call->unit : facts.contact->unit;
  return !query.who.directory->tree().is_within(unit, query.scope.within);
}

std::optional<api::LogRow> open_place(storage::ReadTransaction& tx, const LogQuery& query,
                                      const storage::CallLogPlace& place) {
  LogFacts facts;
  if (place.call.is_set()) {
    auto call = storage::CallTable::get(tx, place.call);
    if (!call) return damaged_log_row(place.call, place.contact, place.at);
    facts.call = std::move(*call);
  }
  if (place.contact.is_set()) {
    auto contact = storage::ContactTable::get(tx, place.contact);
    if (!contact) return damaged_log_row(place.call, place.contact, place.at);
    facts.contact = std::move(*contact);
  }
  if (is_outside(query, facts)) return std::nullopt;
  return log_row(*query.who.directory, facts);
}

storage::CallLogAsked columns_asked(const LogQuery& query) {
  storage::CallLogAsked asked;
  asked.city = query.city;
  asked.period = query.period;
  asked.units = query.scope.units;
  asked.own = query.scope.own;
  asked.line = query.asked.line;
  asked.worker = query.asked.worker;
  asked.outcomes = outcomes_of(query.asked);
  asked.type = query.asked.type;
  asked.needs = needs_of(query.asked);
  asked.risk = query.asked.risk;
  asked.number = query.number;
  asked.last_four = query.asked.last_four;
  asked.oldest_first = query.asked.oldest_first;
  asked.limit = static_cast<std::int64_t>(query.limit) + 1;
  return asked;
}

Result<api::LogPage> by_columns(storage::ReadTransaction& tx, const LogQuery& query, const LogCursor& from) {
  storage::CallLogAsked asked = columns_asked(query);
  asked.after_at = Instant{from.at};
  asked.after_id = from.id;
  auto places = storage::call_log_places(tx, asked);
  const bool more = places.size() > query.limit;
  if (more) places.resize(query.limit);
  api::LogPage page;
  for (const storage::CallLogPlace& place : places)
    if (auto row = open_place(tx, query, place)) page.rows.push_back(std::move(*row));
  if (more)
    page.next_cursor =
        write_log_cursor(tx.keys(), query.asked,
                         {places.back().at.us, places.back().id, from.rows + static_cast<std::int64_t>(places.size())});
  return page;
}

// By text: the index names candidates, each is opened and checked.

/// One stream of hits, newest first: the words within one unit's subtree, or among one worker's own.
class HitStream {
 public:
  HitStream(storage::SearchIndex& index, storage::SearchLookup lookup) : index_(index), lookup_(std::move(lookup)) {}

  const storage::SearchHit* peek(storage::ReadTransaction& tx) {
    if (next_ == hits_.size() && !dry_) fill(tx);
    return next_ < hits_.size() ? &hits_[next_] : nullptr;
  }
  void pop() { ++next_; }

 private:
  void fill(storage::ReadTransaction& tx) {
    hits_ = index_.find(tx, lookup_);
    next_ = 0;
    dry_ = hits_.size() < static_cast<std::size_t>(lookup_.limit);
    if (!hits_.empty()) lookup_.before_place = hits_.back().place;
  }

  storage::SearchIndex& index_;
  storage::SearchLookup lookup_;
  std::vector<storage::SearchHit> hits_;
  std::size_t next_ = 0;
  bool dry_ = false;
};

std::vector<HitStream> streams_of(storage::ReadTransaction& tx, storage::SearchIndex& index, const LogQuery& query,
                                  const LogCursor& from) {
  const storage::SearchTokens tokens(tx.keys());
  storage::SearchLookup lookup;
  for (const std::string& piece : query.text.pieces) lookup.tokens.push_back(tokens.piece(piece));
  lookup.before_place =
      from.at != 0 ? from.at : storage::first_place_at(query.period.to + milliseconds{1} - Duration{1});
  std::vector<HitStream> streams;
  const auto add = [&](std::string narrowing) {
    storage::SearchLookup narrowed = lookup;
    narrowed.tokens.push_back(std::move(narrowing));
    streams.emplace_back(index, std::move(narrowed));
  };
  for (const UnitId top : query.scope.units.subtrees) add(unit_token(tokens, top));
  for (const UnitId unit : query.scope.units.singles) add(unit_token(tokens, unit));
  if (query.scope.own.is_set()) add(worker_token(tokens, query.scope.own));
  return streams;
}

/// The newest hit of all streams; hits of several streams are taken once.
std::optional<storage::SearchHit> newest(storage::ReadTransaction& tx, std::vector<HitStream>& streams) {
  std::optional<storage::SearchHit> best;
  for (HitStream& stream : streams)
    if (const auto* hit = stream.peek(tx); hit != nullptr && (!best || hit->place > best->place)) best = *hit;
  if (!best) return best;
  for (HitStream& stream : streams)
    if (const auto* hit = stream.peek(tx); hit != nullptr && hit->place == best->place) stream.pop();
  return best;
}

bool has_number(const LogQuery& query, const LogFacts& facts) {
  const auto matches = [&](const std::string& raw) {
    const PhoneNumber number = parse_phone_number(raw);
    if (!query.number.empty()) return number.canonical == query.number;
    return last_four(number) == query.asked.last_four;
  };
  if (query.number.empty() && query.asked.last_four.empty()) return true;
  return matches(facts.contact->caller_number) || matches(facts.contact->fields.person_number);
}

bool has_need(const LogQuery& query, const casework::ContactFields& fields) {
  const auto kinds = needs_of(query.asked);
  return kinds.empty() || std::any_of(fields.needs.begin(), fields.needs.end(), [&](const casework::Need& need) {
           return std::find(kinds.begin(), kinds.end(), need.kind) != kinds.end();
         });
}

bool is_by(const casework::Contact& contact, WorkerId worker) {
  return contact.fields.answered_by == worker || contact.written_by == worker;
}

bool has_codes(const LogQuery& query, const LogFacts& facts) {
  const api::SearchLog& asked = query.asked;
  const casework::Contact& contact = *facts.contact;
  const Instant at = facts.call ? facts.call->arrived_at : contact.started_at;
  if (!query.period.contains(at)) return false;
  if (asked.line.is_set() && contact.line != asked.line) return false;
  if (asked.worker.is_set() && !is_by(contact, asked.worker)) return false;
  if (asked.type && contact.fields.type != *asked.type) return false;
  if (asked.risk && contact.fields.risk != *asked.risk) return false;
  if (const auto outcomes = outcomes_of(asked)) {
    const CallOutcome outcome = facts.call ? facts.call->outcome : CallOutcome::kNone;
    if (!facts.call || std::find(outcomes->begin(), outcomes->end(), outcome) == outcomes->end()) return false;
  }
  return has_need(query, contact.fields);
}

bool in_scope(const LogQuery& query, const casework::Contact& contact) {
  const Tree& tree = query.who.directory->tree();
  if (query.scope.holds(tree, contact.unit)) return true;
  if (!query.scope.own.is_set() || !is_by(contact, query.scope.own)) return false;
  return !query.scope.within.is_set() || tree.is_within(contact.unit, query.scope.within);
}

/// The row of a hit that really matches; nothing when it does not.
std::optional<api::LogRow> open_hit(storage::ReadTransaction& tx, const LogQuery& query, ContactId id) {
  LogFacts facts;
  auto contact = storage::ContactTable::get(tx, id);
  if (!contact && contact.error().code == ErrorCode::kUnknownContact) return std::nullopt;  // index behind its rows
  if (!contact) return damaged_log_row(CallId{}, id, Instant{});
  facts.contact = std::move(*contact);
  if (!in_scope(query, *facts.contact) || !query.text.matches(searchable_text(*facts.contact))) return std::nullopt;
  if (facts.contact->call.is_set()) {
    auto call = storage::CallTable::get(tx, facts.contact->call);
    if (!call) return damaged_log_row(facts.contact->call, id, facts.contact->started_at);
    facts.call = std::move(*call);
  }
  if (!has_codes(query, facts) || !has_number(query, facts)) return std::nullopt;
  return log_row(*query.who.directory, facts);
}

Result<api::LogPage> by_text(storage::ReadTransaction& tx, storage::SearchIndex& index, const LogQuery& query,
                             const LogCursor& from) {
  api::LogPage page;
  std::vector<HitStream> streams = streams_of(tx, index, query, from);
  const std::int64_t end = storage::first_place_at(query.period.from);
  std::int64_t last_place = 0;
  std::size_t opened = 0;
  for (auto hit = newest(tx, streams); hit && hit->place >= end; hit = newest(tx, streams)) {
    if (page.rows.size() == query.limit) {
      page.next_cursor =
          write_log_cursor(tx.keys(), query.asked, {last_place, 0, from.rows + static_cast<std::int64_t>(query.limit)});
      return page;
    }
    if (++opened > kRowsOpenedMax)
      return Error{ErrorCode::kNarrowSearch, "name a shorter period, a unit or more words"};
    last_place = hit->place;
    if (auto row = open_hit(tx, query, ContactId{hit->object_id})) page.rows.push_back(std::move(*row));
  }
  return page;
}

}  // namespace

Result<LogQuery> read_log_query(const Who& who, CityId city, ListScope scope, const api::SearchLog& asked) {
  LogQuery query{
      asked, std::move(scope), who, city, asked.period, {}, {}, std::min<std::size_t>(asked.limit, kLogPageMax)};
  if (query.limit == 0) query.limit = kLogPageMax;
  if (auto checked = check_line(asked.reason, "reason", kReasonCharsMax); !checked) return checked.error();
  if (auto checked = check_last_four(asked.last_four); !checked) return checked.error();
  if (auto checked = complete_period(query.period, who.now); !checked) return checked.error();
  if (!asked.number.empty()) {
    const PhoneNumber number = parse_phone_number(asked.number);
    if (!can_match(number)) return Error{ErrorCode::kNumberNotUsable, "number"};
    query.number = number.canonical;
  }
  if (asked.text.empty()) return query;
  if (asked.oldest_first) return Error{ErrorCode::kInvalidArgument, "oldest_first: text is listed newest first"};
  auto text = storage::parse_search(asked.text);
  if (!text) return text.error();
  if (text->pieces.empty()) return Error{ErrorCode::kSearchTooShort, "text"};
  query.text = std::move(*text);
  return query;
}

Result<api::LogPage> search_log(storage::ReadTransaction& tx, storage::SearchIndex& index, const LogQuery& query) {
  LogCursor from;
  if (!query.asked.cursor.empty()) {
    const auto read = read_log_cursor(tx.keys(), query.asked);
    if (!read) return bad_cursor();
    from = *read;
  }
  if (query.rows_max > 0 && from.rows >= query.rows_max)
    return Error{ErrorCode::kNarrowSearch, "an export ends here; name a shorter period"};
  if (contradicts_itself(query.asked)) return api::LogPage{};
  if (query.text.pieces.empty()) return by_columns(tx, query, from);
  return by_text(tx, index, query, from);
}

std::string audit_text(const LogQuery& query, const api::LogPage& page) {
  std::string text = describe(query.asked);
  if (!query.asked.reason.empty()) text.append(" reason=").append(query.asked.reason);
  text += " scope=";
  for (const UnitId unit : query.scope.units.subtrees) text.append(std::to_string(unit.value)).append(" ");
  for (const UnitId unit : query.scope.units.singles) text.append(std::to_string(unit.value)).append(" ");
  if (query.scope.own.is_set()) text += "own ";
  text += "shown=";
  for (const api::LogRow& row : page.rows)
    text.append(std::to_string(row.contact.is_set() ? row.contact.value : row.call.value)).append(" ");
  return text;
}

}  // namespace kapok::service
