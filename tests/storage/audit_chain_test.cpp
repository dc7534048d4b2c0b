#include "storage/audit_chain.h"

#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class AuditChainTest : public StoreTest {
 protected:
  void append(int rows, std::string_view detail = "原因：复核 13800138000") {
    ASSERT_TRUE(write([=](Transaction& tx) -> Result<> {
                  for (int i = 0; i < rows; ++i) {
                    AuditEvent event;
                    event.actor = WorkerId{7};
                    event.session = SessionId{8};
                    event.action = AuditAction::kRecordOpened;
                    event.object = AuditObject::kContact;
                    event.object_id = 100 + i;
                    event.scope = Scope::kPatch;
                    event.reason = AuditReason::kReview;
                    tx.audit().append(tx, event, i % 2 == 0 ? detail : std::string_view{});
                  }
                  return Done{};
                }).result);
  }
  AuditVerdict verdict() {
    AuditVerdict found;
    read([&](ReadTransaction& tx) { found = verify_audit_chain(tx); });
    return found;
  }
  void expect_bad_at(std::int64_t seq, const std::string& what) {
    const auto found = verdict();
    EXPECT_FALSE(found.sound()) << what;
    EXPECT_EQ(found.first_bad_seq, seq) << what << ": " << found.what;
    EXPECT_FALSE(found.what.empty());
  }
};

TEST_F(AuditChainTest, UntouchedChainIsSoundAcrossRestarts) {
  append(5);
  reopen();
  append(5);
  const auto found = verdict();
  EXPECT_TRUE(found.sound()) << found.what;
  EXPECT_EQ(found.rows, 10);
  EXPECT_EQ(found.details_shredded, 0);
}

TEST_F(AuditChainTest, EmptyChainIsSound) { EXPECT_TRUE(verdict().sound()); }

TEST_F(AuditChainTest, EveryEditedColumnIsFoundAtItsRow) {
  append(6);
  for (const std::string column :
       {"at", "actor_id", "session_id", "action", "object_kind", "object_id", "scope", "reason", "outcome"}) {
    tamper("UPDATE audit SET " + column + " = " + column + " + 1 WHERE seq = 3");
    expect_bad_at(3, column);
    tamper("UPDATE audit SET " + column + " = " + column + " - 1 WHERE seq = 3");
    EXPECT_TRUE(verdict().sound());
  }
  tamper("UPDATE audit SET detail_digest = 'AAAAAAAAAAAAAAAAAAAAAA' WHERE seq = 3");
  expect_bad_at(3, "digest");
}

TEST_F(AuditChainTest, EditWithItsOwnHashMadeAnewShowsAtTheNextRow) {
  append(6);
  tamper("UPDATE audit SET hash = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE seq = 4");
  expect_bad_at(4, "hash");
}

TEST_F(AuditChainTest, RemovedRowIsFound) {
  append(6);
  tamper("DELETE FROM audit WHERE seq = 3");
  expect_bad_at(3, "removed");
}

TEST_F(AuditChainTest, RemovedRowIsFoundWhenTheOthersMoveUp) {
  append(6);
  tamper("DELETE FROM audit_detail");
  tamper("DELETE FROM audit WHERE seq = 3");
  for (int seq = 4; seq <= 6; ++seq)
    tamper("UPDATE audit SET seq = " + std::to_string(seq - 1) + " WHERE seq = " + std::to_string(seq));
  expect_bad_at(3, "removed and renumbered");
}

TEST_F(AuditChainTest, RemovedStartIsFound) {
  append(6);
  tamper("DELETE FROM audit WHERE seq <= 2");
  expect_bad_at(1, "start removed");
}

TEST_F(AuditChainTest, InsertedRowIsFound) {
  append(3);
  tamper(
      "INSERT INTO audit SELECT 4, at, actor_id, session_id, action, object_kind, object_id, scope, reason, outcome, "
      "NULL, "
      "hash FROM audit WHERE seq = 3");
  expect_bad_at(4, "inserted");
}

TEST_F(AuditChainTest, ExchangedRowsAreFound) {
  append(6);
  tamper("DELETE FROM audit_detail");
  tamper("UPDATE audit SET seq = -1 WHERE seq = 2");
  tamper("UPDATE audit SET seq = 2 WHERE seq = 4");
  tamper("UPDATE audit SET seq = 4 WHERE seq = -1");
  expect_bad_at(2, "exchanged");
}

TEST_F(AuditChainTest, ShreddedDetailLeavesTheChainSound) {
  append(6);
  tamper("DELETE FROM audit_detail WHERE seq = 3");
  const auto found = verdict();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.details_shredded, 1);
}

TEST_F(AuditChainTest, DetailOfAnotherRowIsFound) {
  append(6);
  tamper("UPDATE audit_detail SET detail = (SELECT detail FROM audit_detail WHERE seq = 5) WHERE seq = 3");
  expect_bad_at(3, "detail");
}

TEST_F(AuditChainTest, DetailAddedToARowWithoutOneIsFound) {
  append(6);
  tamper("INSERT INTO audit_detail SELECT 2, detail FROM audit_detail WHERE seq = 1");
  expect_bad_at(2, "added detail");
}

TEST_F(AuditChainTest, ChainHoldsNoWordOfTheDetail) {
  append(2);
  read([](ReadTransaction& tx) {
    EXPECT_EQ(
        tx.connection().text_of("SELECT COUNT(*) FROM audit_detail WHERE detail LIKE '%138%' OR detail LIKE '%复核%'"),
        "0");
  });
}

TEST_F(AuditChainTest, RowOfARefusedRequestIsTakenBack) {
  append(1);
  EXPECT_FALSE(write([](Transaction& tx) -> Result<> {
                 tx.audit().append(tx, {}, "gone");
                 return Error{ErrorCode::kForbidden, {}};
               }).result);
  append(1);
  const auto found = verdict();
  EXPECT_TRUE(found.sound()) << found.what;
  EXPECT_EQ(found.rows, 2);
}

TEST_F(AuditChainTest, VerifierGoesBeyondOnePage) {
  append(1'100);
  EXPECT_EQ(verdict().rows, 1'100);
  tamper("UPDATE audit SET object_id = 1 WHERE seq = 1050");
  expect_bad_at(1'050, "second page");
}

}  // namespace
}  // namespace kapok::storage
