#include "storage/backup_work.h"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <future>
#include <thread>

#include "storage/backup_content.h"
#include "storage/base64.h"
#include "storage/change_table.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/durable_file.h"
#include "storage/migrations.h"
#include "storage/state_table.h"
#include "storage/store_copy.h"
#include "storage/store_layout.h"
#include "storage/writer.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

const Sql kWaiting("SELECT COUNT(*), MIN(seq), MIN(at), MAX(at) FROM change WHERE seq > :after");

Error unreadable(const StoreFailure& failure) {
  return {ErrorCode::kStoreUnavailable, "the store cannot be read: " + std::string(failure.what())};
}

std::string new_history() {
  std::string bytes(kHistoryBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::int64_t number_from(const std::optional<std::string>& text) {
  std::int64_t number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

struct RemovedLater {
  fs::path file;
  ~RemovedLater() {
    std::error_code ignored;
    fs::remove(file, ignored);
  }
};

Result<StoreFacts> facts_of_copy(const fs::path& file) {
  auto copy = Database::connect_copy(file);
  if (!copy) return copy.error();
  try {
    return read_store_facts(**copy, true);
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
}

/// A whole copy counts once it was read again from where it lies; else it is gone.
Result<> read_back(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const auto checked = check_sealed(in);
  if (checked) return Done{};
  std::error_code ignored;
  fs::remove(file, ignored);
  return {ErrorCode::kStoreUnavailable, file.string() + " " + checked.error().detail + " when it was read back"};
}

}  // namespace

BackupWork::BackupWork(BackupSettings settings, BackupPorts ports)
    : settings_(std::move(settings)), ports_(std::move(ports)) {}

fs::path BackupWork::copy_file() const { return ports_.database.directory() / "backup.copy"; }

void BackupWork::clean() {
  std::error_code ignored;
  fs::remove(copy_file(), ignored);
  fs::remove(copy_file().string() + "-journal", ignored);
  if (settings_.directory.empty()) return;
  std::vector<fs::path> parts;
  for (fs::directory_iterator at(settings_.directory, ignored), end; !ignored && at != end; at.increment(ignored))
    if (at->path().extension() == kPartSuffix) parts.push_back(at->path());
  for (const fs::path& part : parts) fs::remove(part, ignored);
}

// ---------------------------------------------------------------- what is there

Result<> BackupWork::look() {
  if (shelf_) return Done{};
  if (auto looked = look_at_store(); !looked) return looked;
  return look_at_shelf();
}

Result<> BackupWork::look_at_store() {
  auto connection = ports_.database.connect_reader();
  if (!connection) return connection.error();
  try {
    ReadTransaction tx(**connection, ports_.keys);
    schema_ = schema_version(**connection);
    history_ = from_base64(read_state_value(tx, kBackupHistoryState).value_or("")).value_or("");
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
  if (history_.size() == kHistoryBytes) return Done{};
  history_ = new_history();
  return write([text = to_base64(history_)](Transaction& tx) -> Result<> {
    write_state_value(tx, kBackupHistoryState, text);
    return Done{};
  });
}

Result<> BackupWork::look_at_shelf() {
  if (::mkdir(settings_.directory.c_str(), 0700) != 0 && errno != EEXIST)
    return {ErrorCode::kStoreUnavailable, settings_.directory.string() + " cannot be made"};
  auto shelf = read_shelf(settings_.directory, ShelfLook::kHeaders);
  if (!shelf) return shelf.error();
  shipped_to_ = 0;
  for (const auto* files : {&shelf->segments, &shelf->bases}) {
    for (const ShelfFile& file : *files) {
      const bool carries = file.header.kind == SealedKind::kSegment || file.header.after_seq < file.header.to_seq;
      if (file.header.history != history_ || !carries || file.header.to_seq <= shipped_to_) continue;
      shipped_to_ = file.header.to_seq;
    }
  }
  auto connection = ports_.database.connect_reader();
  if (!connection) return connection.error();
  try {
    ReadTransaction tx(**connection, ports_.keys);
    stream_broken_ = number_from(read_state_value(tx, kBackupForgottenState)) > shipped_to_;
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
  shelf_ = std::move(shelf).value();
  return Done{};
}

const ShelfFile* BackupWork::newest_base() const {
  const auto ours = std::find_if(shelf_->bases.rbegin(), shelf_->bases.rend(),
                                 [&](const ShelfFile& base) { return base.header.history == history_; });
  return ours == shelf_->bases.rend() ? nullptr : &*ours;
}

SealedHeader BackupWork::header(SealedKind kind) const {
  return {.kind = kind,
          .city = settings_.city.value,
          .after_seq = shipped_to_,
          .to_seq = 0,
          .schema = schema_,
          .reaches_to = {},
          .made_at = ports_.wall_now(),
          .history = history_,
          .fingerprint = settings_.key->fingerprint()};
}

// ---------------------------------------------------------------- the stream of changes

Result<std::uint64_t> BackupWork::ship() {
  if (auto looked = look(); !looked) return looked.error();
  if (stream_broken_ || newest_base() == nullptr) return std::uint64_t{0};  // a base comes first
  auto connection = ports_.database.connect_reader();
  if (!connection) return connection.error();
  std::uint64_t shipped = 0;
  for (;;) {
    auto page = ship_page(**connection);
    if (!page) {
      if (page.error().code == ErrorCode::kRowDamaged) stream_broken_ = true;
      return page.error();
    }
    shipped += page->batches;
    if (page->last) break;  // what is committed meanwhile goes with the next turn
  }
  const Instant now = ports_.wall_now();
  if (shipped > 0 && (!forgot_at_ || now - *forgot_at_ >= settings_.forget_every)) {
    if (auto forgotten = forget(shipped_to_); !forgotten) return forgotten.error();
    forgot_at_ = now;
  }
  return shipped;
}

/// Batches, and the facts when the page reaches the last one, are read in one snapshot.
Result<BackupWork::Page> BackupWork::ship_page(Connection& connection) {
  std::vector<KeptChange> page;
  std::optional<StoreFacts> facts;
  const Instant now = ports_.wall_now();
  const bool count = !counted_at_ || now - *counted_at_ >= kRowsCountedEvery;
  try {
    connection.run_text("BEGIN");
    ReadTransaction tx(connection, ports_.keys);
    auto read = ChangeTable::from(tx, shipped_to_, kSegmentBatchesMax);
    const bool last = read && !read->empty() && read->back().seq == ChangeTable::last_seq(tx);
    if (last) facts = read_store_facts(connection, count);
    connection.run_text("COMMIT");
    if (!read) return read.error();
    page = std::move(read).value();
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
  if (page.empty()) return Page{};
  SealedHeader made = header(SealedKind::kSegment);
  made.to_seq = page.back().seq;
  made.reaches_to = page.back().at;
  const fs::path file = settings_.directory / shelf_name(made);
  const auto bytes = write_segment(file, made, *settings_.key, ports_.keys, facts, page);
  if (!bytes) return bytes.error();
  shelf_->segments.push_back({file, made, *bytes});
  shipped_to_ = made.to_seq;
  if (facts && count) counted_at_ = now;
  return Page{page.size(), facts.has_value()};
}

/// In small steps: a DELETE of a week's batches in one transaction would keep every call waiting for it.
Result<> BackupWork::forget(std::int64_t up_to) {
  auto connection = ports_.database.connect_reader();
  if (!connection) return connection.error();
  std::int64_t at = 0;
  try {
    at = (*connection)->first(kWaiting, {0}, std::vector<CellKind>(4, CellKind::kInteger))->at(1).integer;
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
  while (at <= up_to) {
    at = std::min(at + kForgetStep, up_to);
    auto forgotten = write([at](Transaction& tx) -> Result<> {
      ChangeTable::prune_up_to(tx, at);
      write_state_value(tx, kBackupForgottenState, std::to_string(at));
      return Done{};
    });
    if (!forgotten || at == up_to) return forgotten;
    std::this_thread::sleep_for(kForgetPause);
  }
  return Done{};
}

Result<std::uint64_t> BackupWork::bound_what_waits() {
  auto connection = ports_.database.connect_reader();
  if (!connection) return connection.error();
  std::uint64_t count = 0;
  Duration age{};
  std::int64_t last = 0;
  try {
    ReadTransaction tx(**connection, ports_.keys);
    const auto row = (*connection)->first(kWaiting, {shipped_to_}, std::vector<CellKind>(4, CellKind::kInteger));
    count = static_cast<std::uint64_t>(row->at(0).integer);
    age = Instant{row->at(3).integer} - Instant{row->at(2).integer};
    last = ChangeTable::last_seq(tx);
  } catch (const StoreFailure& failure) {
    return unreadable(failure);
  }
  const std::uint64_t most = settings_.complete() ? kUnshippedBatchesMax : settings_.unwanted_batches_max;
  if (count <= most && (!settings_.complete() || age <= kUnshippedAgeMax)) return std::uint64_t{0};
  if (auto forgotten = forget(last); !forgotten) return forgotten.error();
  stream_broken_ = true;
  return count;
}

// ---------------------------------------------------------------- whole copies

Result<bool> BackupWork::base_wanted() {
  if (auto looked = look(); !looked) return looked.error();
  const ShelfFile* newest = newest_base();
  if (newest == nullptr || stream_broken_) return true;
  return newest->header.schema != schema_ || newest->header.fingerprint != settings_.key->fingerprint() ||
         ports_.wall_now() - newest->header.made_at >= settings_.base_every;
}

Result<BaseMade> BackupWork::make_base(const std::function<bool()>& go_on) {
  if (auto looked = look(); !looked) return looked.error();
  const Duration began = steady_now();
  const RemovedLater copy{copy_file()};
  if (auto copied = copy_store(ports_.database.store_file(), copy.file, go_on); !copied) return copied.error();
  const auto facts = facts_of_copy(copy.file);
  if (!facts) return facts.error();

  const bool begins_stream = stream_broken_ || newest_base() == nullptr;
  SealedHeader made = header(SealedKind::kBase);
  made.to_seq = facts->seq;
  made.after_seq = begins_stream ? std::min(shipped_to_, facts->seq) : facts->seq;
  made.reaches_to = facts->at;
  const fs::path file = settings_.directory / shelf_name(made);
  const auto bytes = write_base(file, made, *settings_.key, ports_.keys, *facts, copy.file, go_on);
  if (!bytes) return bytes.error();
  if (auto sound = read_back(file); !sound) return sound.error();
  shelf_->bases.push_back({file, made, *bytes});
  if (begins_stream) {
    shipped_to_ = facts->seq;
    stream_broken_ = false;
  }
  return BaseMade{made.made_at, facts->seq, *bytes, steady_now() - began, file.filename().string()};
}

std::size_t BackupWork::expire() {
  if (!shelf_) return 0;
  const auto expired = expired_files(*shelf_, history_, ports_.wall_now() - settings_.keep);
  std::error_code ignored;
  for (const fs::path& file : expired) fs::remove(file, ignored);
  const auto gone = [&](const ShelfFile& file) {
    return std::find(expired.begin(), expired.end(), file.path) != expired.end();
  };
  std::erase_if(shelf_->bases, gone);
  std::erase_if(shelf_->segments, gone);
  return expired.size();
}

Result<> BackupWork::write(std::function<Result<>(Transaction&)> apply) {
  std::promise<Result<>> promise;
  auto outcome = promise.get_future();
  auto taken = ports_.writer.submit({.cls = WriteClass::kReadAudit,
                                     .city = settings_.city,
                                     .at = ports_.product_now(),
                                     .apply = std::move(apply),
                                     .done = [&](WriteOutcome done) { promise.set_value(std::move(done.result)); }});
  if (!taken) return taken;
  return outcome.get();
}

}  // namespace kapok::storage
