#include "storage/readers.h"

#include "storage/state_table.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

class ReadersTest : public StoreTest {
 protected:
  std::unique_ptr<ReaderPool> pool(std::size_t threads = 1) {
    return ReaderPool::start(*database_, *keys_, threads).value();
  }
};

TEST_F(ReadersTest, ReaderSeesWhatWasCommitted) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                write_state_value(tx, "a", "1");
                return Done{};
              }).result);
  const auto readers = pool();
  std::promise<std::string> value;
  ASSERT_TRUE(readers->submit({.read = [&](ReadTransaction& tx) { value.set_value(*read_state_value(tx, "a")); },
                               .failed = [](Error) { FAIL(); }}));
  EXPECT_EQ(value.get_future().get(), "1");
}

TEST_F(ReadersTest, OneLookSeesOneStateOfTheStore) {
  const auto readers = pool();
  std::promise<void> first_look, changed;
  std::promise<std::pair<bool, bool>> seen;
  ASSERT_TRUE(readers->submit({.read =
                                   [&](ReadTransaction& tx) {
                                     const bool before = read_state_value(tx, "a").has_value();
                                     first_look.set_value();
                                     changed.get_future().wait();
                                     seen.set_value({before, read_state_value(tx, "a").has_value()});
                                   },
                               .failed = [](Error) { FAIL(); }}));
  first_look.get_future().wait();
  ASSERT_TRUE(write([](Transaction& tx) -> Result<> {
                write_state_value(tx, "a", "1");
                return Done{};
              }).result);
  changed.set_value();
  EXPECT_EQ(seen.get_future().get(), std::pair(false, false));
}

TEST_F(ReadersTest, FailureIsToldAndTheNextLookWorks) {
  const auto readers = pool();
  std::promise<ErrorCode> failed, thrown;
  std::promise<bool> next;
  (void)readers->submit({.read = [](ReadTransaction& tx) { tx.connection().run_text("SELECT * FROM no_such_table"); },
                         .failed = [&](Error error) { failed.set_value(error.code); }});
  (void)readers->submit({.read = [](ReadTransaction&) { throw std::runtime_error("a mistake of ours"); },
                         .failed = [&](Error error) { thrown.set_value(error.code); }});
  (void)readers->submit({.read = [&](ReadTransaction& tx) { next.set_value(!read_state_value(tx, "a")); },
                         .failed = [](Error) { FAIL(); }});
  EXPECT_EQ(failed.get_future().get(), ErrorCode::kStoreUnavailable);
  EXPECT_EQ(thrown.get_future().get(), ErrorCode::kInternal);
  EXPECT_TRUE(next.get_future().get());
}

TEST_F(ReadersTest, TooManyWaitingAreRefusedAndStopFinishesTheRest) {
  const auto readers = pool();
  std::promise<void> entered, release;
  int looks = 0;
  (void)readers->submit({.read =
                             [&](ReadTransaction&) {
                               entered.set_value();
                               release.get_future().wait();
                             },
                         .failed = [](Error) { FAIL(); }});
  entered.get_future().wait();
  const ReadRequest one{.read = [&](ReadTransaction&) { ++looks; }, .failed = [](Error) { FAIL(); }};
  for (std::size_t i = 0; i < kReadQueueMax; ++i) ASSERT_TRUE(readers->submit(one));
  EXPECT_EQ(readers->submit(one).error().code, ErrorCode::kRetryAfter);
  release.set_value();
  readers->stop();
  EXPECT_EQ(looks, static_cast<int>(kReadQueueMax));
  EXPECT_EQ(readers->submit(one).error().code, ErrorCode::kShuttingDown);
}

}  // namespace
}  // namespace kapok::storage
