#pragma once

#include <filesystem>

/// Names that whoever makes a store and whoever opens one must agree on.
namespace kapok::storage {

/// Where the keys lie unless configured elsewhere. Back them up apart from the data: without them no record can be
/// read again.
inline std::filesystem::path key_file_of(const std::filesystem::path& data_directory) {
  return data_directory / "keys";
}

/// The database file of a data directory.
inline std::filesystem::path database_file_of(const std::filesystem::path& data_directory) {
  return data_directory / "kapok.db";
}

/// state_value: "yes" on a store made for practice (decision 5). Only such a store lets time run faster.
inline constexpr const char* kPracticeState = "practice";

/// state_value: 16 random bytes that name one life of a store; a restored store begins a new one (backup_shelf.h).
inline constexpr const char* kBackupHistoryState = "backup_history";
/// state_value: the last batch that the table `change` was allowed to forget.
inline constexpr const char* kBackupForgottenState = "backup_forgotten";

/// Below the second path.
inline std::filesystem::path backup_directory_of(const std::filesystem::path& second_path) {
  return second_path / "backup";
}

}  // namespace kapok::storage
