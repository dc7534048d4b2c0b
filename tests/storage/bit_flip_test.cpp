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

  /// By what a flip was caught, the strongest first.
  struct Tally {
    int mac = 0, chain = 0, sqlite = 0, integrity_check = 0, unchanged = 0;
    int wrong = 0;    ///< values served that nobody wrote
    int missing = 0;  ///< rows gone without a word
  };

  void flip_one(std::string bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    std::filesystem::remove(store() / "kapok.db-wal");
    std::filesystem::remove(store() / "kapok.db-shm");
    std::ofstream(store() / "kapok.db", std::ios::binary | std::ios::trunc) << bytes;
  }

  void count(Tally& tally, const std::map<std::int64_t, std::string>& expected) {
    const auto database = Database::open(store(), kNow);
    std::map<std::int64_t, std::string> rows;
    const Verdict verdict = database ? judge(*database.value(), rows) : Verdict{.unreadable = true};
    for (const auto& [id, row] : rows) tally.wrong += expected.at(id) == row ? 0 : 1;
    if (verdict.damaged) {
      ++tally.mac;
    } else if (verdict.chain_broken) {
      ++tally.chain;
    } else if (verdict.unreadable) {
      ++tally.sqlite;
    } else if (verdict.structure) {
      ++tally.integrity_check;
    } else {
      ++tally.unchanged;
      tally.missing += rows.size() == expected.size() ? 0 : 1;
    }
  }
};

TEST_F(BitFlips, NoneOf600ServesAWrongValue) {
  fill();
  std::ifstream in(store() / "kapok.db", std::ios::binary);
  const std::string sound((std::istreambuf_iterator<char>(in)), {});
  std::map<std::int64_t, std::string> expected;
  {
    const auto database = Database::open(store(), kNow).value();
    EXPECT_FALSE(judge(*database, expected).damaged);
  }
  std::mt19937 random(kSeed);
  Tally tally;
  for (int flip = 0; flip < kFlips; ++flip) {
    const std::size_t bit = std::uniform_int_distribution<std::size_t>(0, sound.size() * 8 - 1)(random);
    flip_one(sound, bit);
    count(tally, expected);
  }
  std::printf(
      "%d bit flips in a store of %zu KiB: MAC or seal %d, audit chain %d, SQLite refused %d, integrity check %d, "
      "changed no row %d; wrong values served %d\n",
      kFlips, sound.size() / 1024, tally.mac, tally.chain, tally.sqlite, tally.integrity_check, tally.unchanged,
      tally.wrong);
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_EQ(tally.missing, 0);
  EXPECT_GT(tally.mac, kFlips / 10);  // the test has teeth
}

}  // namespace
}  // namespace kapok::storage
