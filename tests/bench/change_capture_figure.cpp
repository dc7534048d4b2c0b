#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "storage/audit_chain.h"
#include "storage/call_table.h"
#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/journal_table.h"
#include "storage/working_set.h"

/// What taking a batch down costs when nothing fails: batches of call events (a call's row, a journal row, an audit row
/// each) with and without change record, its row in the store, and the working set that follows. Wall time and the
/// processor time of the thread; both halves of every pair run next to each other.
namespace kapok::storage {
namespace {

constexpr CityId kCity{1};
constexpr Instant kNow{1'790'000'000'000'000};

double processor_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}
double wall_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

struct Cost {
  double wall = 0;
  double processor = 0;
};

struct Bench {
  std::unique_ptr<const KeyRing> keys;
  std::unique_ptr<Database> database;
  std::unique_ptr<Connection> store;
  std::unique_ptr<AuditChain> audit;
  std::unique_ptr<WorkingSet> working_set;
  ChangeRecorder recorder;
  std::int64_t id = 0;
  std::int64_t seq = 0;

  void event(Transaction& tx) {
    CallRow call;
    call.id = CallId{++id};
    call.city = kCity;
    call.line = LineId{1};
    call.unit = UnitId{1};
    call.gateway = GatewayId{1};
    call.gw_ref = std::to_string(id);
    call.caller = "13800001234";
    call.arrived_at = kNow;
    (void)CallTable::save(tx, call);
    JournalRow row;
    row.id = JournalId{id};
    row.city = kCity;
    row.seq = id;
    row.at = kNow;
    row.event = std::string(150, 'e');
    (void)JournalTable::append(tx, row);
    tx.audit().append(tx, {.actor = {},
                           .session = {},
                           .action = AuditAction::kContactWritten,
                           .object = AuditObject::kContact,
                           .object_id = id,
                           .scope = Scope::kOwn});
  }

  Cost batch(int requests, bool captured) {
    const double wall = wall_ms();
    const double processor = processor_ms();
    store->begin_batch();
    recorder.begin();
    store->record_to(captured ? &recorder : nullptr);
    Transaction tx(*store, *keys, *audit, kCity, kNow);
    for (int i = 0; i < requests; ++i) event(tx);
    store->record_to(nullptr);
    std::string record;
    if (captured) {
      record = recorder.encoded(++seq, kCity, kNow);
      ChangeTable::append(tx, seq, kNow, record);
    }
    store->commit_batch();
    if (captured) (void)working_set->follow(decode_change_record(record).value());
    return {wall_ms() - wall, processor_ms() - processor};
  }
};

void run(const std::filesystem::path& place) {
  (void)KeyRing::create_file(place / "keys");
  Bench bench;
  bench.keys = KeyRing::load(place / "keys").value();
  bench.database = Database::create(place / "data", kNow).value();
  bench.store = bench.database->connect_writer().value();
  bench.audit = std::make_unique<AuditChain>(*bench.store);
  bench.working_set = WorkingSet::load(*bench.store);
  for (const int requests : {1, 8, 32, 128}) {
    Cost with;
    Cost without;
    const int rounds = 400 / (requests < 8 ? 1 : 8);
    for (int i = 0; i < rounds; ++i) {
      for (const bool captured : {i % 2 == 0, i % 2 != 0}) {
        const Cost cost = bench.batch(requests, captured);
        (captured ? with : without).wall += cost.wall;
        (captured ? with : without).processor += cost.processor;
      }
    }
    std::printf("commits/s of %d calls each, taken down\t%.0f\tnot taken down %.0f; processor %.3f ms, %.3f ms\n",
                requests, rounds * 1e3 / with.wall, rounds * 1e3 / without.wall, with.processor / rounds,
                without.processor / rounds);
  }
}

}  // namespace
}  // namespace kapok::storage

int main() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kapok-figure-XXXXXX").string();
  const std::filesystem::path place = ::mkdtemp(pattern.data());
  kapok::storage::run(place);
  std::filesystem::remove_all(place);
}
