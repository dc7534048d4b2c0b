#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "core/id_allocator.h"
#include "storage/audit_chain.h"
#include "storage/call_leg_table.h"
#include "storage/call_table.h"
#include "storage/connection.h"
#include "storage/contact_table.h"
#include "storage/database.h"
#include "storage/line_table.h"
#include "storage/people_table.h"
#include "storage/session_table.h"
#include "storage/shift_table.h"
#include "storage/state_table.h"
#include "storage/store_layout.h"
#include "storage/unit_table.h"
#include "storage/worker_state_table.h"

/// fill_store DATA_DIRECTORY FINISHED_CONTACTS OPEN_CALLS: makes the store of a city that has been at work for two
/// years out of one that `kapokctl init` has just made. Written through the tables, so each row is sealed and has its
/// MAC, but without the writer and without waiting for the disk: tens of thousands of rows a second. The same arguments
/// give the same city; ids and instants count from the moment it runs.
namespace kapok {
namespace {

using namespace storage;

constexpr int kDistricts = 11;
constexpr int kStations = 176;
constexpr int kLines = 236;
constexpr int kWorkers = 7'000;
constexpr int kOnDuty = 1'000;
constexpr int kSessions = 1'500;
constexpr int kCallsToday = 1'500;  ///< besides the finished ones, and without a record
constexpr int kRowsPerTransaction = 5'000;
constexpr auto kHistory = std::chrono::days{720};

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "fill_store: %s\n", result.error().detail.c_str());
  std::exit(1);
}

class Filling {
 public:
  Filling(const std::string& directory, Instant now)
      : now_(now),
        keys_(must(KeyRing::load(key_file_of(directory)))),
        database_(must(Database::open(directory, now))),
        connection_(must(database_->connect_writer())),
        audit_(*connection_) {
    connection_->run_text("PRAGMA synchronous=OFF");
    ReadTransaction look(*connection_, *keys_);
    ids_ = std::make_unique<IdAllocator>(1, read_id_high_water(look, kCity));
    root_ = UnitTable::all(look, kCity).rows.front().id;
  }

  void people_and_places() {
    in_transactions(1, [&](Transaction& tx, int) {
      for (int i = 0; i < kDistricts; ++i)
        districts_.push_back(unit(tx, root_, UnitKind::kDistrict, "D" + std::to_string(i)));
      for (int i = 0; i < kStations; ++i)
        stations_.push_back(
            unit(tx, districts_[std::size_t(i % kDistricts)], UnitKind::kStation, "S" + std::to_string(i)));
      for (int i = 0; i < kLines; ++i) line(tx, i);
    });
    in_transactions(kWorkers, [&](Transaction& tx, int i) { worker(tx, i); });
    in_transactions(kOnDuty, [&](Transaction& tx, int i) { shift(tx, i); });
    in_transactions(kSessions, [&](Transaction& tx, int i) { session(tx, i); });
  }

  void history(int contacts) {
    const Duration step = Duration(kHistory) / std::max(contacts, 1);
    const Instant first = now_ - Duration(kHistory) - hours{24};
    in_transactions(contacts, [&](Transaction& tx, int i) { finished_call(tx, first + step * i, true); });
    const Instant morning = now_ - minutes{90};
    in_transactions(kCallsToday, [&](Transaction& tx, int i) { finished_call(tx, morning + seconds{3} * i, false); });
  }

  void open_calls(int calls) {
    in_transactions(calls, [&](Transaction& tx, int i) { open_call(tx, i); });
  }

  void finish() {
    in_transactions(1, [&](Transaction& tx, int) { raise_id_high_water(tx, ids_->high_water()); });
    connection_->text_of("PRAGMA wal_checkpoint(TRUNCATE)");
  }

 private:
  static constexpr CityId kCity{1};

  struct Person {
    WorkerId id;
    UnitId unit;
    EndpointId desk;
  };

  void in_transactions(int count, const std::function<void(Transaction&, int)>& make) {
    for (int first = 0; first < count; first += kRowsPerTransaction) {
      connection_->run_text("BEGIN IMMEDIATE");
      Transaction tx(*connection_, *keys_, audit_, kCity, now_);
      for (int i = first; i < std::min(count, first + kRowsPerTransaction); ++i) make(tx, i);
      connection_->run_text("COMMIT");
    }
  }

  template <class Row>
  void begin(Row& row) {
    row.id = ids_->next<typename Row::Key>(now_);
    row.city = kCity;
  }

  UnitId unit(Transaction& tx, UnitId parent, UnitKind kind, const std::string& code) {
    UnitRow row;
    begin(row);
    row.parent = parent;
    row.kind = kind;
    row.code = code;
    row.name_zh = "单位" + code;
    row.name_en = "Unit " + code;
    row.valid_from = now_;
    must(UnitTable::save(tx, row));
    return row.id;
  }
  void line(Transaction& tx, int i) {
    LineRow row;
    begin(row);
    row.unit = stations_[std::size_t(i % kStations)];
    row.number = "+86200010" + std::to_string(1000 + i);
    row.name_zh = "热线" + std::to_string(i);
    must(LineTable::save(tx, row));
    lines_.push_back({row.id, row.unit});
  }
  void worker(Transaction& tx, int i) {
    WorkerRow row;
    begin(row);
    row.account = "w-" + std::to_string(i);
    row.name = "社工" + std::to_string(i);
    row.unit = stations_[std::size_t(i % kStations)];
    must(WorkerTable::save(tx, row));
    WorkerRoleRow role;
    begin(role);
    role.worker = row.id;
    role.unit = row.unit;
    must(WorkerRoleTable::save(tx, role));
    EndpointRow desk;
    begin(desk);
    desk.worker = row.id;
    must(EndpointTable::save(tx, desk));
    WorkerStateRow state;
    state.id = row.id;
    state.city = kCity;
    state.since = now_ - hours{1};
    must(WorkerStateTable::save(tx, state));
    workers_.push_back({row.id, row.unit, desk.id});
  }
  void shift(Transaction& tx, int i) {
    const Person& person = workers_[std::size_t(i)];
    casework::Shift shift;
    shift.id = ids_->next<ShiftId>(now_);
    shift.worker = person.id;
    shift.units = {person.unit};
    shift.period = {now_ - hours{2}, now_ + hours{6}};
    shift.state = casework::ShiftState::kOnDuty;
    shift.checked_in_at = now_ - hours{2};
    must(ShiftTable::save(tx, shift));
  }
  void session(Transaction& tx, int i) {
    SessionRow row;
    begin(row);
    row.worker = workers_[std::size_t(i)].id;
    row.token_hash = "digest-of-a-token-" + std::to_string(i);
    row.created_at = now_ - hours{2};
    row.expires_at = now_ + hours{10};
    must(SessionTable::save(tx, row));
  }

  CallRow call_at(Instant arrived) {
    CallRow row;
    begin(row);
    const auto& [line, unit] = lines_[std::size_t(calls_ % kLines)];
    row.episode = row.id;
    row.line = line;
    row.unit = unit;
    row.gateway = GatewayId{1};
    row.gw_ref = "filled-" + std::to_string(calls_);
    row.caller = "138" + std::to_string(10'000'000 + calls_ % 60'000);
    row.arrived_at = row.joined_at = arrived;
    row.arrival_seq = ++calls_;
    return row;
  }
  void answer(Transaction& tx, CallRow& row, const Person& person, Instant ended) {
    row.worker = person.id;
    row.endpoint = person.desk;
    row.answered_at = row.talking_since = row.arrived_at + seconds{8};
    row.waited = seconds{8};
    row.contact = ids_->next<ContactId>(now_);
    must(CallTable::save(tx, row));
    CallLegRow leg;
    begin(leg);
    leg.call = row.id;
    leg.offer = OfferId{leg.id.value};
    leg.worker = person.id;
    leg.endpoint = person.desk;
    leg.offered_at = row.arrived_at + seconds{1};
    leg.ring_until = leg.offered_at + seconds{12};
    leg.offer_end = routing::OfferEnd::kAccepted;
    leg.answered_at = row.answered_at;
    leg.ended_at = ended;
    must(CallLegTable::save(tx, leg));
    contact(tx, row, ended);
  }
  void contact(Transaction& tx, const CallRow& call, Instant ended) {
    casework::Contact contact;
    contact.id = call.contact;
    contact.display_number = "GZ-filled-" + std::to_string(calls_);
    contact.call = call.id;
    contact.unit = call.unit;
    contact.line = call.line;
    contact.caller_number = call.caller;
    contact.started_at = call.arrived_at;
    contact.answered_at = call.answered_at;
    contact.ended_at = ended;
    contact.fields.answered_by = contact.written_by = call.worker;
    if (ended.is_set()) {
      contact.state = casework::ContactState::kFinalised;
      contact.finalised_at = ended;
      contact.fields.type = casework::ContactType::kConsultation;
      contact.fields.summary = "来电询问社区服务，已答复并登记。";
      contact.fields.person_name = "来电人";
      contact.fields.risk = calls_ % 1'000 == 0 ? casework::RiskLevel::kHigh : casework::RiskLevel::kNone;
    }
    must(ContactTable::save(tx, contact));
    tx.audit().append(tx, {.actor = call.worker,
                           .session = {},
                           .action = AuditAction::kRecordOpened,
                           .object = AuditObject::kContact,
                           .object_id = contact.id.value});
  }
  void finished_call(Transaction& tx, Instant arrived, bool recorded) {
    CallRow row = call_at(arrived);
    row.state = CallState::kEnded;
    row.ended_at = arrived + minutes{6};
    row.ended_by = EndedBy::kCaller;
    row.outcome = recorded ? CallOutcome::kAnswered : CallOutcome::kAbandoned;
    if (recorded) return answer(tx, row, workers_[std::size_t(calls_ % kWorkers)], row.ended_at);
    must(CallTable::save(tx, row));
  }
  /// Every third talks, the others wait.
  void open_call(Transaction& tx, int i) {
    CallRow row = call_at(now_ - minutes{3});
    if (i % 3 != 0 || i / 3 >= kOnDuty) {
      must(CallTable::save(tx, row));
      return;
    }
    row.state = CallState::kTalking;
    answer(tx, row, workers_[std::size_t(i / 3)], {});
  }

  Instant now_;
  std::unique_ptr<const KeyRing> keys_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
  AuditChain audit_;
  std::unique_ptr<IdAllocator> ids_;
  UnitId root_;
  std::vector<UnitId> districts_;
  std::vector<UnitId> stations_;
  std::vector<std::pair<LineId, UnitId>> lines_;
  std::vector<Person> workers_;
  std::int64_t calls_ = 0;
};

int number(const char* text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  return error == std::errc{} && *end == '\0' ? value : -1;
}

int fill(int count, char** words) {
  const int contacts = count == 4 ? number(words[2]) : -1;
  const int open = count == 4 ? number(words[3]) : -1;
  if (contacts < 0 || contacts > 5'000'000 || open < 0 || open > 5'000) {
    std::fprintf(stderr, "usage: fill_store DATA_DIRECTORY FINISHED_CONTACTS OPEN_CALLS\n");
    return 2;
  }
  const auto wall = std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  Filling filling(words[1], Instant{wall.count()});
  filling.people_and_places();
  filling.history(contacts);
  filling.open_calls(open);
  filling.finish();
  return 0;
}

}  // namespace
}  // namespace kapok

int main(int count, char** words) { return kapok::fill(count, words); }
