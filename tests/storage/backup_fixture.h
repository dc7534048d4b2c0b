#pragma once

#include <fstream>

#include "storage/audit_chain.h"
#include "storage/backup_work.h"
#include "storage/contact_table.h"
#include "storage/durable_file.h"
#include "storage/store_fixture.h"

namespace kapok::storage {

/// A store whose backup goes to a directory beside it; time stands still unless a test moves it.
class BackupTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_TRUE(make_backup_keys(safe()));
    key_ = load_backup_private_key(safe()).value();
    ASSERT_TRUE(std::filesystem::create_directory(second_path()));
    begin_work();
  }
  void TearDown() override {
    work_.reset();
    StoreTest::TearDown();
  }

  [[nodiscard]] std::filesystem::path safe() const { return directory_.path() / "safe"; }
  [[nodiscard]] std::filesystem::path second_path() const { return directory_.path() / "second"; }
  [[nodiscard]] std::filesystem::path shelf() const { return second_path() / "backup"; }
  [[nodiscard]] std::filesystem::path restored() const { return directory_.path() / "restored"; }

  /// As after a start of the server.
  void begin_work() {
    BackupSettings settings;
    settings.directory = shelf();
    settings.key = key_.public_key;
    settings.city = kCity;
    work_ = std::make_unique<BackupWork>(settings, BackupPorts{.database = *database_,
                                                               .keys = *keys_,
                                                               .writer = *writer_,
                                                               .product_now = [this] { return now_; },
                                                               .wall_now = [this] { return now_; }});
  }

  BaseMade base() {
    return work_->make_base([] { return true; }).value();
  }
  void ship() { ASSERT_TRUE(work_->ship()); }
  void pass(Duration time) { now_ = now_ + time; }

  /// One contact, written and read as the services do; each batch carries its own time.
  void contact(std::int64_t id, const std::string& name = "陈嘉") {
    pass(seconds{1});
    casework::Contact row;
    row.id = ContactId{id};
    row.display_number = "GZ-" + std::to_string(id);
    row.unit = UnitId{2};
    row.started_at = now_;
    row.fields.person_name = name;
    row.fields.person_number = "+8613800138000";
    row.fields.summary = "独居老人需要米面";
    ASSERT_TRUE(write(
                    [&](Transaction& tx) -> Result<> {
                      tx.audit().append(tx,
                                        {.actor = WorkerId{7},
                                         .session = SessionId{8},
                                         .action = AuditAction::kRecordOpened,
                                         .object = AuditObject::kContact,
                                         .object_id = id,
                                         .reason = AuditReason::kReview},
                                        "复核");
                      return ContactTable::save(tx, row);
                    },
                    now_)
                    .result);
  }

  [[nodiscard]] std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(shelf())) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }

  /// Every row of every table that a backup must bring back, as text.
  static std::string dump(const std::filesystem::path& directory) {
    auto connection = Database::connect_copy(Database::store_file_of(directory)).value();
    std::string all;
    const std::string tables = connection->text_of(
        "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'table' AND name <> 'change' AND name NOT LIKE "
        "'search_text%' AND name NOT LIKE 'sqlite%'");
    std::istringstream names(tables);
    for (std::string table; names >> table;) {
      const std::string cells = connection->text_of(
          "SELECT group_concat('quote(' || name || ')', '||') FROM pragma_table_info('" + table + "')");
      const std::string without = table == "state_value" ? " WHERE key NOT LIKE 'backup%'" : "";
      all += table + "\n" +
             connection->text_of("SELECT group_concat(line, char(10)) FROM (SELECT " + cells + " AS line FROM " +
                                 table + without + " ORDER BY line)");
    }
    return all;
  }

  std::unique_ptr<BackupWork> work_;
  BackupPrivateKey key_;
  Instant now_ = kNow;
};

}  // namespace kapok::storage
