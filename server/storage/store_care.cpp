#include "storage/store_care.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <string>

#include "storage/audit_chain.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/key_file.h"
#include "storage/policy.h"
#include "storage/quarantine_table.h"
#include "storage/state_table.h"
#include "storage/steady_time.h"
#include "storage/store_scan.h"
#include "storage/writer.h"

namespace kapok::storage {
namespace {

constexpr std::string_view kResealedKey = "values_resealed_to_key";
constexpr std::int64_t kQuarantineMax = 100'000;
constexpr std::chrono::milliseconds kKeyFileLook{1'000};  // how soon a new key in the file is taken

}  // namespace

Result<std::unique_ptr<StoreCare>> StoreCare::start(Parts parts) {
  std::unique_ptr<StoreCare> care(new StoreCare(std::move(parts)));
  const bool several = care->parts_.keys.key_ids().size() > 1;
  const bool known = care->read([&](ReadTransaction& tx) {
    for (const QuarantinedRow& kept : QuarantineTable::list(tx, kQuarantineMax))
      care->parts_.database.damage_notes().know(kept.row.table, kept.row.key);
    care->state_.damaged = QuarantineTable::count(tx);
    const auto resealed_to = read_state_value(tx, kResealedKey);
    care->reseal_wanted_ = several && resealed_to != std::to_string(care->parts_.keys.current_key_id());
    care->scan_wanted_ = several && !care->reseal_wanted_;  // counts the values of each key
  });
  if (!known) return Error{ErrorCode::kStoreUnavailable, "the quarantine cannot be read"};
  if (care->parts_.until_scan) care->next_scan_us_ = steady_us() + care->parts_.until_scan().count();
  care->parts_.database.damage_notes().listen([raw = care.get()](const DamagedRow& row) {
    {
      const std::lock_guard lock(raw->mutex_);
      raw->found_.push_back(row);
    }
    raw->arrived_.notify_one();
  });
  std::error_code gone;
  care->key_file_time_ = std::filesystem::last_write_time(care->parts_.key_file, gone);
  care->thread_ = std::thread([raw = care.get()] { raw->run(); });
  return care;
}

StoreCare::StoreCare(Parts parts) : parts_(std::move(parts)) {}

StoreCare::~StoreCare() { stop(); }

void StoreCare::stop() {
  parts_.database.damage_notes().listen({});
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<> StoreCare::rotate() {
  {
    const std::lock_guard file_lock(key_file_mutex_);
    auto newer = add_key(parts_.key_file);
    if (!newer) return newer.error();
    taken(**newer);
  }
  arrived_.notify_one();
  return Done{};
}

void StoreCare::taken(const KeyRing& newer) {
  parts_.keys.adopt(newer);
  const std::lock_guard lock(mutex_);
  reseal_wanted_ = true;
  counted_.reset();
  ++generation_;
}

/// kapokctl keys rotate adds a key beside the running server.
void StoreCare::follow_key_file() {
  std::error_code gone;
  const auto time = std::filesystem::last_write_time(parts_.key_file, gone);
  if (gone || time == key_file_time_) return;
  key_file_time_ = time;
  const std::lock_guard file_lock(key_file_mutex_);
  const auto newer = KeyRing::load(parts_.key_file);
  if (!newer || (*newer)->current_key_id() <= parts_.keys.current_key_id()) return;
  taken(**newer);
  write([this](Transaction& tx) -> Result<> {
    AuditEvent event;
    event.action = AuditAction::kSettingChanged;
    event.object = AuditObject::kStore;
    event.reason = AuditReason::kMaintenance;
    tx.audit().append(tx, event, "keys rotated to " + std::to_string(parts_.keys.current_key_id()));
    return Done{};
  });
  if (parts_.on_rotated) parts_.on_rotated();
}

void StoreCare::publish() {
  published_us_ = steady_us();
  const CareState now = state();
  KeyUseNote note{now.resealing, now.rows_resealed, {}};
  for (const KeyUse& use : now.keys) note.values.emplace_back(use.key, use.values.value_or(-1));
  (void)write_key_use(parts_.key_file, note);  // a sign for people: a key file on a read-only place has none
}

Result<> StoreCare::retire(std::uint8_t key) {
  const CareState now = state();
  const auto use = std::find_if(now.keys.begin(), now.keys.end(), [&](const KeyUse& each) { return each.key == key; });
  if (use == now.keys.end()) return Error{ErrorCode::kInvalidArgument, "there is no such key"};
  if (use->current) return Error{ErrorCode::kWrongState, "it is the current key"};
  if (use->index) return Error{ErrorCode::kWrongState, "indices and search use it until kapokctl store scan --rebuild"};
  if (!use->values) return Error{ErrorCode::kWrongState, "its values are still being counted"};
  if (*use->values > 0) return Error{ErrorCode::kWrongState, std::to_string(*use->values) + " values still use it"};
  const std::lock_guard file_lock(key_file_mutex_);
  return remove_key(parts_.key_file, key);
}

void StoreCare::scan_now() {
  {
    const std::lock_guard lock(mutex_);
    scan_wanted_ = true;
  }
  arrived_.notify_one();
}

CareState StoreCare::state() const {
  const std::lock_guard lock(mutex_);
  CareState state = state_;
  state.resealing = reseal_wanted_;
  for (const std::uint8_t id : parts_.keys.key_ids()) {
    KeyUse use{id, id == parts_.keys.current_key_id(), id == parts_.keys.index_key_id(), std::nullopt};
    if (counted_) use.values = (*counted_)[id];
    state.keys.push_back(use);
  }
  state.keys_backed_up = is_backed_up(parts_.key_file, parts_.keys);
  return state;
}

void StoreCare::run() {
  while (wait_for_work()) {
    follow_key_file();
    save_found();
    bool reseal = false, scan = false;
    {
      const std::lock_guard lock(mutex_);
      reseal = reseal_wanted_;
      scan = scan_wanted_ || (next_scan_us_ != 0 && steady_us() >= next_scan_us_);
      scan_wanted_ = scan_wanted_ && reseal;
    }
    if (reseal) {
      walk(Walk::kReseal);
    } else if (scan) {
      if (parts_.until_scan)
        next_scan_us_ = steady_us() + std::max<std::int64_t>(parts_.until_scan().count(), 1'000'000);
      walk(Walk::kCheck);
    }
  }
  connection_.reset();
}

/// False when it is time to end.
bool StoreCare::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return stopping_ || reseal_wanted_ || scan_wanted_ || !found_.empty(); };
  arrived_.wait_for(lock, kKeyFileLook, ready);
  return !stopping_;
}

void StoreCare::walk(Walk kind) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
  }
  StoreScan scan(kind == Walk::kReseal);
  while (!scan.at_end()) {
    const std::int64_t began = steady_us();
    const auto page = next_page(scan, kCarePage);
    if (!page) return;
    const Duration took{steady_us() - began};
    for (const DamagedRow& row : page->damaged) parts_.database.damage_notes().note(row.table, row.key, row.what);
    reseal(page->reseals);
    {
      const std::lock_guard lock(mutex_);
      state_.rows_seen = scan.rows();
    }
    save_found();
    follow_key_file();
    if (kind == Walk::kReseal && steady_us() - published_us_ > 1'000'000) publish();
    // The check takes three hundredths of a core; sealing anew only makes room for others.
    if (!pause(kind == Walk::kCheck ? took * kCarePauseTimes : page->reseals.empty() ? took : Duration{0})) return;
  }
  finish(kind, scan, generation);
}

/// Nothing when it is time to end.
std::optional<ScannedPage> StoreCare::next_page(StoreScan& scan, std::int64_t limit) {
  while (true) {
    ScannedPage page;
    if (read([&](ReadTransaction& tx) { page = scan.next(tx, limit); })) return page;
    if (!pause(kCareRetry)) return std::nullopt;
  }
}

void StoreCare::reseal(const std::vector<Reseal>& reseals) {
  if (reseals.empty()) return;
  auto touched = std::make_shared<std::int64_t>(0);
  const auto apply = [&reseals, touched](Transaction& tx) -> Result<> {
    *touched = apply_reseals(tx, reseals);
    return Done{};
  };
  while (!write(apply))
    if (!pause(kCareRetry)) return;
  const std::lock_guard lock(mutex_);
  state_.rows_resealed += *touched;
}

bool StoreCare::old_keys_used(const KeyCounts& counts) const {
  const std::uint8_t current = parts_.keys.current_key_id();
  for (const std::uint8_t id : parts_.keys.key_ids())
    if (id != current && counts[id] > 0) return true;
  return false;
}

void StoreCare::finish(Walk kind, const StoreScan& scan, std::uint64_t generation) {
  look_again();
  const bool old = old_keys_used(scan.values_by_key());
  const std::string current = std::to_string(parts_.keys.current_key_id());
  if (kind == Walk::kReseal && !old) {
    write([&](Transaction& tx) -> Result<> {
      write_state_value(tx, kResealedKey, current);
      return Done{};
    });
  }
  {
    const std::lock_guard lock(mutex_);
    if (generation == generation_) {
      // Counted before it was sealed anew: only a walk that met nothing old, or that left all as it was, tells the
      // truth.
      if (!old || kind == Walk::kCheck) counted_ = scan.values_by_key();
      reseal_wanted_ = old;
    }
  }
  publish();
  if (parts_.on_scanned && kind == Walk::kCheck) parts_.on_scanned(scan.rows(), scan.damaged());
}

/// Rows that were repaired or are gone leave the quarantine.
void StoreCare::look_again() {
  std::vector<QuarantinedRow> sound;
  const bool looked = read([&](ReadTransaction& tx) {
    for (QuarantinedRow& kept : QuarantineTable::list(tx, kQuarantineMax)) {
      const ScannedTable* table = find_scanned_table(kept.row.table);
      if (table == nullptr || !table->look(tx, kept.row.key)) sound.push_back(std::move(kept));
    }
  });
  if (!looked || sound.empty()) return;
  const bool removed = write([&](Transaction& tx) -> Result<> {
    for (const QuarantinedRow& kept : sound) QuarantineTable::remove(tx, kept.row.table, kept.row.key);
    return Done{};
  });
  if (!removed) return;  // the next scan does it
  for (const QuarantinedRow& kept : sound) parts_.database.damage_notes().forget(kept.row.table, kept.row.key);
  const std::lock_guard lock(mutex_);
  state_.damaged -= static_cast<std::int64_t>(sound.size());
}

void StoreCare::save_found() {
  std::vector<DamagedRow> rows;
  {
    const std::lock_guard lock(mutex_);
    rows.swap(found_);
    state_.damaged += static_cast<std::int64_t>(rows.size());
  }
  if (rows.empty()) return;
  if (parts_.on_damaged)
    for (const DamagedRow& row : rows) parts_.on_damaged(row);
  const auto apply = [&rows](Transaction& tx) -> Result<> {
    for (const DamagedRow& row : rows) QuarantineTable::put(tx, row);
    return Done{};
  };
  while (!write(apply))
    if (!pause(kCareRetry)) return;
}

bool StoreCare::read(const std::function<void(ReadTransaction&)>& look) {
  try {
    if (!connection_) {
      auto opened = parts_.database.connect_reader();
      if (!opened) return false;
      connection_ = std::move(opened).value();
    }
    connection_->run_text("BEGIN");
    ReadTransaction tx(*connection_, parts_.keys);
    look(tx);
    connection_->run_text("COMMIT");
    return true;
  } catch (const StoreFailure&) {
    connection_.reset();
    return false;
  }
}

/// True once it is in the store.
bool StoreCare::write(std::function<Result<>(Transaction&)> apply) {
  auto promise = std::make_shared<std::promise<bool>>();
  auto saved = promise->get_future();
  const auto taken = parts_.writer.submit(
      {.cls = WriteClass::kCaseWork,
       .degraded = Degraded::kNotAllowed,
       .city = parts_.city,
       .at = parts_.now(),
       .apply = std::move(apply),
       .done = [promise](const WriteOutcome& outcome) { promise->set_value(outcome.saved == SavedIn::kStore); }});
  return taken.ok() && saved.get();
}

/// False when it is time to end.
bool StoreCare::pause(Duration length) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, length, [&] { return stopping_; });
  return !stopping_;
}

}  // namespace kapok::storage
