#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>

#include "service/import_sheet.h"
#include "service/imports.h"
#include "storage/people_table.h"
#include "storage/unit_table.h"

/// People and gateways: people.csv makes accounts, their roles and endpoints; patches.csv who guides which station.
namespace kapok::service {
namespace {

using storage::EndpointRow;
using storage::WorkerRoleRow;
using storage::WorkerRow;

constexpr std::int64_t kDutyPhoneCallsMax = 100;

struct Person {
  WorkerRow row;
  std::vector<WorkerRoleRow> roles;
  std::vector<EndpointRow> endpoints;
};

std::map<std::string, Person, std::less<>> people_now(const ImportInto& into) {
  std::map<WorkerId, Person> by_id;
  for (auto& row : storage::WorkerTable::all(into.tx, into.city).rows) by_id[row.id].row = std::move(row);
  for (auto& row : storage::WorkerRoleTable::all(into.tx, into.city).rows)
    by_id[row.worker].roles.push_back(std::move(row));
  for (auto& row : storage::EndpointTable::all(into.tx, into.city).rows)
    by_id[row.worker].endpoints.push_back(std::move(row));
  std::map<std::string, Person, std::less<>> by_account;
  for (auto& [id, person] : by_id) by_account.emplace(person.row.account, std::move(person));
  return by_account;
}

bool is_account(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// Reads one file of people against the units that are there.
class PeopleReader {
 public:
  PeopleReader(const ImportInto& into, ImportSheet& sheet) : sheet_(sheet) {
    for (auto& row : storage::UnitTable::all(into.tx, into.city).rows) units_.emplace(row.code, row.id);
  }

  /// Nothing when the row has a problem.
  std::optional<Person> read(const ImportSheet::Row& row) {
    Person person;
    const auto home = unit_of(row, row["unit_code"]);
    person.row.account = row["account"];
    person.row.name = sheet_.name(row, "name_zh");
    if (!is_account(person.row.account)) sheet_.problem(row, "account: a-z, 0-9 and - expected, at most 64");
    if (!seen_.insert(person.row.account).second) sheet_.problem(row, "this account stands twice");
    read_languages(row, person);
    person.row.skills = sheet_.skills(row, "skills");
    if (home) person.row.unit = *home;
    if (home) read_roles(row, *home, person);
    read_endpoints(row, person);
    if (!sheet_.sound()) return std::nullopt;
    return person;
  }

 private:
  std::optional<UnitId> unit_of(const ImportSheet::Row& row, std::string_view code) {
    const auto found = units_.find(code);
    if (found != units_.end()) return found->second;
    sheet_.problem(row, "unit " + std::string(code) + " is not known");
    return std::nullopt;
  }

  void read_languages(const ImportSheet::Row& row, Person& person) {
    static const std::set<std::string_view> kLanguages = {"putonghua", "cantonese", "hakka", "teochew", "english"};
    for (const auto language : list_of(row["languages"])) {
      if (!kLanguages.contains(language)) sheet_.problem(row, "unknown language: " + std::string(language));
      person.row.languages += (person.row.languages.empty() ? "" : ",") + std::string(language);
    }
  }

  void read_roles(const ImportSheet::Row& row, UnitId home, Person& person) {
    for (const auto part : list_of(row["roles"])) {
      const auto at = part.find('@');
      const auto role = from_name<Role>(part.substr(0, at));
      if (!role) {
        sheet_.problem(row, "unknown role: " + std::string(part));
        continue;
      }
      const auto unit = at == std::string_view::npos ? home : unit_of(row, part.substr(at + 1)).value_or(UnitId{});
      WorkerRoleRow grant;
      grant.role = *role;
      grant.unit = unit;
      person.roles.push_back(std::move(grant));
    }
  }

  void read_endpoints(const ImportSheet::Row& row, Person& person) {
    for (const auto part : list_of(row["endpoints"])) {
      const auto colon = part.find(':');
      const auto kind = from_name<EndpointKind>(part.substr(0, colon));
      if (!kind) {
        sheet_.problem(row, "unknown endpoint: " + std::string(part));
        continue;
      }
      EndpointRow endpoint;
      endpoint.kind = *kind;
      auto number = colon == std::string_view::npos ? std::string_view{} : part.substr(colon + 1);
      if (*kind == EndpointKind::kDutyPhone) endpoint.capacity = read_capacity(row, number);
      endpoint.number = number;
      if ((*kind == EndpointKind::kDesk) != number.empty())
        sheet_.problem(row, "endpoint " + std::string(part) + ": a phone has a number, a desk has none");
      person.endpoints.push_back(std::move(endpoint));
    }
  }

  /// Cuts `*4` off a duty phone's number.
  std::int64_t read_capacity(const ImportSheet::Row& row, std::string_view& number) {
    const auto star = number.find('*');
    if (star == std::string_view::npos) return 1;
    const auto text = number.substr(star + 1);
    std::int64_t capacity = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), capacity);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || capacity < 1 ||
        capacity > kDutyPhoneCallsMax)
      sheet_.problem(row, "endpoint: a duty phone takes 1 to 100 calls at once");
    number = number.substr(0, star);
    return capacity;
  }

  ImportSheet& sheet_;
  std::map<std::string, UnitId, std::less<>> units_;
  std::set<std::string> seen_;
};

/// Writes a person as the file has him: roles that are not named end, endpoints that are not named fall silent.
class PersonWriter {
 public:
  PersonWriter(const ImportInto& into, Person now, Person wanted, bool names_skills)
      : into_(into), now_(std::move(now)), wanted_(std::move(wanted)), names_skills_(names_skills) {}

  Result<> write() {
    WorkerRow row = wanted_.row;
    row.id = now_.row.id.is_set() ? now_.row.id : into_.ids.take<WorkerId>();
    row.city = into_.city;
    row.version = now_.row.version;
    if (!names_skills_) row.skills = now_.row.skills;
    worker_ = row.id;
    if (const auto saved = storage::WorkerTable::save(into_.tx, row); !saved) return saved;
    if (const auto saved = write_roles(); !saved) return saved;
    return write_endpoints();
  }

 private:
  Result<> write_roles() {
    const auto is = [](const WorkerRoleRow& a) {
      return [&a](const WorkerRoleRow& b) { return a.role == b.role && a.unit == b.unit; };
    };
    for (const auto& old : now_.roles) {
      if (std::ranges::any_of(wanted_.roles, is(old))) continue;
      if (const auto gone = storage::WorkerRoleTable::erase(into_.tx, old); !gone) return gone;
    }
    for (auto& role : wanted_.roles) {
      if (std::ranges::any_of(now_.roles, is(role))) continue;
      role.id = into_.ids.take<storage::WorkerRoleId>();
      role.city = into_.city;
      role.worker = worker_;
      if (const auto saved = storage::WorkerRoleTable::save(into_.tx, role); !saved) return saved;
    }
    return Done{};
  }

  Result<> write_endpoints() {
    for (auto& old : now_.endpoints) {
      const auto same = std::ranges::find_if(
          wanted_.endpoints, [&](const EndpointRow& e) { return e.kind == old.kind && e.number == old.number; });
      const bool named = same != wanted_.endpoints.end();
      const std::int64_t capacity = named ? same->capacity : old.capacity;
      if (named) wanted_.endpoints.erase(same);
      if (old.active == named && old.capacity == capacity) continue;
      old.active = named;
      old.capacity = capacity;
      if (const auto saved = storage::EndpointTable::save(into_.tx, old); !saved) return saved;
    }
    for (auto& endpoint : wanted_.endpoints) {
      endpoint.id = into_.ids.take<EndpointId>();
      endpoint.city = into_.city;
      endpoint.worker = worker_;
      if (const auto saved = storage::EndpointTable::save(into_.tx, endpoint); !saved) return saved;
    }
    return Done{};
  }

  const ImportInto& into_;
  Person now_;
  Person wanted_;
  bool names_skills_;  ///< the file has their column
  WorkerId worker_;
};

}  // namespace

Result<api::ImportReport> import_people(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table),
                    {"account", "name_zh", "unit_code", "roles", "languages", "endpoints", "invented"}, {"skills"});
  auto people = people_now(into);
  PeopleReader reader(into, sheet);
  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    auto wanted = reader.read(row);
    if (!stored || !wanted) return;
    const auto now = people.find(wanted->row.account);
    now == people.end() ? sheet.added() : sheet.changed();
    PersonWriter writer(into, now == people.end() ? Person{} : std::move(now->second), std::move(*wanted),
                        sheet.has("skills"));
    stored = writer.write();
  });
  if (!stored) return stored.error();
  return sheet.report();
}

Result<api::ImportReport> import_patches(const ImportInto& into, CsvTable table) {
  ImportSheet sheet(std::move(table), {"supervisor_account", "station_code", "invented"});
  std::map<std::string, WorkerId, std::less<>> workers;
  for (const auto& row : storage::WorkerTable::all(into.tx, into.city).rows) workers.emplace(row.account, row.id);
  std::map<std::string, UnitId, std::less<>> stations;
  for (const auto& row : storage::UnitTable::all(into.tx, into.city).rows)
    if (row.kind == UnitKind::kStation) stations.emplace(row.code, row.id);
  std::set<std::pair<WorkerId, UnitId>> now;
  for (const auto& row : storage::PatchAssignmentTable::all(into.tx, into.city).rows) now.emplace(row.worker, row.unit);

  Result<> stored = Done{};
  sheet.each([&](const ImportSheet::Row& row) {
    const auto worker = workers.find(row["supervisor_account"]);
    const auto station = stations.find(row["station_code"]);
    if (worker == workers.end()) return sheet.problem(row, "supervisor_account is not known");
    if (station == stations.end()) return sheet.problem(row, "station_code is no station we know");
    if (!stored || !now.emplace(worker->second, station->second).second) return;
    storage::PatchAssignmentRow assignment;
    assignment.id = into.ids.take<storage::PatchAssignmentId>();
    assignment.city = into.city;
    assignment.worker = worker->second;
    assignment.unit = station->second;
    sheet.added();
    stored = storage::PatchAssignmentTable::save(into.tx, assignment);
  });
  if (!stored) return stored.error();
  return sheet.report();
}

}  // namespace kapok::service
