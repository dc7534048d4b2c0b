#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "storage/audit_chain.h"
#include "storage/call_leg_table.h"
#include "storage/call_table.h"
#include "storage/contact_correction_table.h"
#include "storage/contact_table.h"
#include "storage/credential_table.h"
#include "storage/follow_up_table.h"
#include "storage/gap_table.h"
#include "storage/journal_table.h"
#include "storage/line_table.h"
#include "storage/migrations.h"
#include "storage/missed_caller_table.h"
#include "storage/need_table.h"
#include "storage/people_table.h"
#include "storage/referral_event_table.h"
#include "storage/referral_table.h"
#include "storage/reply_table.h"
#include "storage/row_codec.h"
#include "storage/search_index.h"
#include "storage/search_tokens.h"
#include "storage/session_table.h"
#include "storage/shift_table.h"
#include "storage/store_fixture.h"
#include "storage/store_scan.h"
#include "storage/unit_table.h"
#include "storage/worker_state_table.h"

namespace kapok::storage {
namespace {

/// Every field filled, so that a store of an old schema has something in every column it knows.
struct Filler {
  template <class T>
  void fill(T& value) {
    if constexpr (detail::IsOptional<T>::value) {
      fill(value.emplace());
    } else if constexpr (detail::IsId<T>::value) {
      value = T{1};
    } else if constexpr (std::is_same_v<T, Instant>) {
      value = kNow;
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = "1";
    } else if constexpr (std::integral<T>) {
      value = 1;
    }
  }
  template <class T>
  void plain(const char*, T& value) {
    fill(value);
  }
  template <class T>
  void sealed(const char*, T& value) {
    fill(value);
  }
  template <class T>
  void blind(const char*, BlindKind, T&) {}
};

/// A store as the program of schema N left it: rows in every record table, with the columns of that time and the MAC
/// that was taken over them.
class OldStore {
 public:
  OldStore(const std::filesystem::path& directory, const KeyRing& keys, int schema)
      : keys_(keys),
        connection_(
            std::make_unique<soci::session>(*soci::factory_sqlite3(), "dbname=" + (directory / "kapok.db").string()),
            Dialect::kSqlite) {
    connection_.text_of("PRAGMA journal_mode = WAL");
    EXPECT_TRUE(apply_migrations(connection_, kNow, schema));
    fill<UnitRow, LineRow, WorkerRow, WorkerRoleRow, EndpointRow, PatchAssignmentRow, CredentialRow, DeviceRow,
         SessionRow, ShiftRow, WorkerStateRow, GapRow, CallRow, CallLegRow, JournalRow, ContactRow,
         ContactCorrectionRow, NeedRow, ReferralRow, ReferralEventRow, FollowUpRow, MissedCallerRow>();
    AuditChain audit(connection_);
    Transaction tx(connection_, keys, audit, kCity, kNow);
    audit.append(tx, {}, "why");
    EXPECT_TRUE(ReplyTable::keep(tx, {1, 1}, "request", "reply"));
    make_fts5_index()->put(tx, {1, kNow, SearchTokens(keys).text("需要米面").value()});
  }

  std::int64_t rows = 0;
  std::set<std::string> filled;

 private:
  template <class... Rows>
  void fill() {
    (insert<Rows>(), ...);
  }

  template <class Row>
  void insert() {
    Row row;
    Filler filler;
    columns(filler, row);
    row.id = typename Row::Key{1};
    row.city = kCity;
    row.version = 1;
    Values cells = encode_row(keys_, row);
    std::vector<Column> names = detail::columns_of<Row>();
    std::string list, places;
    Values kept;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!has_column(Row::kTable, names[i].name)) {
        cells[i] = Cell(names[i].kind);  // a later step brought it: NULL for this row
        continue;
      }
      list += names[i].name + ", ";
      places += ":" + names[i].name + ", ";
    }
    cells.back() = Cell(stored_digest(keys_, KeyPurpose::kRowMac, canonical_bytes(Row::kTable, names, cells)));
    for (std::size_t i = 0; i < names.size(); ++i)
      if (has_column(Row::kTable, names[i].name)) kept.push_back(cells[i]);
    kept.push_back(cells.back());
    connection_.run_again(std::string("INSERT INTO ") + Row::kTable + " (" + list + "mac) VALUES (" + places + ":mac)",
                          kept);
    filled.insert(Row::kTable);
    ++rows;
  }

  bool has_column(const char* table, const std::string& column) {
    return connection_.text_of(std::string("SELECT COUNT(*) FROM pragma_table_info('") + table + "') WHERE name = '" +
                               column + "'") == "1";
  }

  const KeyRing& keys_;
  Connection connection_;
};

class SchemaSteps : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(directory_.path() / "keys"));
    keys_ = KeyRing::load(directory_.path() / "keys").value();
  }
  std::filesystem::path place_for(const std::string& name) {
    const auto place = directory_.path() / name;
    std::filesystem::create_directory(place);
    std::filesystem::permissions(place, std::filesystem::perms{0700});
    return place;
  }
  static int newest() { return migration_steps().back().version; }

  TempDirectory directory_;
  std::unique_ptr<KeyRing> keys_;
};

TEST_F(SchemaSteps, StoreOfEveryEarlierSchemaIsBroughtUpToDateWithAllItsRows) {
  for (int schema = 1; schema < newest(); ++schema) {
    SCOPED_TRACE("from schema " + std::to_string(schema));
    const auto place = place_for("from-" + std::to_string(schema));
    const OldStore old(place, *keys_, schema);
    const auto database = Database::open(place, kNow);
    ASSERT_TRUE(database) << database.error().detail;
    const auto connection = database.value()->connect_reader().value();
    ReadTransaction tx(*connection, *keys_);
    EXPECT_EQ(schema_version(*connection), newest());
    const ScanReport report = scan_store(
        tx, [](const DamagedRow& row) { ADD_FAILURE() << row.table << " " << row.key.id << ": " << row.what; });
    EXPECT_TRUE(report.sound()) << testing::PrintToString(report.structure);
    EXPECT_EQ(report.rows, old.rows + 2);  // and the reply and the audit detail
    EXPECT_TRUE(verify_audit_chain(tx).sound());
    EXPECT_EQ(ReplyTable::find(tx, {1, 1}, "request").value().value(), "reply");
    std::vector<std::string> tokens;
    const SearchQuery query = parse_search("米面").value();
    for (const auto& piece : query.pieces) tokens.push_back(SearchTokens(*keys_).piece(piece));
    EXPECT_EQ(make_fts5_index()->find(tx, {tokens, {}, 10}).size(), 1u);
  }
}

TEST_F(SchemaSteps, EveryRecordTableIsFilledByThisTest) {
  const OldStore store(place_for("all"), *keys_, newest());
  const auto database = Database::open(directory_.path() / "all", kNow).value();
  const auto connection = database->connect_reader().value();
  for (const ScannedTable& table : scanned_tables()) {
    if (connection->text_of(std::string("SELECT COUNT(*) FROM pragma_table_info('") + table.name +
                            "') WHERE name = 'mac'") != "1")
      continue;
    EXPECT_TRUE(store.filled.contains(table.name)) << table.name << ": add its row to OldStore";
  }
}

TEST_F(SchemaSteps, StoreOfANewerSchemaIsRefused) {
  const auto place = place_for("newer");
  {
    const OldStore store(place, *keys_, newest());
  }
  {
    const auto database = Database::open(place, kNow).value();
    database->connect_writer().value()->run_text("INSERT INTO schema_step (version, at) VALUES (" +
                                                 std::to_string(newest() + 1) + ", 1)");
  }
  const auto refused = Database::open(place, kNow);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("start the newer program"), std::string::npos);
}

TEST_F(SchemaSteps, KillInTheMiddleLeavesOneSchemaOrTheOtherNeverBetween) {
  int finished = 0;
  for (int round = 0; round < 20; ++round) {
    const auto place = place_for("killed-" + std::to_string(round));
    {
      const OldStore store(place, *keys_, 1);
    }
    const pid_t child = ::fork();
    if (child == 0) {
      const auto opened = Database::open(place, kNow);
      ::_exit(opened ? 0 : 1);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(round * 700));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    finished += WIFEXITED(status) ? 1 : 0;
    const auto database = Database::open(place, kNow);
    ASSERT_TRUE(database) << database.error().detail;
    const auto connection = database.value()->connect_reader().value();
    ReadTransaction tx(*connection, *keys_);
    EXPECT_EQ(schema_version(*connection), newest());
    EXPECT_TRUE(scan_store(tx, [](const DamagedRow&) {}).sound());
  }
  std::printf("20 migrations killed after 0 to 13 ms, %d had ended before; every store was brought up to date\n",
              finished);
}

}  // namespace
}  // namespace kapok::storage
