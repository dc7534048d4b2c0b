#include "service/audit_desk.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "service/page_cursor.h"
#include "service/readings.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"

namespace kapok::service {
namespace {

using storage::AuditObject;
using storage::AuditRow;

/// One page of one question, from the newest row before `before` downwards.
class ReadingSearch {
 public:
  ReadingSearch(storage::ReadTransaction& tx, const Who& who, const api::ListReadings& asked, std::int64_t before)
      : tx_(tx), who_(who), asked_(asked), before_(before), limit_(page_size(asked.limit)) {}

  Result<api::ReadingPage> of_record(CityId city) {
    auto records = records_asked(tx_, who_, city, asked_);
    if (!records) return records.error();
    for (const auto& each : records->records)
      add(storage::audit_rows_of(tx_, each.object, each.id, before_, rows_wanted()));
    add_searches(records->ids());
    return page([](const AuditRow&) { return true; });
  }

  Result<api::ReadingPage> alerts() {
    add(storage::opening_alerts(tx_, before_, rows_wanted()));
    return page([this](const AuditRow& row) { return may_hear_of_actor(row); });
  }

  Result<api::ReadingPage> broken_glasses() {
    add(storage::broken_glasses(tx_, before_, rows_wanted()));
    return page([this](const AuditRow& row) {
      if (may_hear_of_actor(row)) return true;
      const auto contact = storage::ContactTable::get(tx_, ContactId{row.event.object_id});
      return contact && may_hear_of(who_, contact->unit);
    });
  }

 private:
  /// One more than is shown tells whether there is more.
  [[nodiscard]] std::int64_t rows_wanted() const { return static_cast<std::int64_t>(limit_) + 1; }

  void add(std::vector<AuditRow> rows) {
    if (rows.size() > limit_) floor_ = std::max(floor_, rows.back().seq);
    rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }

  /// Searches and exports that showed one of `ids`.
  void add_searches(const std::vector<std::int64_t>& ids) {
    auto searches = storage::audit_rows_of(tx_, AuditObject::kNone, 0, before_, kSearchesLookedThrough);
    if (searches.size() == static_cast<std::size_t>(kSearchesLookedThrough))
      floor_ = std::max(floor_, searches.back().seq);
    std::erase_if(searches, [&](const AuditRow& row) { return !showed(row.detail, ids); });
    rows_.insert(rows_.end(), std::make_move_iterator(searches.begin()), std::make_move_iterator(searches.end()));
  }

  bool may_hear_of_actor(const AuditRow& row) const {
    const DirectoryWorker* person = who_.directory->worker(row.event.actor);
    return may_hear_of(who_, person != nullptr ? person->unit : who_.directory->tree().root());
  }

  bool is_too_old(const AuditRow& row) const {
    return asked_.period.from.is_set() && row.at < asked_.period.from - kAuditTimeSlack;
  }
  bool in_period(const AuditRow& row) const {
    const bool late = asked_.period.to.is_set() && !(row.at < asked_.period.to);
    return !late && !(asked_.period.from.is_set() && row.at < asked_.period.from);
  }

  /// Rows at and above the floor are known to be complete; below it something may still lie unseen.
  template <class Keep>
  api::ReadingPage page(const Keep& keep) {
    std::sort(rows_.begin(), rows_.end(), [](const AuditRow& a, const AuditRow& b) { return a.seq > b.seq; });
    api::ReadingPage shown;
    std::int64_t looked_to = floor_;
    for (const AuditRow& row : rows_) {
      if (row.seq < floor_) break;
      if (is_too_old(row)) return shown;
      if (shown.rows.size() == limit_) {
        looked_to = shown.rows.back().seq;
        break;
      }
      if (in_period(row) && keep(row)) shown.rows.push_back(reading_of(tx_, who_, row));
    }
    if (looked_to > 1) shown.next_cursor = std::to_string(looked_to);
    return shown;
  }

  storage::ReadTransaction& tx_;
  const Who& who_;
  const api::ListReadings& asked_;
  std::int64_t before_;
  std::size_t limit_;
  std::int64_t floor_ = 0;
  std::vector<AuditRow> rows_;
};

/// Where a page begins: where the last one ended, or at the end of the period.
Result<std::int64_t> first_before(storage::ReadTransaction& tx, const api::ListReadings& asked) {
  if (!asked.cursor.empty()) {
    std::int64_t before = 0;
    const char* end = asked.cursor.data() + asked.cursor.size();
    const auto [stopped, failed] = std::from_chars(asked.cursor.data(), end, before);
    if (failed != std::errc{} || stopped != end || before <= 0)
      return Error{ErrorCode::kInvalidArgument, "cursor: not of this list"};
    return before;
  }
  if (!asked.period.to.is_set()) return std::numeric_limits<std::int64_t>::max();
  return storage::audit_seq_at(tx, asked.period.to + kAuditTimeSlack);
}

Result<api::ReadingPage> find_readings(storage::ReadTransaction& tx, const Who& who, CityId city,
                                       const api::ListReadings& asked) {
  const auto before = first_before(tx, asked);
  if (!before) return before.error();
  ReadingSearch search(tx, who, asked, *before);
  switch (asked.list) {
    case api::ReadingList::kOfRecord:
      return search.of_record(city);
    case api::ReadingList::kAlerts:
      return search.alerts();
    case api::ReadingList::kBrokenGlass:
      return search.broken_glasses();
  }
  return Error{ErrorCode::kInvalidArgument, "list"};
}

/// What the trail keeps of the question itself.
AuditObject object_asked(const api::ListReadings& asked) {
  if (asked.list != api::ReadingList::kOfRecord || asked.record == 0) return AuditObject::kStore;
  switch (asked.kind) {
    case api::RecordKind::kCall:
      return AuditObject::kCall;
    case api::RecordKind::kReferral:
      return AuditObject::kReferral;
    default:
      return AuditObject::kContact;
  }
}

}  // namespace

bool showed(const std::string& audit_text, const std::vector<std::int64_t>& ids) {
  const std::size_t at = audit_text.rfind("shown=");
  if (at == std::string::npos) return false;
  const char* place = audit_text.data() + at + std::string_view("shown=").size();
  const char* end = audit_text.data() + audit_text.size();
  while (place < end) {
    std::int64_t id = 0;
    const auto [stopped, failed] = std::from_chars(place, end, id);
    if (failed != std::errc{}) return false;
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return true;
    place = stopped + 1;  // the blank after it
  }
  return false;
}

void AuditDesk::handle(const Asked& asked, const api::ListReadings& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const Reach reached = reach(who->directory->tree(), who->subject, Action::kReadAudit);
  if (reached.desks.empty() && reached.subtrees.empty())
    return asked->refuse(ErrorCode::kForbidden, std::string(name_of(Action::kReadAudit)));
  if (list.list == api::ReadingList::kOfRecord && (list.record == 0) == list.number.empty())
    return asked->refuse(ErrorCode::kInvalidArgument, "record, number: one of them");
  office_.read<api::ReadingPage>(
      [list, who = *who, city = office_.config.city](storage::ReadTransaction& tx) {
        return find_readings(tx, who, city, list);
      },
      [this, asked, list, who = *who](Result<api::ReadingPage> page) {
        if (!page) return asked->refuse(page.error());
        Changes::Change change;
        change.write_class = storage::WriteClass::kReadAudit;
        change.apply = [who, list, page = std::move(*page)](storage::Transaction& tx) -> Result<api::ReplyBody> {
          who.audit(tx, storage::AuditAction::kAuditRead, object_asked(list), list.record, Scope::kOther,
                    list.record == 0 ? list.number : std::string{});
          return api::ReplyBody{page};
        };
        office_.changes.save(asked, std::move(change));
      });
}

}  // namespace kapok::service
