#include <fstream>
#include <map>
#include <random>

#include "storage/audit_chain.h"
#include "storage/people_table.h"
#include "storage/reply_table.h"
#include "storage/store_fixture.h"
#include "storage/store_scan.h"
#include "storage/unit_table.h"

/// reliability.md §0.3: `integrity_check` alone calls three flips of four sound; rows under a MAC do not.
namespace kapok::storage {
namespace {

constexpr int kFlips = 600;
constexpr int kWorkers = 300;
constexpr unsigned kSeed = 20261121;

class BitFlips : public StoreTest {
 protected:
  void fill() {
    ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                  for (int i = 1; i <= kWorkers; ++i) {
                    WorkerRow row;
                    row.id = WorkerId{i};
                    row.city = kCity;
                    row.account = "w" + std::to_string(i);
                    row.name = "陈嘉" + std::to_string(i);
                    row.unit = UnitId{1};
                    if (auto saved = WorkerTable::save(tx, row); !saved) return saved;
                    AuditEvent event;
                    event.object_id = i;
                    tx.audit().append(tx, event, i % 4 == 0 ? "reason" : "");
                    if (i % 4 == 0)
                      if (auto kept = ReplyTable::keep(tx, {1, i}, "request", "reply"); !kept) return kept;
                  }
                  return Done{};
                }).result);
    close();
  }

  struct Verdict {
    bool damaged = false;
    bool structure = false;
    bool unreadable = false;
    bool chain_broken = false;
  };

  /// As `kapokctl store scan` and `audit verify` would, and as a desk reads.
  Verdict judge(Database& database, std::map<std::int64_t, std::string>& rows) {
    Verdict verdict;
    try {
      auto connection = database.connect_reader();
      if (!connection) return {.unreadable = true};
      ReadTransaction tx(**connection, *keys_);
      const ScanReport report = scan_store(tx, [](const DamagedRow&) {});
      verdict.damaged = report.damaged > 0;
      verdict.structure = !report.structure.empty();
      verdict.chain_broken = !verify_audit_chain(tx).sound();
      rows = served(tx);
    } catch (const StoreFailure&) {
      verdict.unreadable = true;
    }
    return verdict;
  }

  /// What readers are given, as one text; rows that were refused are left out.
  static std::map<std::int64_t, std::string> served(ReadTransaction& tx) {
    std::map<std::int64_t, std::string> rows;
    for (const WorkerRow& row : WorkerTable::all(tx, kCity).rows)
      rows[row.id.value] =
          row.account + "/" + row.name + "/" + std::to_string(row.unit.value) + "/" + std::to_string(row.version);
    return rows;
  }
};

TEST_F(BitFlips, NoneOf600ServesAWrongValue) {
  fill();
  const auto file = store() / "kapok.db";
  std::ifstream in(file, std::ios::binary);
  const std::string sound((std::istreambuf_iterator<char>(in)), {});
  std::map<std::int64_t, std::string> expected;
  {
    const auto database = Database::open(store(), kNow).value();
    EXPECT_FALSE(judge(*database, expected).damaged);
  }
  std::mt19937 random(kSeed);
  int by_sqlite = 0, by_mac = 0, by_chain = 0, by_integrity_check_only = 0, unchanged = 0, wrong = 0, missing = 0;
  for (int flip = 0; flip < kFlips; ++flip) {
    std::string bytes = sound;
    const std::size_t bit = std::uniform_int_distribution<std::size_t>(0, bytes.size() * 8 - 1)(random);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    std::filesystem::remove(store() / "kapok.db-wal");
    std::filesystem::remove(store() / "kapok.db-shm");
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    const auto database = Database::open(store(), kNow);
    if (!database) {
      ++by_sqlite;
      continue;
    }
    std::map<std::int64_t, std::string> rows;
    const Verdict verdict = judge(*database.value(), rows);
    for (const auto& [id, row] : rows) wrong += expected.at(id) == row ? 0 : 1;
    if (verdict.damaged) {
      ++by_mac;
    } else if (verdict.chain_broken) {
      ++by_chain;
    } else if (verdict.unreadable) {
      ++by_sqlite;
    } else if (verdict.structure) {
      ++by_integrity_check_only;
    } else {
      ++unchanged;
      missing += rows.size() == expected.size() ? 0 : 1;
    }
  }
  std::printf(
      "%d bit flips in a store of %zu KiB: MAC or seal %d, audit chain %d, SQLite refused %d, integrity check %d, "
      "changed no row %d; wrong values served %d\n",
      kFlips, sound.size() / 1024, by_mac, by_chain, by_sqlite, by_integrity_check_only, unchanged, wrong);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(missing, 0);
  EXPECT_GT(by_mac, kFlips / 10);  // the test has teeth
}

}  // namespace
}  // namespace kapok::storage
