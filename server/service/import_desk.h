#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "core/csv.h"
#include "service/office.h"

namespace kapok::service {

/// Takes CSV files in chunks and commits each once, all or nothing (decision 30). Strand only.
///
/// A file has at most 8 MiB and 100,000 rows; a connection has one upload at a time, which is forgotten when the
/// connection goes. Rosters may be those of the asker's own units, row by row; all other files are the whole city's. A
/// dry run reports as the import would and writes nothing. An import is carried out on the writer
/// thread while calls go on between batches.
class ImportDesk {
 public:
  static constexpr std::uint64_t kFileBytesMax = 8ULL * 1024 * 1024;
  static constexpr std::size_t kChunkBytesMax = 48ULL * 1024;

  /// Runs on the strand after COMMIT: memory follows the store, then the import is answered.
  using Imported = std::function<void(api::ImportKind, std::function<void(Result<>)> then)>;

  ImportDesk(Office& office, Imported imported) : office_(office), imported_(std::move(imported)) {}

  void disconnected(ConnectionId connection) { uploads_.erase(connection); }

  void handle(const Asked& asked, const api::ImportBegin& x);
  void handle(const Asked& asked, const api::ImportChunk& x);
  void handle(const Asked& asked, const api::ImportCommit& x);

 private:
  struct Upload {
    std::uint64_t number = 0;
    api::ImportKind kind = api::ImportKind::kStations;
    std::uint64_t bytes_total = 0;
    std::string bytes;
  };

  [[nodiscard]] bool may_import(const Asked& asked, api::ImportKind kind) const;
  Upload* find(const Asked& asked, std::uint64_t number);
  void commit(const Asked& asked, Upload upload, CsvTable table, bool dry_run);

  Office& office_;
  Imported imported_;
  std::map<ConnectionId, Upload> uploads_;
  std::uint64_t last_upload_ = 0;
};

}  // namespace kapok::service
