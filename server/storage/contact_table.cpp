#include "storage/contact_table.h"

#include "storage/name_list.h"
#include "storage/need_table.h"
#include "storage/table.h"

namespace kapok::storage {
namespace {

using Contacts = Table<ContactRow>;

const Sql kByDisplayNumber("SELECT id FROM contact WHERE city_id = :city AND display_number = :number");
const Sql kByCall("SELECT id FROM contact WHERE call_id = :call");
const Sql kDraftsOfWorker = Contacts::select_sql(
    "WHERE state = 'draft' AND (answered_by = :answerer OR written_by = :writer) "
    "ORDER BY started_at, id LIMIT :limit");
const Sql kLatestDrafts(
    "SELECT answered_by, id FROM contact WHERE state = 'draft' AND city_id = :city AND call_id IS NOT NULL AND "
    "answered_by IS NOT NULL ORDER BY answered_at, id");
const Sql kLatestFinalised(
    "SELECT k.finalised_at FROM call_leg g JOIN contact k ON k.call_id = g.call_id "
    "WHERE g.worker_id = :worker AND g.answered_at IS NOT NULL ORDER BY g.offered_at DESC, g.id DESC LIMIT 1");
const Sql kWrittenUp(
    "SELECT caller_index, finalised_at, answered_by, same_worker, language FROM contact WHERE city_id = :city AND "
    "finalised_at >= :from AND caller_index IS NOT NULL ORDER BY finalised_at, id");
const Sql kDraftsIn = Contacts::select_sql("WHERE state = 'draft' AND unit_id IN " KAPOK_UNIT_SET
                                           " ORDER BY started_at, id LIMIT :limit");

ContactId only_id(const std::optional<Values>& row) { return row ? ContactId{row->front().integer} : ContactId{}; }

}  // namespace

template class Table<ContactRow>;

Result<> ContactTable::save(Transaction& tx, const casework::Contact& contact) {
  KAPOK_CHECK(contact.version >= 1);
  ContactRow row;
  row.id = contact.id;
  row.city = tx.city();
  row.version = static_cast<std::int64_t>(contact.version) - 1;
  row.contact = contact;
  row.services = join_names(contact.fields.services);
  if (contact.fields.same_worker) row.same_worker = true;
  if (auto saved = Contacts::save(tx, row); !saved) return saved;
  return NeedTable::replace(tx, contact.id, contact.fields.needs);
}

Result<casework::Contact> ContactTable::get(ReadTransaction& tx, ContactId id) {
  auto row = Contacts::get(tx, id, ErrorCode::kUnknownContact);
  if (!row) return row.error();
  auto needs = NeedTable::of_contact(tx, id);
  if (!needs) return needs.error();
  casework::Contact contact = contact_of(*row);
  contact.fields.needs = std::move(needs).value();
  return contact;
}

Result<ContactId> ContactTable::find_display_number(ReadTransaction& tx, CityId city, std::string_view number) {
  const ContactId id = only_id(tx.connection().first(kByDisplayNumber, {city, number}, {CellKind::kInteger}));
  if (!id.is_set()) return ErrorCode::kUnknownContact;
  return id;
}

ContactId ContactTable::find_call(ReadTransaction& tx, CallId call) {
  return only_id(tx.connection().first(kByCall, {call}, {CellKind::kInteger}));
}

Selection<ContactRow> ContactTable::drafts_of_worker(ReadTransaction& tx, WorkerId worker, std::int64_t limit) {
  return Contacts::select(tx, kDraftsOfWorker, {worker, worker, limit});
}

Instant ContactTable::latest_finalised(ReadTransaction& tx, WorkerId worker) {
  const auto found = tx.connection().first(kLatestFinalised, {worker}, {CellKind::kInteger});
  return found && !found->front().null ? Instant{found->front().integer} : Instant{};
}

std::vector<NumberWrittenUp> ContactTable::numbers_written_up(ReadTransaction& tx, CityId city, Instant from) {
  std::vector<NumberWrittenUp> numbers;
  tx.connection().query(
      kWrittenUp, {city, from},
      {CellKind::kText, CellKind::kInteger, CellKind::kInteger, CellKind::kInteger, CellKind::kText},
      [&](const Values& row) {
        numbers.push_back({row[0].text, Instant{row[1].integer}, row[2].null ? WorkerId{} : WorkerId{row[2].integer},
                           !row[3].null && row[3].integer != 0,
                           from_name<casework::Language>(row[4].text).value_or(casework::Language::kNotRecorded)});
      });
  return numbers;
}

std::map<WorkerId, ContactId> ContactTable::latest_drafts(ReadTransaction& tx, CityId city) {
  std::map<WorkerId, ContactId> latest;
  tx.connection().query(kLatestDrafts, {city}, {CellKind::kInteger, CellKind::kInteger},
                        [&](const Values& cells) { latest[WorkerId{cells[0].integer}] = ContactId{cells[1].integer}; });
  return latest;
}

Selection<ContactRow> ContactTable::drafts_in(ReadTransaction& tx, const UnitSet& units, std::int64_t limit) {
  Values in;
  append_units(in, units);
  in.emplace_back(limit);
  return Contacts::select(tx, kDraftsIn, in);
}

casework::Contact ContactTable::contact_of(const ContactRow& row) {
  casework::Contact contact = row.contact;
  contact.id = row.id;
  contact.version = static_cast<std::uint64_t>(row.version);
  contact.fields.services = split_names<casework::ServiceKind>(row.services);
  contact.fields.same_worker = row.same_worker.value_or(false);
  return contact;
}

}  // namespace kapok::storage
