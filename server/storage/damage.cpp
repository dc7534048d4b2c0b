#include "storage/damage.h"

namespace kapok::storage {
namespace {

/// A store that is damaged all over must not fill the memory too; a scan counts the rest.
constexpr std::size_t kKnownMax = 100'000;

}  // namespace

void DamageNotes::note(std::string_view table, RowKey key, std::string_view what) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kKnownMax || !known_.emplace(table, key).second) return;
  const DamagedRow row{std::string(table), key, std::string(what)};
  if (listener_) return listener_(row);
  waiting_.push_back(row);
}

void DamageNotes::listen(std::function<void(const DamagedRow&)> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
  if (!listener_) return;
  for (const DamagedRow& row : waiting_) listener_(row);
  waiting_.clear();
}

void DamageNotes::know(std::string_view table, RowKey key) {
  const std::lock_guard lock(mutex_);
  known_.emplace(table, key);
}

void DamageNotes::forget(std::string_view table, RowKey key) {
  const std::lock_guard lock(mutex_);
  known_.erase({std::string(table), key});
}

}  // namespace kapok::storage
