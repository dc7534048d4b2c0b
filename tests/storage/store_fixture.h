#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "storage/connection.h"
#include "storage/database.h"
#include "storage/key_ring.h"
#include "storage/readers.h"
#include "storage/writer.h"

namespace kapok::storage {

inline constexpr CityId kCity{1};
inline constexpr Instant kNow{1'790'000'000'000'000};

/// A directory of its own on the real disk, gone after the test.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kapok-storage-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A new store with keys and a writer; short verbs to write and look.
class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(KeyRing::create_file(key_file()));
    keys_ = KeyRing::load(key_file()).value();
    database_ = Database::create(store(), kNow).value();
    writer_ = Writer::start(*database_, *keys_).value();
  }
  void TearDown() override { close(); }

  [[nodiscard]] std::filesystem::path store() const { return directory_.path() / "data"; }
  [[nodiscard]] std::filesystem::path key_file() const { return directory_.path() / "keys"; }

  void close() {
    if (writer_) writer_->stop();
    writer_.reset();
    database_.reset();
  }
  void reopen() {
    close();
    database_ = Database::open(store(), kNow).value();
    writer_ = Writer::start(*database_, *keys_).value();
  }

  /// Submits one change and waits for its outcome.
  WriteOutcome write(std::function<Result<>(Transaction&)> apply, Instant at = kNow) {
    std::promise<WriteOutcome> promise;
    auto outcome = promise.get_future();
    EXPECT_TRUE(writer_->submit({.cls = WriteClass::kCaseWork,
                                 .city = kCity,
                                 .at = at,
                                 .apply = std::move(apply),
                                 .done = [&](WriteOutcome done) { promise.set_value(std::move(done)); }}));
    if (outcome.wait_for(std::chrono::seconds(20)) != std::future_status::ready) std::abort();
    return outcome.get();
  }

  /// Looks at the committed store.
  void read(const std::function<void(ReadTransaction&)>& look) {
    auto connection = database_->connect_reader();
    ASSERT_TRUE(connection) << connection.error().detail;
    ReadTransaction tx(**connection, *keys_);
    look(tx);
  }

  /// Changes the file behind the program's back.
  void tamper(const std::string& sql) {
    close();
    database_ = Database::open(store(), kNow).value();
    {
      auto connection = database_->connect_writer();
      ASSERT_TRUE(connection);
      (*connection)->run_text(sql);
    }
    writer_ = Writer::start(*database_, *keys_).value();
  }

  TempDirectory directory_;
  std::unique_ptr<const KeyRing> keys_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace kapok::storage
