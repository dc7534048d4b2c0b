#include "storage/working_set.h"

#include <chrono>

#include "casework/contact.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"
#include "storage/state_table.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class WorkingSetTest : public StoreTest {
 protected:
  void load() {
    const auto connection = database_->connect_reader().value();
    set_ = WorkingSet::load(*connection);
  }
  std::string count(const std::string& of) { return set_->connection().text_of("SELECT COUNT(*) FROM " + of); }

  /// Many rows behind the program's back; their MACs are nobody's concern here.
  void fill(int contacts, int drafts, int open_calls) {
    const auto n = [](int value) { return std::to_string(value); };
    close();
    database_ = Database::open(store(), kNow).value();
    const auto connection = database_->connect_writer().value();
    connection->run_text("BEGIN");
    const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ";
    connection->run_text(
        "INSERT INTO contact (id, display_number, unit_id, channel, caller_number, started_at, state, type, relation, "
        "person_name, person_number, address, language, summary, risk, worried, services, consent, review_note, "
        "city_id, version, mac) " +
        numbers + n(contacts) +
        ") SELECT i, 'GZ-' || i, i % 176, 'phone', hex(randomblob(40)), 1000000 + i, CASE WHEN i <= " + n(drafts) +
        " THEN 'draft' ELSE 'finalised' END, 't', 'r', hex(randomblob(40)), hex(randomblob(40)), hex(randomblob(60)), "
        "'zh', hex(randomblob(120)), 'none', 0, '', 'c', '', 1, 1, hex(randomblob(16)) FROM n");
    connection->run_text(
        "INSERT INTO call (id, line_id, unit_id, channel, gw_ref, caller_number, test, base_class, facts, attempts, "
        "state, arrived_at, arrival_seq, ended_at, outcome, ended_by, waited_us, city_id, version, mac) " +
        numbers + n(contacts) +
        ") SELECT i, 1, 1, 'phone', 'g' || i, hex(randomblob(40)), 0, 'normal', 0, 0, CASE WHEN i <= " + n(open_calls) +
        " THEN 'waiting' ELSE 'ended' END, i, i, CASE WHEN i <= " + n(open_calls) +
        " THEN NULL ELSE 60000000 * i END, 'answered', 'caller', 0, 1, 1, hex(randomblob(16)) FROM n");
    connection->run_text("INSERT INTO id_high_water (city_id, last_id) VALUES (1, 999999) ON CONFLICT DO NOTHING");
    connection->run_text("COMMIT");
  }

  std::unique_ptr<WorkingSet> set_;
};

TEST_F(WorkingSetTest, HoldsDraftsOpenCallsAndRecentOnesOnly) {
  fill(1'000, 7, 5);
  load();
  EXPECT_EQ(count("contact"), "7");
  EXPECT_EQ(count("call WHERE state <> 'ended'"), "5");
  EXPECT_EQ(count("call WHERE state = 'ended'"), "120");  // one a minute, two hours of them
}

TEST_F(WorkingSetTest, CityIsLoadedWellBelowATenthOfASecond) {
  fill(200'000, 800, 500);
  load();
  const auto from = std::chrono::steady_clock::now();
  load();
  const auto took = std::chrono::steady_clock::now() - from;
  std::printf("working set of 200,000 contacts, 800 drafts, 500 open calls: %.1f ms\n",
              std::chrono::duration<double, std::milli>(took).count());
  EXPECT_EQ(count("contact"), "800");
  EXPECT_LT(took, std::chrono::seconds(1));  // a table scan would show; the figure itself is printed
}

TEST_F(WorkingSetTest, FollowsABatchAndLetsGoOfWhatIsFinished) {
  load();
  casework::Contact contact;
  contact.id = ContactId{5};
  contact.display_number = "GZ-261121-0001";
  contact.unit = UnitId{3};
  contact.started_at = kNow;
  const auto follow = [&] {
    ChangeRecorder recorder;
    recorder.begin();
    const auto connection = database_->connect_writer();
    AuditChain audit(**connection);
    Transaction tx(**connection, *keys_, audit, kCity, kNow);
    (*connection)->record_to(&recorder);
    EXPECT_TRUE(ContactTable::save(tx, contact));
    write_state_value(tx, "key", "value");
    return set_->follow(decode_change_record(recorder.encoded(1, kCity, kNow)).value());
  };
  writer_->stop();
  writer_.reset();
  EXPECT_TRUE(follow());
  EXPECT_EQ(count("contact"), "1");
  EXPECT_EQ(count("state_value WHERE key = 'key'"), "1");
  ++contact.version;
  contact.state = casework::ContactState::kFinalised;
  EXPECT_TRUE(follow());
  set_->tidy();
  EXPECT_EQ(count("contact"), "0");
}

}  // namespace
}  // namespace kapok::storage
