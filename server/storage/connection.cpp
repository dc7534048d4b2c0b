#include "storage/connection.h"

#include <soci/sqlite3/soci-sqlite3.h>

#include "core/check.h"
#include "storage/change_record.h"

namespace kapok::storage {
namespace {

bool is_sick(const soci::soci_error& error) {
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    switch (sqlite->result() & 0xff) {  // extended codes carry the primary one in the low byte
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
      case SQLITE_NOMEM:
      case SQLITE_READONLY:
      case SQLITE_INTERRUPT:
      case SQLITE_IOERR:
      case SQLITE_FULL:
      case SQLITE_CANTOPEN:
      case SQLITE_PROTOCOL:
      case SQLITE_NOTADB:
        return true;
      default:
        return false;
    }
  }
  return error.get_error_category() == soci::soci_error::connection_error ||
         error.get_error_category() == soci::soci_error::system_error;
}

/// One unreadable page is the trouble of those who ask for what is on it; a COMMIT that fails by it fails its batch all
/// the same.
bool is_damaged_page(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  return sqlite != nullptr && (sqlite->result() & 0xff) == SQLITE_CORRUPT;
}

/// What SOCI says without the part that quotes the statement and its parameters.
StoreFailure failure_of(const soci::soci_error& error) {
  return {error.get_error_message(), is_sick(error), is_damaged_page(error)};
}

}  // namespace

/// A prepared statement bound for life to its own buffers.
struct Connection::Statement {
  Statement(soci::session& session, const std::string& text, const Values& in_types,
            const std::vector<CellKind>& out_types)
      : in(in_types), in_marks(in.size(), soci::i_ok), out_marks(out_types.size(), soci::i_ok), statement(session) {
    for (const CellKind kind : out_types) out.emplace_back(kind);
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (in[i].kind == CellKind::kInteger) {
        statement.exchange(soci::use(in[i].integer, in_marks[i]));
      } else {
        statement.exchange(soci::use(in[i].text, in_marks[i]));
      }
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i].kind == CellKind::kInteger) {
        statement.exchange(soci::into(out[i].integer, out_marks[i]));
      } else {
        statement.exchange(soci::into(out[i].text, out_marks[i]));
      }
    }
    statement.alloc();
    statement.prepare(text);
    statement.define_and_bind();
  }

  [[nodiscard]] bool fits(const Values& values, const std::vector<CellKind>& out_types) const {
    if (busy || values.size() != in.size() || out_types.size() != out.size()) return false;
    for (std::size_t i = 0; i < in.size(); ++i)
      if (values[i].kind != in[i].kind) return false;
    for (std::size_t i = 0; i < out.size(); ++i)
      if (out_types[i] != out[i].kind) return false;
    return true;
  }

  void load(const Values& values) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      in_marks[i] = values[i].null ? soci::i_null : soci::i_ok;
      in[i].integer = values[i].integer;
      in[i].text = values[i].text;
    }
  }

  void note_nulls() {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].null = out_marks[i] == soci::i_null;
      if (!out[i].null) continue;
      out[i].integer = 0;
      out[i].text.clear();
    }
  }

  Values in;
  Values out;
  std::vector<soci::indicator> in_marks;
  std::vector<soci::indicator> out_marks;
  bool busy = false;
  soci::statement statement;
};

Connection::Connection(std::unique_ptr<soci::session> session, Dialect dialect)
    : session_(std::move(session)), dialect_(dialect) {}

Connection::~Connection() = default;

Connection::Statement& Connection::prepared(const Sql& sql, const Values& in, const std::vector<CellKind>& out) {
  if (statements_.size() <= sql.number()) statements_.resize(sql.number() + 1);
  auto& slot = statements_[sql.number()];
  KAPOK_CHECK(!slot || !slot->busy);  // a row handler may not run its own statement
  if (!slot || !slot->fits(in, out)) slot = std::make_unique<Statement>(*session_, sql.text(), in, out);
  slot->load(in);
  return *slot;
}

void Connection::forget(const Sql& sql) {
  if (sql.number() < statements_.size()) statements_[sql.number()].reset();
}

long long Connection::run(const Sql& sql, const Values& in) {
  const long long touched = run_unrecorded(sql, in);
  if (recorder_ != nullptr) recorder_->add(sql, in, touched);
  return touched;
}

long long Connection::run_sweep(const Sql& sql, const Values& in) {
  const long long touched = run_unrecorded(sql, in);
  if (recorder_ != nullptr) recorder_->add(sql, in, kTouchedAny);
  return touched;
}

long long Connection::run_again(const std::string& text, const Values& in) {
  if (const auto known = Sql::known(text)) return run_unrecorded(*known, in);
  try {
    Statement once(*session_, text, in, {});
    once.load(in);
    once.statement.execute(true);
    return once.statement.get_affected_rows();
  } catch (const soci::soci_error& error) {
    throw failure_of(error);
  }
}

void Connection::begin_batch() {
  fail_here(FaultPoint::kStoreBegin);
  run_text(dialect_ == Dialect::kSqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

void Connection::commit_batch() {
  fail_here(FaultPoint::kStoreCommit);
  run_text("COMMIT");
  fail_here(FaultPoint::kStoreCommitDurable);
}

void Connection::fail_here(FaultPoint point) const {
  if (faults_ && faults_(point)) throw StoreFailure("a fault of a test", true);
}

long long Connection::run_unrecorded(const Sql& sql, const Values& in) {
  fail_here(FaultPoint::kStoreStatement);
  try {
    Statement& held = prepared(sql, in, {});
    held.statement.execute(true);
    return held.statement.get_affected_rows();
  } catch (const soci::soci_error& error) {
    forget(sql);
    throw failure_of(error);
  }
}

void Connection::query(const Sql& sql, const Values& in, const std::vector<CellKind>& out,
                       const std::function<void(const Values&)>& on_row) {
  try {
    Statement& held = prepared(sql, in, out);
    held.busy = true;
    held.statement.execute(false);
    while (held.statement.fetch()) {
      held.note_nulls();
      on_row(held.out);
    }
    held.busy = false;
  } catch (const soci::soci_error& error) {
    forget(sql);
    throw failure_of(error);
  } catch (...) {
    forget(sql);  // a statement left in the middle would hold its snapshot open
    throw;
  }
}

std::optional<Values> Connection::first(const Sql& sql, const Values& in, const std::vector<CellKind>& out) {
  std::optional<Values> found;
  query(sql, in, out, [&](const Values& row) {
    if (!found) found = row;
  });
  return found;
}

void Connection::run_text(const std::string& text) {
  try {
    soci::statement statement(*session_);
    statement.alloc();
    statement.prepare(text, soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute(true);
  } catch (const soci::soci_error& error) {
    throw failure_of(error);
  }
}

std::string Connection::text_of(const std::string& text) {
  try {
    std::string value;
    soci::indicator mark = soci::i_ok;
    *session_ << text, soci::into(value, mark);
    return value;
  } catch (const soci::soci_error& error) {
    throw failure_of(error);
  }
}

}  // namespace kapok::storage
