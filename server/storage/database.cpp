#include "storage/database.h"

#include <fcntl.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "core/check.h"
#include "storage/connection.h"
#include "storage/directory_lock.h"
#include "storage/durable_file.h"
#include "storage/migrations.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

constexpr const char* kFileName = "kapok.db";

Error unavailable(std::string sentence) { return {ErrorCode::kStoreUnavailable, std::move(sentence)}; }

Result<> check_directory(const std::filesystem::path& directory) {
  struct stat facts{};
  if (::stat(directory.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) {
    return unavailable(directory.string() + " is not a directory: make the store with kapokctl init");
  }
  if ((facts.st_mode & 077) != 0) {
    return unavailable(directory.string() + " is open to others: run chmod 700 on it");
  }
  return Done{};
}

std::unique_ptr<soci::session> open_session(const std::filesystem::path& file, bool read_only) {
  const std::string target = "dbname=\"" + file.string() + "\" timeout=2" + (read_only ? " readonly=true" : "");
  return std::make_unique<soci::session>(*soci::factory_sqlite3(), target);
}

/// Sets a pragma and reads it back: a setting that did not take must stop the start, not lose calls later.
void set_and_assert(Connection& connection, const std::string& name, const std::string& value,
                    const std::string& expected) {
  connection.text_of("PRAGMA " + name + " = " + value);
  const std::string actual = connection.text_of("PRAGMA " + name);
  if (actual != expected) throw StoreFailure("PRAGMA " + name + " is " + actual + ", not " + expected, true);
}

void set_common(Connection& connection) {
  set_and_assert(connection, "busy_timeout", std::to_string(kBusyTimeoutMs), std::to_string(kBusyTimeoutMs));
  set_and_assert(connection, "foreign_keys", "ON", "1");
  set_and_assert(connection, "synchronous", "FULL", "2");
  set_and_assert(connection, "trusted_schema", "OFF", "0");
  set_and_assert(connection, "cell_size_check", "ON", "1");
  connection.text_of("PRAGMA mmap_size = 0");  // answers nothing where memory maps are compiled out
  const std::string mapped = connection.text_of("PRAGMA mmap_size");
  if (!mapped.empty() && mapped != "0") throw StoreFailure("memory maps cannot be switched off", true);
}

}  // namespace

Database::Database(std::filesystem::path directory, std::unique_ptr<DirectoryLock> lock)
    : directory_(std::move(directory)), lock_(std::move(lock)), damage_notes_(std::make_shared<DamageNotes>()) {}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::create(const std::filesystem::path& directory, Instant now) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return unavailable("cannot make " + directory.string() + ": " + std::strerror(errno));
  }
  if (auto sound = check_directory(directory); !sound) return sound.error();
  auto lock = DirectoryLock::take(directory);
  if (!lock) return lock.error();
  const auto file = directory / kFileName;
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    if (errno == EEXIST) return unavailable(directory.string() + " holds a store already: choose an empty directory");
    return unavailable("cannot create " + file.string() + ": " + std::strerror(errno));
  }
  ::close(fd);
  std::unique_ptr<Database> database(new Database(directory, std::move(lock).value()));
  if (auto ready = database->prepare(now, {}); !ready) return ready.error();
  // A new file's name is durable only once its directory is.
  if (auto synced = sync_directory(directory); !synced) return synced.error();
  return database;
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory, Instant now,
                                                 const std::function<Result<>(Connection&)>& before_steps) {
  if (auto sound = check_directory(directory); !sound) return sound.error();
  if (!std::filesystem::exists(directory / kFileName)) {
    return unavailable(directory.string() + " holds no store: make one with kapokctl init");
  }
  auto lock = DirectoryLock::take(directory);
  if (!lock) return lock.error();
  std::unique_ptr<Database> database(new Database(directory, std::move(lock).value()));
  if (auto ready = database->prepare(now, before_steps); !ready) return ready.error();
  return database;
}

Result<std::unique_ptr<Database>> Database::open_unchanged(const std::filesystem::path& directory) {
  if (auto sound = check_directory(directory); !sound) return sound.error();
  auto lock = DirectoryLock::take(directory);
  if (!lock) return lock.error();
  return std::unique_ptr<Database>(new Database(directory, std::move(lock).value()));
}

std::filesystem::path Database::store_file_of(const std::filesystem::path& directory) { return directory / kFileName; }

Result<> Database::prepare(Instant now, const std::function<Result<>(Connection&)>& before_steps) {
  auto writer = connect_writer();
  if (!writer) return writer.error();
  if (before_steps)
    if (auto done = before_steps(**writer); !done) return done;
  return apply_migrations(**writer, now);
}

Result<std::unique_ptr<Connection>> Database::connect_writer() {
  KAPOK_CHECK(writer_out_.expired());
  auto token = std::make_shared<int>(0);
  writer_out_ = token;
  try {
    auto connection = std::make_unique<Connection>(open_session(directory_ / kFileName, false), Dialect::kSqlite);
    connection->keep(token);
    connection->note_damage_to(damage_notes_);
    connection->fail_when(faults_);
    const std::string mode = connection->text_of("PRAGMA journal_mode = WAL");
    if (mode != "wal") return unavailable("the store cannot use a write-ahead log (journal mode " + mode + ")");
    set_common(*connection);
    set_and_assert(*connection, "wal_autocheckpoint", "0", "0");
    return connection;
  } catch (const StoreFailure& failure) {
    return unavailable("the store cannot be opened for writing: " + std::string(failure.what()));
  } catch (const soci::soci_error& failure) {
    return unavailable("the store cannot be opened for writing: " + failure.get_error_message());
  }
}

Result<std::unique_ptr<Connection>> Database::reconnect_writer() {
  KAPOK_CHECK(writer_out_.expired());
  if (faults_ && faults_(FaultPoint::kStoreOpen)) return unavailable("a fault of a test");
  if (auto settled = settle_log(directory_); !settled) return settled.error();
  return connect_writer();
}

Result<> Database::settle_log(const std::filesystem::path& directory) {
  const auto log = directory / (std::string(kFileName) + "-wal");
  const int fd = ::open(log.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) return Done{};
  bool sound = fd >= 0;
  std::vector<char> bytes(1 << 20);
  for (off_t at = 0; sound;) {
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), at);
    if (got == 0) break;
    sound = got > 0 && ::pwrite(fd, bytes.data(), static_cast<std::size_t>(got), at) == got;
    at += got;
  }
  sound = sound && ::fdatasync(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (!sound) return unavailable("the write-ahead log cannot be written: " + std::string(std::strerror(reason)));
  return Done{};
}

Result<std::unique_ptr<Connection>> Database::connect_reader() {
  try {
    auto connection = std::make_unique<Connection>(open_session(directory_ / kFileName, true), Dialect::kSqlite);
    set_common(*connection);
    set_and_assert(*connection, "query_only", "ON", "1");
    connection->note_damage_to(damage_notes_);
    const std::string mode = connection->text_of("PRAGMA journal_mode");
    if (mode != "wal") return unavailable("the store does not use a write-ahead log");
    return connection;
  } catch (const StoreFailure& failure) {
    return unavailable("the store cannot be opened for reading: " + std::string(failure.what()));
  } catch (const soci::soci_error& failure) {
    return unavailable("the store cannot be opened for reading: " + failure.get_error_message());
  }
}

Result<std::unique_ptr<Connection>> Database::connect_copy(const std::filesystem::path& file) {
  try {
    auto connection = std::make_unique<Connection>(open_session(file, true), Dialect::kSqlite);
    set_common(*connection);
    return connection;
  } catch (const StoreFailure& failure) {
    return unavailable("the copy cannot be opened: " + std::string(failure.what()));
  } catch (const soci::soci_error& failure) {
    return unavailable("the copy cannot be opened: " + failure.get_error_message());
  }
}

}  // namespace kapok::storage
