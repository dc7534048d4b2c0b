#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kapok::storage {

/// Which row of a table: its id, or two numbers where it takes two (session and sequence of a reply). By default the
/// place before every row.
struct RowKey {
  std::int64_t id = std::numeric_limits<std::int64_t>::min();
  std::int64_t part = 0;

  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

/// A row that is not what was written. It is named, never served.
struct DamagedRow {
  std::string table;
  RowKey key;
  std::string what;  ///< one English sentence without anything of the row's content
};

/// Damaged rows as reading meets them, on any thread. Each is handed to the listener once, however often it is met,
/// so that a bad row in a busy list fills no log.
class DamageNotes {
 public:
  void note(std::string_view table, RowKey key, std::string_view what);

  /// What was met before is handed over at once. The listener must not call back; it runs on the thread that met the
  /// row.
  void listen(std::function<void(const DamagedRow&)> listener);

  /// Known from before, such as from the table `quarantine`: not to be handed over again.
  void know(std::string_view table, RowKey key);
  /// The row reads sound again: should it fail once more, that is new.
  void forget(std::string_view table, RowKey key);

 private:
  std::mutex mutex_;
  std::set<std::pair<std::string, RowKey>> known_;
  std::vector<DamagedRow> waiting_;
  std::function<void(const DamagedRow&)> listener_;
};

}  // namespace kapok::storage
