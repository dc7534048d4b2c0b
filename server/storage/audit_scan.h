#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "storage/audit_row.h"

namespace kapok::storage {

/// A row as the file holds it; the texts live until the next one.
struct ScannedAuditRow {
  AuditNumbers numbers{};
  std::optional<std::string_view> digest;
  std::string_view hash;
  std::optional<std::string_view> detail;  ///< sealed, from audit_detail

  [[nodiscard]] std::int64_t seq() const { return numbers[0]; }
};

/// The audit tables of a SQLite store, read row by row as fast as the library gives them: SOCI costs several times the
/// work of the check itself. Read-only, one connection, one thread. All errors are kStoreUnavailable.
class AuditScan {
 public:
  static Result<std::unique_ptr<AuditScan>> open(const std::filesystem::path& database_file);
  ~AuditScan();
  AuditScan(const AuditScan&) = delete;
  AuditScan& operator=(const AuditScan&) = delete;

  struct Place {
    std::int64_t seq = 0;
    std::string hash;
  };
  /// The row before `seq`; row 0 with an empty hash when there is none.
  Result<Place> before(std::int64_t seq);
  /// The hash of that very row.
  Result<std::optional<std::string>> hash_of(std::int64_t seq);
  /// Highest sequence number, 0 for an empty table.
  Result<std::int64_t> highest();

  /// Rows of [from, to] in order until `on_row` gives false. `on_stray` hears the number of a detail without a row.
  Result<> rows(std::int64_t from, std::int64_t to, const std::function<bool(const ScannedAuditRow&)>& on_row,
                const std::function<void(std::int64_t)>& on_stray);

 private:
  struct Library;
  explicit AuditScan(std::unique_ptr<Library> library);

  std::unique_ptr<Library> library_;
};

}  // namespace kapok::storage
