#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>

#include "storage/audit_chain.h"
#include "storage/migrations.h"
#include "storage/postgres_cluster.h"
#include "storage/reply_table.h"
#include "storage/state_table.h"
#include "storage/store_fixture.h"
#include "storage/unit_table.h"

namespace kapok::storage {
namespace {

/// The schema and every statement of the program before a real PostgreSQL (decision 23). One server for all cases.
class Postgres : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<PostgresCluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(directory_.path() / "keys"));
    keys_ = KeyRing::load(directory_.path() / "keys").value();
    connection_ = std::make_unique<Connection>(session(), Dialect::kPostgresql);
    connection_->run_text("SET client_min_messages = warning");
    connection_->run_text("DROP SCHEMA public CASCADE");
    connection_->run_text("CREATE SCHEMA public");
    const auto applied = apply_migrations(*connection_, kNow);
    ASSERT_TRUE(applied) << applied.error().detail;
  }

  static std::unique_ptr<soci::session> session() {
    return std::make_unique<soci::session>(*soci::factory_postgresql(), cluster_->connect_string());
  }

  /// Whether the server can plan a statement; its complaint when not.
  static std::string complaint_about(soci::session& session, const std::string& text) {
    try {
      soci::statement statement(session);
      statement.alloc();
      statement.prepare(text);
      return {};
    } catch (const soci::soci_error& error) {
      return error.get_error_message();
    }
  }

  static std::unique_ptr<PostgresCluster> cluster_;
  TempDirectory directory_;
  std::unique_ptr<const KeyRing> keys_;
  std::unique_ptr<Connection> connection_;
};

std::unique_ptr<PostgresCluster> Postgres::cluster_;

TEST_F(Postgres, SchemaIsAppliedOnce) {
  EXPECT_EQ(schema_version(*connection_), migration_steps().back().version);
  EXPECT_TRUE(apply_migrations(*connection_, kNow));
  EXPECT_EQ(connection_->text_of("SELECT COUNT(*) FROM schema_step"), std::to_string(migration_steps().size()));
}

TEST_F(Postgres, EveryStatementOfTheProgramIsUnderstood) {
  const auto direct = session();
  ASSERT_NE(complaint_about(*direct, "SELECT no_such_column FROM unit WHERE id = :id"), "");  // the check has teeth
  int checked = 0;
  for (const RegisteredSql& sql : registered_sql()) {
    if (sql.stores == SqlFor::kSqliteOnly) continue;
    EXPECT_EQ(complaint_about(*direct, sql.text), "") << sql.text;
    ++checked;
  }
  EXPECT_GT(checked, 60);  // all table files are linked in, not only those this test names
}

TEST(RegisteredSql, OnlySearchAndTheCheckOfTheFileAreNotPortable) {
  for (const RegisteredSql& sql : registered_sql()) {
    if (sql.stores != SqlFor::kSqliteOnly) continue;
    const bool excepted =
        std::ranges::any_of(std::array{"search_text", "sqlite_master", "pragma_integrity_check"},
                            [&](const char* of_sqlite) { return sql.text.find(of_sqlite) != std::string::npos; });
    EXPECT_TRUE(excepted) << sql.text;
  }
}

TEST_F(Postgres, RowsAreWrittenComparedAndReadAsOnSqlite) {
  AuditChain audit(*connection_);
  Transaction tx(*connection_, *keys_, audit, kCity, kNow);
  UnitRow row;
  row.id = UnitId{1LL << 60};
  row.city = kCity;
  row.code = "440106001";
  row.name_zh = "石牌街社工站";
  ASSERT_TRUE(UnitTable::save(tx, row));
  UnitRow stale = row;
  row.valid_from = kNow;
  ASSERT_TRUE(UnitTable::save(tx, row));
  EXPECT_EQ(UnitTable::save(tx, stale).error().code, ErrorCode::kVersionConflict);
  const auto found = UnitTable::get(tx, row.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, 2);
  EXPECT_EQ(found->valid_from, kNow);
  EXPECT_FALSE(found->parent.is_set());
  EXPECT_EQ(UnitTable::all(tx, kCity).rows.size(), 1u);
  connection_->run_text("UPDATE unit SET name_zh = 'x'");
  EXPECT_EQ(UnitTable::get(tx, row.id).error().code, ErrorCode::kRowDamaged);
}

TEST_F(Postgres, ChainRepliesAndCountersWorkAsOnSqlite) {
  AuditChain audit(*connection_);
  Transaction tx(*connection_, *keys_, audit, kCity, kNow);
  audit.append(tx, {}, "原因");
  audit.append(tx, {});
  EXPECT_EQ(verify_audit_chain(tx).rows, 2);
  EXPECT_TRUE(verify_audit_chain(tx).sound());
  connection_->run_text("UPDATE audit SET object_id = 5 WHERE seq = 2");
  EXPECT_EQ(verify_audit_chain(tx).first_bad_seq, 2);

  EXPECT_TRUE(ReplyTable::keep(tx, {1, 1}, "q", "r"));
  EXPECT_EQ(ReplyTable::find(tx, {1, 1}, "q").value(), "r");
  EXPECT_EQ(ReplyTable::keep(tx, {1, 1}, "q", "r").error().code, ErrorCode::kKeyReused);

  EXPECT_EQ(next_number_of_day(tx, 261121), 1);
  EXPECT_EQ(next_number_of_day(tx, 261121), 2);
  raise_id_high_water(tx, 9);
  raise_id_high_water(tx, 5);
  EXPECT_EQ(read_id_high_water(tx, kCity), 9);
  write_state_value(tx, "a", "1");
  write_state_value(tx, "a", "2");
  EXPECT_EQ(read_state_value(tx, "a"), "2");
}

}  // namespace
}  // namespace kapok::storage
