#include "storage/audit_head.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>

#include "storage/audit_chain.h"
#include "storage/audit_head_files.h"
#include "storage/audit_head_writer.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class AuditHeadTest : public StoreTest {
 protected:
  [[nodiscard]] std::filesystem::path second_path() const { return directory_.path() / "second"; }
  [[nodiscard]] std::filesystem::path heads() const { return audit_heads_directory(second_path()); }

  void SetUp() override {
    StoreTest::SetUp();
    std::filesystem::create_directory(second_path());
  }
  void append_rows(int rows) {
    ASSERT_TRUE(write([rows](Transaction& tx) -> Result<> {
                  for (int i = 0; i < rows; ++i) tx.audit().append(tx, {});
                  return Done{};
                }).result);
  }
  AuditSigner new_signer() { return AuditSigner::create_file(audit_key_file_of(key_file())).value(); }
  std::unique_ptr<AuditHeadWriter> head_writer(const AuditSigner& signer, AuditHeadWriter::Tell tell = {}) {
    AuditHeadWriter::Settings settings;
    settings.directory = heads();
    settings.city = kCity;
    settings.again = std::chrono::milliseconds(1);
    return std::make_unique<AuditHeadWriter>(*database_, signer, settings, [] { return kNow; }, std::move(tell));
  }
  std::vector<FoundHead> kept() { return read_audit_heads(heads()).value(); }
};

AuditHead sample() { return {CityId{3}, 1, 4711, "abc", Instant{1'790'000'000'000'000}, {}, "-", {}}; }

TEST_F(AuditHeadTest, ASignedHeadIsOneLineThatReadsBackAsItWas) {
  const AuditSigner signer = new_signer();
  const AuditHead head = signer.sign(sample());
  const std::string line = to_line(head);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(line.starts_with("kapok-head 1 city=3 from=1 seq=4711 at=2026-09-21T14:13:20+00:00 hash=abc key="));
  EXPECT_EQ(read_audit_head(line), head);
  EXPECT_TRUE(signer.public_key().signed_it(head));
}

TEST_F(AuditHeadTest, NoWordOfAHeadCanBeChangedUnderItsSignature) {
  const AuditSigner signer = new_signer();
  const AuditHead head = signer.sign(sample());
  std::vector<AuditHead> changed(6, head);
  changed[0].city = CityId{4};
  changed[1].segment_start = 2;
  changed[2].seq = 4712;
  changed[3].hash = "abd";
  changed[4].at = changed[4].at + seconds{1};
  changed[5].previous = "x";
  for (const AuditHead& each : changed) EXPECT_FALSE(signer.public_key().signed_it(each)) << to_line(each);
}

TEST_F(AuditHeadTest, AnotherKeyDidNotSignIt) {
  const AuditHead head = new_signer().sign(sample());
  const auto other = AuditSigner::create_file(directory_.path() / "other").value();
  EXPECT_FALSE(other.public_key().signed_it(head));
  EXPECT_NE(other.public_key().id(), head.key_id);
}

TEST_F(AuditHeadTest, OtherTextIsNoHead) {
  const std::string line = to_line(new_signer().sign(sample()));
  for (const std::string& text : {std::string(), std::string("kapok-head 1"), line + " ", line.substr(0, 90),
                                  "kapok-head 2" + line.substr(12), line + " x=y"})
    EXPECT_FALSE(read_audit_head(text)) << text;
}

TEST_F(AuditHeadTest, TheSigningKeyIsReadByItsOwnerAloneAndNeverOverwritten) {
  const AuditSigner made = new_signer();
  const auto file = audit_key_file_of(key_file());
  struct stat facts{};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0400U);
  EXPECT_EQ(AuditSigner::load(file)->public_key().text, made.public_key().text);
  EXPECT_FALSE(AuditSigner::create_file(file));
  ASSERT_EQ(::chmod(file.c_str(), 0440), 0);
  EXPECT_NE(AuditSigner::load(file).error().detail.find("chmod 400"), std::string::npos);
}

TEST_F(AuditHeadTest, APublicKeyTypedWronglyIsRefused) {
  EXPECT_TRUE(read_audit_public_key(new_signer().public_key().text));
  EXPECT_FALSE(read_audit_public_key("too short"));
}

TEST_F(AuditHeadTest, AHeadIsKeptAtTheStartWhenAskedForAndAtTheEnd) {
  append_rows(3);
  const AuditSigner signer = new_signer();
  auto writer = head_writer(signer);
  EXPECT_EQ(writer->make()->seq, 3);  // the start's own, or this one
  append_rows(2);
  EXPECT_EQ(writer->make()->seq, 5);
  append_rows(1);
  writer->stop();
  const auto lines = kept();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2].head->seq, 6);
  EXPECT_EQ(lines[0].head->previous, "-");
  EXPECT_EQ(lines[1].head->previous, digest_of(*lines[0].head));
  for (const auto& each : lines) EXPECT_TRUE(signer.public_key().signed_it(*each.head));
}

TEST_F(AuditHeadTest, NoRowMeansNoFurtherHead) {
  append_rows(3);
  auto writer = head_writer(new_signer());
  EXPECT_EQ(to_line(*writer->make()), to_line(*writer->make()));
  writer->stop();
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(AuditHeadTest, ALaterWriterGoesOnWhereTheLastHeadStands) {
  append_rows(1);
  const AuditSigner signer = new_signer();
  head_writer(signer)->stop();
  append_rows(1);
  head_writer(signer)->stop();
  const auto lines = kept();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].head->previous, digest_of(*lines[0].head));
}

TEST_F(AuditHeadTest, ATornLineIsLeftAndTheNextHeadStandsOnItsOwn) {
  append_rows(1);
  const AuditSigner signer = new_signer();
  head_writer(signer)->stop();
  std::ofstream(heads() / kept().front().file, std::ios::app) << "kapok-head 1 city=1 fr";
  append_rows(1);
  head_writer(signer)->stop();
  const auto lines = kept();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_FALSE(lines[1].head);
  EXPECT_EQ(lines[2].head->seq, 2);
  EXPECT_EQ(lines[2].head->previous, digest_of(*lines[0].head));
}

TEST_F(AuditHeadTest, AMissingSecondPathIsToldOnceAndTriedAgain) {
  append_rows(1);
  std::filesystem::remove_all(second_path());
  std::atomic<int> told = 0;
  std::promise<void> again;
  auto writer = head_writer(new_signer(), {.not_kept = [&](const Error&) { ++told; },
                                           .kept_again = [&](const AuditHead&) { again.set_value(); },
                                           .broken = {}});
  EXPECT_FALSE(writer->make());
  EXPECT_FALSE(writer->make());
  EXPECT_EQ(told, 1);
  std::filesystem::create_directory(second_path());
  EXPECT_EQ(again.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  writer->stop();
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(AuditHeadTest, AStoreThatDoesNotBearOutTheLastHeadIsTold) {
  append_rows(5);
  const AuditSigner signer = new_signer();
  head_writer(signer)->stop();
  tamper("DELETE FROM audit WHERE seq >= 4");
  std::promise<std::int64_t> broken;
  auto writer = head_writer(
      signer, {.not_kept = {}, .kept_again = {}, .broken = [&](std::int64_t seq) { broken.set_value(seq); }});
  auto told = broken.get_future();
  ASSERT_EQ(told.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(told.get(), 5);
  writer->stop();
}

}  // namespace
}  // namespace kapok::storage
