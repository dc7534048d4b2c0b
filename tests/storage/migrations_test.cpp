#include "storage/migrations.h"

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

TEST(Migrations, ScriptIsSplitWithoutItsComments) {
  const auto statements = split_script("-- first; not a statement\nA (\n  b -- c; d\n);\n\nE;\n");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0], "A (\n  b \n)");
  EXPECT_EQ(statements[1], "E");
}

TEST(Migrations, StepsCountFromOneWithoutGaps) {
  int expected = 1;
  for (const MigrationStep& step : migration_steps()) EXPECT_EQ(step.version, expected++);
}

TEST(Migrations, EachStepIsNotedOnceWithItsInstant) {
  TempDirectory directory;
  const auto store = directory.path() / "data";
  Database::create(store, kNow).value().reset();
  const auto database = Database::open(store, kNow + hours{1}).value();
  const auto reader = database->connect_reader().value();
  EXPECT_EQ(reader->text_of("SELECT COUNT(*) || '/' || MIN(at) FROM schema_step"),
            std::to_string(migration_steps().size()) + "/" + std::to_string(kNow.us));
  EXPECT_EQ(schema_version(*reader), migration_steps().back().version);
}

TEST(Migrations, EveryRecordTableCarriesCityVersionAndMac) {
  TempDirectory directory;
  const auto database = Database::create(directory.path() / "data", kNow).value();
  const auto reader = database->connect_reader().value();
  EXPECT_EQ(
      reader->text_of("SELECT COUNT(*) FROM sqlite_master m WHERE type = 'table' AND "
                      "EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'mac') AND NOT "
                      "(EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'city_id' AND type = 'BIGINT') "
                      "AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'id' AND pk = 1))"),
      "0");
}

TEST(Migrations, EveryStatementOfTheProgramFitsTheSchema) {
  TempDirectory directory;
  const auto database = Database::create(directory.path() / "data", kNow).value();
  const auto connection = database->connect_writer().value();
  EXPECT_THROW(connection->run_text("EXPLAIN SELECT no_such_column FROM unit"), StoreFailure);  // the check has teeth
  int checked = 0;
  for (const RegisteredSql& sql : registered_sql()) {
    if (sql.stores == SqlFor::kPostgresqlOnly) continue;
    EXPECT_NO_THROW(connection->run_text("EXPLAIN " + sql.text)) << sql.text;
    ++checked;
  }
  EXPECT_GT(checked, 60);  // all table files are linked in
}

}  // namespace
}  // namespace kapok::storage
