#include "storage/audit_verify.h"

#include <fstream>

#include "storage/audit_head_writer.h"
#include "storage/audit_scan.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

constexpr int kRows = 12;

/// A store with twelve rows, every other one with a detail, and heads kept elsewhere at row 4, 8 and 12.
class AuditVerifyTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    std::filesystem::create_directory(second_path());
    signer_ = AuditSigner::create_file(audit_key_file_of(key_file())).value();
    for (int i = 0; i < 3; ++i) {
      append(4);
      sign();
    }
  }
  void append(int rows) {
    ASSERT_TRUE(write([rows](Transaction& tx) -> Result<> {
                  for (int i = 0; i < rows; ++i) {
                    AuditEvent event;
                    event.actor = WorkerId{7};
                    event.action = AuditAction::kRecordOpened;
                    event.object = AuditObject::kContact;
                    event.object_id = 100 + i;
                    tx.audit().append(tx, event, i % 2 == 0 ? "查询 13800138000" : "");
                  }
                  return Done{};
                }).result);
  }
  void sign() {
    AuditHeadWriter writer(*database_, *signer_, {.directory = heads(), .city = kCity}, [] { return kNow; }, {});
    ASSERT_TRUE(writer.make());
    writer.stop();
  }
  [[nodiscard]] std::filesystem::path second_path() const { return directory_.path() / "second"; }
  [[nodiscard]] std::filesystem::path heads() const { return audit_heads_directory(second_path()); }

  AuditCheck check() {
    return {.database_file = store() / "kapok.db",
            .keys = keys_.get(),
            .heads = read_audit_heads(heads()).value(),
            .public_keys = {signer_->public_key()},
            .heads_since = {}};
  }
  AuditFindings verify() { return verify_audit(check()).value(); }

  void tamper_all(const std::vector<std::string>& statements) {
    for (const auto& each : statements) tamper(each);
  }

  /// Makes every hash from `first` on anew, as somebody would who has the file and knows how.
  void rewrite_hashes(std::int64_t first) {
    close();
    auto scan = AuditScan::open(store() / "kapok.db").value();
    std::string hash = scan->before(first)->hash;
    std::vector<std::string> updates;
    ASSERT_TRUE(scan->rows(
        first, 1'000'000,
        [&](const ScannedAuditRow& row) {
          hash = audit_hash(hash, row.numbers, row.digest.value_or(""));
          updates.push_back("UPDATE audit SET hash = '" + hash + "' WHERE seq = " + std::to_string(row.seq()));
          return true;
        },
        [](std::int64_t) {}));
    scan.reset();
    tamper_all(updates);
  }

  std::optional<AuditSigner> signer_;
};

struct Tampering {
  const char* name;
  std::vector<std::string> statements;
  std::int64_t hashes_anew_from;  ///< 0 = as they were
  std::int64_t first_bad;
};

void PrintTo(const Tampering& tampering, std::ostream* out) { *out << tampering.name; }

class AuditTampering : public AuditVerifyTest, public testing::WithParamInterface<Tampering> {};

TEST_P(AuditTampering, IsFoundAndItsFirstRowNamed) {
  ASSERT_TRUE(verify().sound());
  tamper_all(GetParam().statements);
  if (GetParam().hashes_anew_from > 0) rewrite_hashes(GetParam().hashes_anew_from);
  const AuditFindings found = verify();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.chain.first_bad_seq, GetParam().first_bad) << found.chain.what;
  EXPECT_EQ(found.chain.rows, GetParam().first_bad - 1);
  EXPECT_FALSE(found.chain.what.empty());
}

INSTANTIATE_TEST_SUITE_P(
    SixOfSix, AuditTampering,
    testing::Values(
        Tampering{"edit", {"UPDATE audit SET actor_id = 9 WHERE seq = 6"}, 0, 6},
        Tampering{"delete", {"DELETE FROM audit_detail WHERE seq = 6", "DELETE FROM audit WHERE seq = 6"}, 0, 6},
        Tampering{
            "insert",
            {"DELETE FROM audit_detail WHERE seq >= 6", "UPDATE audit SET seq = -seq WHERE seq >= 6",
             "UPDATE audit SET seq = 1 - seq WHERE seq < 0",
             "INSERT INTO audit SELECT 6, at, actor_id, session_id, action, object_kind, object_id, scope, reason, "
             "outcome, NULL, hash FROM audit WHERE seq = 5"},
            0,
            6},
        Tampering{"swap",
                  {"DELETE FROM audit_detail", "UPDATE audit SET seq = -1 WHERE seq = 6",
                   "UPDATE audit SET seq = 6 WHERE seq = 9", "UPDATE audit SET seq = 9 WHERE seq = -1"},
                  0,
                  6},
        Tampering{"cut_tail", {"DELETE FROM audit_detail WHERE seq >= 11", "DELETE FROM audit WHERE seq >= 11"}, 0, 11},
        Tampering{"whole_rewrite", {"UPDATE audit SET actor_id = 9"}, 1, 1},
        Tampering{"rewrite_from_the_middle", {"UPDATE audit SET actor_id = 9 WHERE seq >= 6"}, 6, 5},
        Tampering{"cut_and_grown_again",
                  {"DELETE FROM audit_detail WHERE seq = 12", "UPDATE audit SET object_id = 5 WHERE seq = 12"},
                  12,
                  9}),
    [](const auto& each) { return each.param.name; });

TEST_F(AuditVerifyTest, AnUntouchedLogIsSoundAndProtectedToItsLastHead) {
  append(2);
  const AuditFindings found = verify();
  EXPECT_TRUE(found.sound()) << found.chain.what;
  EXPECT_EQ(found.chain.rows, kRows + 2);
  EXPECT_EQ(found.heads_good, 3);
  EXPECT_EQ(found.protected_to, kRows);
  EXPECT_EQ(found.unprotected(), 2);
  EXPECT_TRUE(found.notes.empty());
}

TEST_F(AuditVerifyTest, WithoutHeadsACutTailIsNotSeenAndEveryRowUnprotected) {
  tamper("DELETE FROM audit_detail WHERE seq >= 11");
  tamper("DELETE FROM audit WHERE seq >= 11");
  AuditCheck without = check();
  without.heads.clear();
  const auto found = verify_audit(without).value();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.unprotected(), 10);
}

TEST_F(AuditVerifyTest, WhoeverHasTheSigningKeyStillMeetsTheHeadsKeptElsewhere) {
  tamper("UPDATE audit SET actor_id = 9");
  rewrite_hashes(1);
  const auto own = directory_.path() / "own";
  std::filesystem::create_directory(own);
  AuditHeadWriter forger(*database_, *signer_, {.directory = own, .city = kCity}, [] { return kNow; }, {});
  ASSERT_TRUE(forger.make());
  forger.stop();
  AuditCheck against_forged = check();
  against_forged.heads = read_audit_heads(own).value();
  EXPECT_TRUE(verify_audit(against_forged)->sound());
  EXPECT_EQ(verify().chain.first_bad_seq, 1);
}

TEST_F(AuditVerifyTest, ShreddedDetailsAreCountedAndLeaveTheLogSound) {
  tamper("DELETE FROM audit_detail WHERE seq IN (3, 5)");
  const AuditFindings found = verify();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.chain.details_shredded, 2);
}

TEST_F(AuditVerifyTest, AnExchangedDetailIsFound) {
  tamper("UPDATE audit_detail SET detail = (SELECT detail FROM audit_detail WHERE seq = 7) WHERE seq = 5");
  EXPECT_EQ(verify().chain.first_bad_seq, 5);
}

TEST_F(AuditVerifyTest, AnEditedDetailIsFound) {
  tamper("UPDATE audit_detail SET detail = substr(detail, 1, 50) || 'AAAA' || substr(detail, 55) WHERE seq = 5");
  EXPECT_EQ(verify().chain.first_bad_seq, 5);
}

TEST_F(AuditVerifyTest, ADetailWithoutItsRowIsFound) {
  tamper("INSERT INTO audit_detail SELECT 99, detail FROM audit_detail WHERE seq = 5");
  const AuditFindings found = verify();
  EXPECT_EQ(found.chain.first_bad_seq, 99) << found.chain.what;
}

TEST_F(AuditVerifyTest, ADetailAddedToARowWithoutOneIsFound) {
  tamper("INSERT INTO audit_detail SELECT 6, detail FROM audit_detail WHERE seq = 5");
  EXPECT_EQ(verify().chain.first_bad_seq, 6);
}

TEST_F(AuditVerifyTest, WithoutKeysTheChainIsCheckedAndDetailsAreCounted) {
  AuditCheck without = check();
  without.keys = nullptr;
  const auto found = verify_audit(without).value();
  EXPECT_TRUE(found.sound());
  EXPECT_EQ(found.details_unopened, kRows / 2);
}

TEST_F(AuditVerifyTest, AnEditedHeadIsAFalseOne) {
  AuditCheck edited = check();
  edited.heads[1].head->seq = 7;
  const auto found = verify_audit(edited).value();
  EXPECT_FALSE(found.sound());
  EXPECT_EQ(found.heads_false, 1);
  EXPECT_TRUE(found.chain.sound());
}

TEST_F(AuditVerifyTest, ARemovedHeadAndAnUnreadableLineAreNoted) {
  AuditCheck fewer = check();
  fewer.heads.erase(fewer.heads.begin() + 1);
  fewer.heads.push_back({"heads-2026-09.txt", 9, std::nullopt});
  const auto found = verify_audit(fewer).value();
  EXPECT_TRUE(found.sound());
  ASSERT_EQ(found.notes.size(), 2U);
  EXPECT_NE(found.notes[0].find("missing"), std::string::npos);
  EXPECT_NE(found.notes[1].find("line 9"), std::string::npos);
}

TEST_F(AuditVerifyTest, HeadsOfAKeyThatWasNotNamedProtectNothing) {
  AuditCheck other = check();
  other.public_keys = {AuditSigner::create_file(directory_.path() / "other")->public_key()};
  const auto found = verify_audit(other).value();
  EXPECT_EQ(found.heads_unknown, 3);
  EXPECT_EQ(found.protected_to, 0);
}

TEST_F(AuditVerifyTest, HeadsBeforeAnAcceptedRestoreCanBeLeftAside) {
  tamper("DELETE FROM audit_detail WHERE seq >= 11");
  tamper("DELETE FROM audit WHERE seq >= 11");
  AuditCheck since = check();
  since.heads_since = kNow + hours{1};
  EXPECT_TRUE(verify_audit(since)->sound());
}

TEST_F(AuditVerifyTest, ManyThreadsFindTheSameFirstRow) {
  append(30'000);
  EXPECT_EQ(verify().chain.rows, 30'000 + kRows);
  tamper("UPDATE audit SET object_id = 1 WHERE seq IN (14000, 14500, 29000)");
  EXPECT_EQ(verify().chain.first_bad_seq, 14'000);
  tamper("DELETE FROM audit WHERE seq BETWEEN 9990 AND 20020");
  const AuditFindings found = verify();
  EXPECT_EQ(found.chain.first_bad_seq, 9'990);
  EXPECT_EQ(found.chain.rows, 9'989);
}

}  // namespace
}  // namespace kapok::storage
