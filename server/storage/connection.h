#pragma once

#include <soci/soci.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/cell.h"
#include "storage/damage.h"
#include "storage/fault_point.h"
#include "storage/sql.h"

namespace kapok::storage {

class ChangeRecorder;

/// One open connection with its prepared statements. Included by storage files only; everybody above
/// sees it as an incomplete type. Used by one thread at a time.
///
/// Fences around SOCI (stack.md §5.3): static `into` and `use` of 64-bit integers and strings only, never
/// soci::row (cuts integers to 32 bits) nor soci::blob; unique violations are decided by ON CONFLICT, not
/// by exception category. Failures leave as StoreFailure, whose text holds no bound value: SOCI's own
/// messages quote parameters, and a caller's number must not reach a log.
class Connection {
 public:
  Connection(std::unique_ptr<soci::session> session, Dialect dialect);
  ~Connection();

  [[nodiscard]] Dialect dialect() const { return dialect_; }

  /// Runs a statement that returns no rows; how many rows it touched. Taken down when a recorder is set.
  long long run(const Sql& sql, const Values& in = {});

  /// As run(), for statements that tidy up and may touch any number of rows: run again elsewhere, where not all of
  /// these rows are, another count is no sign of trouble.
  long long run_sweep(const Sql& sql, const Values& in = {});

  /// As run(), never taken down: for what the writer adds to each batch itself.
  long long run_unrecorded(const Sql& sql, const Values& in = {});

  /// Runs a statement of a change record again. Its text need not be known to this program: an older one may have
  /// written it.
  long long run_again(const std::string& text, const Values& in);

  /// Begins and commits a batch.
  void begin_batch();
  void commit_batch();

  /// For tests: makes begin_batch(), run() and commit_batch() fail when `hook` says so.
  void fail_when(FaultHook hook) { faults_ = std::move(hook); }

  /// The working set: holds a part of the rows only. What tidies up elsewhere leaves it alone.
  void mark_partial() { partial_ = true; }
  [[nodiscard]] bool is_partial() const { return partial_; }

  /// Takes down what run() and run_sweep() do from now on; null: nothing. Must outlive its use.
  void record_to(ChangeRecorder* recorder) { recorder_ = recorder; }

  /// Runs a query to its end and hands each row to `on_row`; `out` names the column types. The cells are
  /// reused for the next row: copy what must stay. `on_row` may run other statements, not this one.
  void query(const Sql& sql, const Values& in, const std::vector<CellKind>& out,
             const std::function<void(const Values&)>& on_row);

  /// First row of a query, or nothing.
  std::optional<Values> first(const Sql& sql, const Values& in, const std::vector<CellKind>& out);

  /// Runs text that is not a registered statement: schema steps, pragmas, transaction control.
  void run_text(const std::string& text);
  /// One value of such text, as text ("wal", "2").
  std::string text_of(const std::string& text);

  /// Anything kept alive exactly as long as this connection (the token of the one writer).
  void keep(std::shared_ptr<void> token) { kept_ = std::move(token); }

  /// Where tables say that a row is damaged; nothing for a connection that is not of the store itself.
  void note_damage_to(std::shared_ptr<DamageNotes> notes) { damage_notes_ = std::move(notes); }
  [[nodiscard]] DamageNotes* damage_notes() const { return damage_notes_.get(); }

 private:
  struct Statement;
  Statement& prepared(const Sql& sql, const Values& in, const std::vector<CellKind>& out);
  void forget(const Sql& sql);
  void fail_here(FaultPoint point) const;

  std::shared_ptr<void> kept_;
  std::shared_ptr<DamageNotes> damage_notes_;
  std::unique_ptr<soci::session> session_;
  Dialect dialect_;
  ChangeRecorder* recorder_ = nullptr;
  FaultHook faults_;
  bool partial_ = false;
  std::vector<std::unique_ptr<Statement>> statements_;
};

/// A statement failed in the database. `store_is_sick` means the store itself is in doubt (I/O, full,
/// corrupt, connection lost), not this one request.
class StoreFailure : public std::runtime_error {
 public:
  StoreFailure(const std::string& what, bool sick, bool damaged = false)
      : std::runtime_error(what), store_is_sick(sick), page_is_damaged(damaged) {}
  bool store_is_sick;
  bool page_is_damaged;  ///< part of the file is not what was written: the statement's trouble, not the store's
};

}  // namespace kapok::storage
