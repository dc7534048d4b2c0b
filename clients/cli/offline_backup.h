#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/invocation.h"

namespace kapok::cli {

/// Which backups, and in whose time their moments are shown.
struct BackupShelf {
  std::string directory;  ///< the second path, or the `backup` below it
  int offset_min = 480;

  [[nodiscard]] std::filesystem::path path() const;
};

/// What opens them: the offline private key and the store's own key file.
struct BackupKeys {
  std::string private_key;
  std::string data_keys;
};

/// Says before anything else that the data keys are not in the backup.
void note_data_keys(Invocation& run);

ExitCode make_backup_key(Invocation& run, const std::string& file);
ExitCode list_backups(Invocation& run, const BackupShelf& shelf);
/// Digests and continuity; needs no key.
ExitCode verify_shelf(Invocation& run, const BackupShelf& shelf);
/// Brings the newest backup back beside the temporary files, looks at every row and the audit chain, and removes it.
ExitCode try_backup(Invocation& run, const BackupShelf& shelf, const BackupKeys& keys);
/// `until` as time_text.h reads it; empty: to the last batch.
ExitCode restore(Invocation& run, const BackupShelf& shelf, const BackupKeys& keys, const std::filesystem::path& to,
                 const std::string& until);

}  // namespace kapok::cli
