#include <stdlib.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <string>

#include "storage/audit_chain.h"
#include "storage/audit_row.h"
#include "storage/audit_verify.h"
#include "storage/database.h"
#include "storage/writer.h"

/// How many rows of the audit log are checked in a second, beside the bare hashing of as many rows by one thread.
namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

constexpr int kRows = 1'500'000;
constexpr int kRowsPerRequest = 10'000;
constexpr int kDetailEvery = 20;
constexpr Instant kNow{1'790'000'000'000'000};

double seconds_on(clockid_t clock) {
  timespec at{};
  ::clock_gettime(clock, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

struct Took {
  double real_s = 0;
  double cpu_s = 0;
};

template <class Work>
Took time_of(const Work& work) {
  const double real = seconds_on(CLOCK_MONOTONIC), cpu = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
  work();
  return {seconds_on(CLOCK_MONOTONIC) - real, seconds_on(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

Result<> append_some(Transaction& tx, int first, bool with_details) {
  for (int i = first; i < first + kRowsPerRequest; ++i) {
    AuditEvent event;
    event.actor = WorkerId{1'000 + i % 7'000};
    event.session = SessionId{5'000'000 + i};
    event.action = AuditAction::kRecordOpened;
    event.object = AuditObject::kContact;
    event.object_id = 9'000'000'000'000 + i;
    tx.audit().append(tx, event, with_details && i % kDetailEvery == 0 ? "text=米面 unit=4401 shown=1 2 3" : "");
  }
  return Done{};
}

bool fill(Writer& writer, bool with_details) {
  for (int first = 0; first < kRows; first += kRowsPerRequest) {
    std::promise<bool> done;
    const auto taken =
        writer.submit({.cls = WriteClass::kCaseWork,
                       .city = CityId{1},
                       .at = kNow,
                       .apply = [first, with_details](Transaction& tx) { return append_some(tx, first, with_details); },
                       .done = [&done](const WriteOutcome& outcome) { done.set_value(outcome.result.ok()); }});
    if (!taken || !done.get_future().get()) return false;
  }
  return true;
}

void print(const std::string& what, const Took& took, const std::string& beside) {
  std::printf("%s\t%.2f M rows/s\t%s; %.2f M rows per CPU second\n", what.c_str(), kRows / took.real_s / 1e6,
              beside.c_str(), kRows / took.cpu_s / 1e6);
}

bool take(const fs::path& directory, const std::string& what, bool with_details) {
  if (auto made = KeyRing::create_file(directory / "keys"); !made) return false;
  const auto keys = KeyRing::load(directory / "keys").value();
  auto database = Database::create(directory / "data", kNow);
  if (!database) return false;
  auto writer = Writer::start(**database, *keys);
  if (!writer || !fill(**writer, with_details)) return false;
  (*writer)->stop();
  const AuditCheck check{.database_file = directory / "data" / "kapok.db",
                         .keys = keys.get(),
                         .heads = {},
                         .public_keys = {},
                         .heads_since = {}};
  bool sound = false;
  const auto run = [&] {
    const auto found = verify_audit(check);
    sound = found && found->sound() && found->chain.rows == kRows;
  };
  run();  // the file is in the page cache afterwards
  const Took took = time_of(run);
  print(what, took, "2 threads, " + std::to_string(kRows) + " rows");
  return sound;
}

void bare_hashing() {
  std::string hash;
  const Took took = time_of([&] {
    AuditNumbers numbers{};
    for (int i = 0; i < kRows; ++i) {
      numbers[0] = i;
      hash = audit_hash(hash, numbers, "");
    }
  });
  print("audit: bare hashing", took, "1 thread, no file");
}

int figures() {
  std::string pattern = (fs::temp_directory_path() / "kapok-audit-figure-XXXXXX").string();
  const fs::path directory = ::mkdtemp(pattern.data());
  fs::create_directories(directory / "bare");
  fs::create_directories(directory / "detailed");
  bare_hashing();
  const bool sound = take(directory / "bare", "audit verify", false) &&
                     take(directory / "detailed", "audit verify, a detail in each 20th row", true);
  fs::remove_all(directory);
  return sound ? 0 : 1;
}

}  // namespace
}  // namespace kapok::storage

int main() { return kapok::storage::figures(); }
