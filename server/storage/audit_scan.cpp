#include "storage/audit_scan.h"

#include <sqlite3.h>

#include "storage/policy.h"

/// Includes sqlite3.h and therefore nothing of SOCI, which declares it inside a namespace of its own (stack.md §5.3).
namespace kapok::storage {
namespace {

constexpr int kDigestAt = static_cast<int>(kAuditNumbers), kHashAt = kDigestAt + 1;
constexpr const char* kBefore = "SELECT seq, hash FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT 1";
constexpr const char* kHashOf = "SELECT hash FROM audit WHERE seq = ?1";
constexpr const char* kHighest = "SELECT MAX(seq) FROM audit";
constexpr const char* kRows =
    "SELECT seq, at, actor_id, session_id, action, object_kind, object_id, scope, reason, outcome, detail_digest, hash "
    "FROM audit WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";
constexpr const char* kDetails = "SELECT seq, detail FROM audit_detail WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";

Error failure(sqlite3* file) {
  return {ErrorCode::kStoreUnavailable, std::string("the audit log cannot be read: ") + sqlite3_errmsg(file)};
}

/// A prepared statement; finalised on every way out.
class Question {
 public:
  Question(sqlite3* file, const char* sql) : state_(sqlite3_prepare_v2(file, sql, -1, &statement_, nullptr)) {}
  ~Question() { sqlite3_finalize(statement_); }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  void bind(int place, std::int64_t value) {
    if (state_ == SQLITE_OK) state_ = sqlite3_bind_int64(statement_, place, value);
  }
  /// True while there is a row.
  bool next() {
    if (state_ == SQLITE_OK || state_ == SQLITE_ROW) state_ = sqlite3_step(statement_);
    return state_ == SQLITE_ROW;
  }
  [[nodiscard]] bool failed() const { return state_ != SQLITE_OK && state_ != SQLITE_ROW && state_ != SQLITE_DONE; }

  [[nodiscard]] std::int64_t number(int at) const { return sqlite3_column_int64(statement_, at); }
  [[nodiscard]] std::string_view text(int at) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
    return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at))};
  }
  [[nodiscard]] bool null(int at) const { return sqlite3_column_type(statement_, at) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int state_;
};

/// The details beside the rows: both are read once, in step.
class DetailsInStep {
 public:
  DetailsInStep(Question& details, const std::function<void(std::int64_t)>& on_stray)
      : details_(details), on_stray_(on_stray), here_(details.next()) {}

  std::optional<std::string_view> of(std::int64_t seq) {
    while (here_ && details_.number(0) < seq) {
      on_stray_(details_.number(0));
      here_ = details_.next();
    }
    if (!here_ || details_.number(0) != seq) return std::nullopt;
    return details_.text(1);
  }
  void passed(std::int64_t seq) {
    if (here_ && details_.number(0) == seq) here_ = details_.next();
  }
  void rest() {
    for (; here_; here_ = details_.next()) on_stray_(details_.number(0));
  }

 private:
  Question& details_;
  const std::function<void(std::int64_t)>& on_stray_;
  bool here_;
};

void take(const Question& rows, ScannedAuditRow& row) {
  for (std::size_t i = 0; i < kAuditNumbers; ++i) row.numbers[i] = rows.number(static_cast<int>(i));
  row.digest = rows.null(kDigestAt) ? std::nullopt : std::optional(rows.text(kDigestAt));
  row.hash = rows.text(kHashAt);
}

}  // namespace

struct AuditScan::Library {
  sqlite3* file = nullptr;
  ~Library() { sqlite3_close(file); }
};

AuditScan::AuditScan(std::unique_ptr<Library> library) : library_(std::move(library)) {}
AuditScan::~AuditScan() = default;

Result<std::unique_ptr<AuditScan>> AuditScan::open(const std::filesystem::path& database_file) {
  auto library = std::make_unique<Library>();
  const int state =
      sqlite3_open_v2(database_file.c_str(), &library->file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  if (state != SQLITE_OK) return failure(library->file);
  sqlite3_busy_timeout(library->file, kBusyTimeoutMs);
  if (sqlite3_exec(library->file, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
                   nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(library->file);
  return std::unique_ptr<AuditScan>(new AuditScan(std::move(library)));
}

Result<AuditScan::Place> AuditScan::before(std::int64_t seq) {
  Question question(library_->file, kBefore);
  question.bind(1, seq);
  Place place;
  if (question.next()) place = {question.number(0), std::string(question.text(1))};
  if (question.failed()) return failure(library_->file);
  return place;
}

Result<std::optional<std::string>> AuditScan::hash_of(std::int64_t seq) {
  Question question(library_->file, kHashOf);
  question.bind(1, seq);
  std::optional<std::string> hash;
  if (question.next()) hash = std::string(question.text(0));
  if (question.failed()) return failure(library_->file);
  return hash;
}

Result<std::int64_t> AuditScan::highest() {
  Question question(library_->file, kHighest);
  const std::int64_t highest = question.next() ? question.number(0) : 0;
  if (question.failed()) return failure(library_->file);
  return highest;
}

Result<> AuditScan::rows(std::int64_t from, std::int64_t to, const std::function<bool(const ScannedAuditRow&)>& on_row,
                         const std::function<void(std::int64_t)>& on_stray) {
  Question rows(library_->file, kRows);
  Question details(library_->file, kDetails);
  for (Question* each : {&rows, &details}) {
    each->bind(1, from);
    each->bind(2, to);
  }
  DetailsInStep in_step(details, on_stray);
  ScannedAuditRow row;
  bool wanted = true;
  while (wanted && rows.next()) {
    take(rows, row);
    row.detail = in_step.of(row.seq());
    wanted = on_row(row);
    in_step.passed(row.seq());
  }
  if (wanted && !rows.failed()) in_step.rest();
  if (rows.failed() || details.failed()) return failure(library_->file);
  return Done{};
}

}  // namespace kapok::storage
