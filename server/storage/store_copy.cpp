#include "storage/store_copy.h"

// Native calls stand apart: this header and SOCI's own cannot share a translation unit (stack.md §5.3).
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

namespace kapok::storage {
namespace {

constexpr int kPagesPerStep = 512;  ///< 2 MiB
constexpr auto kPause = std::chrono::milliseconds(2);

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Native = std::unique_ptr<sqlite3, CloseDatabase>;

Error failure(sqlite3* database, const char* what) {
  return {ErrorCode::kStoreUnavailable, std::string("the store could not be copied: ") + what + ": " +
                                            (database != nullptr ? sqlite3_errmsg(database) : "no memory")};
}

Result<Native> open_native(const std::filesystem::path& file, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Native database(raw);
  if (code != SQLITE_OK) return failure(raw, "opening");
  return database;
}

bool run(sqlite3* database, const char* sql) {
  return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

Result<> copy_pages(sqlite3* from, sqlite3* to, int to_fd, const std::function<bool()>& go_on) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return failure(to, "beginning");
  int code = SQLITE_OK;
  bool stopped = false;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    if (code == SQLITE_OK) {
      if (::fdatasync(to_fd) != 0) code = SQLITE_IOERR_FSYNC;
      std::this_thread::sleep_for(kPause);
      stopped = !go_on();
      if (stopped) break;
    }
  }
  sqlite3_backup_finish(backup);
  if (stopped) return {ErrorCode::kShuttingDown, "the copy was stopped"};
  if (code != SQLITE_DONE) return failure(to, sqlite3_errstr(code));
  return Done{};
}

Result<> copy_into(const std::filesystem::path& store_file, const std::filesystem::path& copy, int copy_fd,
                   const std::function<bool()>& go_on) {
  auto from = open_native(store_file, SQLITE_OPEN_READONLY);
  if (!from) return from.error();
  auto to = open_native(copy, SQLITE_OPEN_READWRITE);
  if (!to) return to.error();
  sqlite3_db_config(from->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // The transaction holds one snapshot over all steps; without it each commit of the writer would start the copy anew.
  if (!run(from->get(), "PRAGMA busy_timeout = 2000") || !run(from->get(), "BEGIN") ||
      !run(from->get(), "SELECT COUNT(*) FROM sqlite_master"))
    return failure(from->get(), "reading");
  if (!run(to->get(), "PRAGMA synchronous = OFF")) return failure(to->get(), "writing");  // we sync ourselves
  if (auto copied = copy_pages(from->get(), to->get(), copy_fd, go_on); !copied) return copied;
  // The header came along and says WAL; the copy has none.
  if (!run(to->get(), "PRAGMA journal_mode = DELETE")) return failure(to->get(), "finishing");
  return Done{};
}

}  // namespace

Result<> copy_store(const std::filesystem::path& store_file, const std::filesystem::path& copy,
                    const std::function<bool()>& go_on) {
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
  const int fd = ::open(copy.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return {ErrorCode::kStoreUnavailable, copy.string() + " cannot be created"};
  auto copied = copy_into(store_file, copy, fd, go_on);
  ::close(fd);
  if (!copied) std::filesystem::remove(copy, ignored);
  return copied;
}

}  // namespace kapok::storage
