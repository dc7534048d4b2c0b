#pragma once

#include <atomic>
#include <bitset>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "casework/contact.h"
#include "storage/audit_chain.h"
#include "storage/contact_table.h"
#include "storage/spool.h"
#include "storage/state_table.h"
#include "storage/store_fixture.h"
#include "storage/take_in.h"

namespace kapok::storage {

inline casework::Contact example_draft() {
  casework::Contact draft;
  draft.id = ContactId{77};
  draft.display_number = "GZ-261121-0001";
  draft.unit = UnitId{3};
  draft.started_at = kNow;
  return draft;
}

/// A store with a spool and faults that a test switches on and off.
class DegradedTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(directory_.path() / "keys"));
    keys_ = KeyRing::load(directory_.path() / "keys").value();
    Database::create(store(), kNow).value().reset();
    start();
  }
  void TearDown() override { stop(); }

  [[nodiscard]] std::filesystem::path store() const { return directory_.path() / "data"; }
  [[nodiscard]] std::filesystem::path spool_place() const { return directory_.path() / "other-disk"; }

  FaultHook hook() {
    return [this](FaultPoint point) {
      const unsigned bit = 1u << static_cast<unsigned>(point);
      if ((faults_.load() & bit) == 0) return false;
      if (skip_.load() > 0) return skip_.fetch_sub(1), false;
      return true;
    };
  }
  template <class... Points>
  void fail(Points... points) {
    faults_.store((0u | ... | (1u << static_cast<unsigned>(points))));
  }
  void heal() { faults_.store(0); }

  Result<> try_start() {
    writer_.reset();
    database_.reset();
    spool_.reset();
    auto opened = Database::open(store(), kNow, [this](Connection& connection) -> Result<> {
      auto spool = Spool::open(spool_place(), *keys_, spool_bytes_, hook());
      if (!spool) return spool.error();
      spool_ = std::move(*spool);
      connection.fail_when(hook());
      auto taken = take_in_all(connection, *keys_, *spool_);
      if (!taken) return taken.error();
      taken_ = std::move(*taken);
      return Done{};
    });
    if (!opened) return opened.error();
    database_ = std::move(*opened);
    database_->fail_when(hook());
    auto writer = Writer::start(
        *database_, *keys_,
        {.on_state =
             [this](StoreState state) {
               const std::lock_guard lock(mutex_);
               states_.push_back(state);
               changed_.notify_all();
             },
         .on_conflict = [this](std::int64_t seq, const std::filesystem::path& file) { conflicts_[seq] = file; },
         .spool = spool_.get(),
         .reopen_pause = std::chrono::milliseconds{1}});
    if (!writer) return writer.error();
    writer_ = std::move(*writer);
    return Done{};
  }
  void start() {
    const auto started = try_start();
    ASSERT_TRUE(started) << started.error().detail;
  }
  void stop() {
    if (writer_) writer_->stop();
    writer_.reset();
    database_.reset();
    spool_.reset();
  }

  WriteOutcome write(std::function<Result<>(Transaction&)> apply, Degraded degraded = Degraded::kAllowed) {
    std::promise<WriteOutcome> promise;
    auto outcome = promise.get_future();
    EXPECT_TRUE(writer_->submit({.cls = WriteClass::kCallEvent,
                                 .degraded = degraded,
                                 .city = kCity,
                                 .at = kNow,
                                 .apply = std::move(apply),
                                 .done = [&](WriteOutcome done) { promise.set_value(std::move(done)); }}));
    if (outcome.wait_for(std::chrono::seconds(20)) != std::future_status::ready) std::abort();
    return outcome.get();
  }

  /// An act that shows how often it happened: one audit row and one number of the day each.
  static std::function<Result<>(Transaction&)> act(std::int64_t id) {
    return [id](Transaction& tx) -> Result<> {
      tx.audit().append(tx,
                        {.actor = {},
                         .session = {},
                         .action = AuditAction::kContactWritten,
                         .object = AuditObject::kContact,
                         .object_id = id,
                         .scope = Scope::kOwn},
                        "detail of " + std::to_string(id));
      (void)next_number_of_day(tx, 261121);
      write_state_value(tx, "act-" + std::to_string(id), "done");
      return Done{};
    };
  }
  WriteOutcome do_act(std::int64_t id, Degraded degraded = Degraded::kAllowed) { return write(act(id), degraded); }

  void look(const std::function<void(ReadTransaction&)>& read) {
    auto connection = database_->connect_reader();
    ASSERT_TRUE(connection);
    ReadTransaction tx(**connection, *keys_);
    read(tx);
  }
  /// How often each act is in the store.
  std::map<std::int64_t, int> acts() {
    std::map<std::int64_t, int> found;
    look([&](ReadTransaction& tx) {
      for (std::int64_t seq = 1;; ++seq) {
        const std::string id =
            tx.connection().text_of("SELECT COALESCE(MAX(object_id), 0) FROM audit WHERE seq = " + std::to_string(seq));
        if (id == "0") break;
        ++found[std::stoll(id)];
      }
    });
    return found;
  }
  std::int64_t numbers_given() {
    std::string last;
    look([&](ReadTransaction& tx) {
      last = tx.connection().text_of("SELECT COALESCE(MAX(last_number), 0) FROM day_counter");
    });
    return std::stoll(last);
  }
  bool audit_is_sound() {
    bool sound = false;
    look([&](ReadTransaction& tx) { sound = verify_audit_chain(tx).sound(); });
    return sound;
  }

  void wait_until(StoreState wanted) {
    for (int i = 0; i < 2'000; ++i) {
      if (writer_->state() == wanted) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "the state did not come";
  }

  TempDirectory directory_;
  std::size_t spool_bytes_ = 1 << 20;
  std::unique_ptr<const KeyRing> keys_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Writer> writer_;
  TakenIn taken_;
  std::atomic<unsigned> faults_ = 0;
  std::atomic<int> skip_ = 0;  ///< how often a fault lets pass first
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<StoreState> states_;
  std::map<std::int64_t, std::filesystem::path> conflicts_;
};

}  // namespace kapok::storage
