#include <random>

#include "storage/degraded_fixture.h"

namespace kapok::storage {
namespace {

using enum FaultPoint;

enum class Heard { kSaved, kNotSaved, kRefused };

class RandomFaults : public DegradedTest, public testing::WithParamInterface<std::uint32_t> {
 protected:
  void SetUp() override {
    DegradedTest::SetUp();
    ASSERT_TRUE(write([](Transaction& tx) { return ContactTable::save(tx, example_draft()); }).result);
  }

  /// One act that also moves a draft on by one version, or is refused after it did.
  void submit(bool refuse) {
    const std::int64_t id = ++last_id_;
    auto apply = [id, refuse](Transaction& tx) -> Result<> {
      (void)act(id)(tx);
      auto contact = ContactTable::get(tx, ContactId{77});
      if (!contact) return contact.error();
      ++contact->version;
      if (auto saved = ContactTable::save(tx, *contact); !saved) return saved;
      if (refuse) return Error{ErrorCode::kForbidden, {}};
      return Done{};
    };
    ASSERT_TRUE(writer_->submit({.cls = WriteClass::kCallEvent,
                                 .degraded = Degraded::kAllowed,
                                 .city = kCity,
                                 .at = kNow,
                                 .apply = std::move(apply),
                                 .done = [this, id](const WriteOutcome& outcome) {
                                   const std::lock_guard lock(mutex_);
                                   heard_[id] = outcome.result ? Heard::kSaved
                                                : outcome.result.error().code == ErrorCode::kForbidden
                                                    ? Heard::kRefused
                                                    : Heard::kNotSaved;
                                   changed_.notify_all();
                                 }}));
  }
  void wait_for_all() {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20),
                                  [&] { return heard_.size() == static_cast<std::size_t>(last_id_); }));
  }

  /// What was acknowledged is there once, what was refused is not; of the rest nobody was told anything.
  void check() {
    const auto found = acts();
    std::int64_t happened = 0;
    for (const auto& [id, heard] : heard_) {
      const int times = found.contains(id) ? found.at(id) : 0;
      happened += times;
      if (heard == Heard::kSaved) ASSERT_EQ(times, 1) << id;
      if (heard == Heard::kRefused) ASSERT_EQ(times, 0) << id;
      ASSERT_LE(times, 1) << id;
    }
    EXPECT_EQ(numbers_given(), happened);
    EXPECT_TRUE(audit_is_sound());
    EXPECT_TRUE(conflicts_.empty());
    EXPECT_TRUE(taken_.put_aside.empty());
    look([&](ReadTransaction& tx) {
      EXPECT_EQ(ContactTable::get(tx, ContactId{77})->version, static_cast<std::uint64_t>(happened + 1));
    });
  }

  std::int64_t last_id_ = 0;
  std::map<std::int64_t, Heard> heard_;
};

TEST_P(RandomFaults, EveryAcknowledgedChangeIsThereOnce) {
  std::mt19937 random(GetParam());
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  const std::vector<FaultPoint> all = {kStoreOpen,          kStoreBegin, kStoreStatement, kStoreCommit,
                                       kStoreCommitDurable, kSpoolOpen,  kSpoolWrite,     kSpoolSync};
  for (int round = 0; round < 250; ++round) {
    if (one_in(3)) {
      unsigned mask = 0;
      for (const FaultPoint point : all)
        if (one_in(point >= kSpoolOpen ? 8 : 3)) mask |= 1u << static_cast<unsigned>(point);
      skip_ = static_cast<int>(random() % 12);
      faults_ = one_in(2) ? mask : 0;
    }
    for (unsigned i = random() % 6; i > 0; --i) submit(one_in(5));
    wait_for_all();
    if (!one_in(40)) continue;
    stop();
    if (one_in(2)) (void)try_start();  // perhaps in the middle of taking in
    stop();
    heal();
    start();
    check();
  }
  heal();
  wait_until(StoreState::kHealthy);
  check();
  RecordProperty("acts", static_cast<int>(last_id_));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFaults, testing::Range(1u, 13u));

}  // namespace
}  // namespace kapok::storage
