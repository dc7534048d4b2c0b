#include <stdlib.h>

#include "cli/offline_backup.h"
#include "cli/offline_store.h"
#include "cli/output_json.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"
#include "storage/audit_chain.h"
#include "storage/backup_restore.h"
#include "storage/guarded_file.h"
#include "storage/store_layout.h"
#include "storage/store_scan.h"

namespace kapok::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyFileBytesMax = 64 * 1024;

template <class T>
T or_fail(Result<T> result) {
  if (!result) throw LocalFailure(result.error().detail);
  return std::move(result).value();
}

struct OpenedKeys {
  storage::BackupPrivateKey backup;
  std::unique_ptr<const storage::KeyRing> data;
};

OpenedKeys open_keys(Invocation& run, const BackupKeys& keys) {
  note_data_keys(run);
  if (!fs::exists(keys.data_keys))
    throw LocalFailure(say(run.language(),
                           {"没有数据密钥文件 {}：备份里的记录都用它加密，请先从另存的备份取回它",
                            "no data key file {}: every record in the backup is sealed with it; bring it back from its "
                            "own backup first"},
                           keys.data_keys));
  return {or_fail(storage::load_backup_private_key(keys.private_key)), or_fail(storage::KeyRing::load(keys.data_keys))};
}

storage::Restored bring_back(Invocation& run, const storage::RestoreOrder& order, const OpenedKeys& keys) {
  ProgressBar bar(run.terminal, say(run.language(), {"恢复", "restoring"}), 100);
  return or_fail(storage::restore_backup(order, keys.backup, *keys.data,
                                         [&](std::size_t done, std::size_t of) { bar.reached(done * 100 / of); }));
}

void say_restored(Invocation& run, const storage::Restored& restored, int offset_min) {
  Terminal& terminal = run.terminal;
  for (const auto& fault : restored.faults)
    terminal.err << terminal.paint(Colour::kRed, fault.path.string()) << ' ' << fault.what << '\n';
  terminal.say({"全量备份 {}，制作于 {}", "whole copy {}, made {}"}, restored.base.path.filename().string(),
               iso_time(restored.base.header.made_at.us, offset_min));
  terminal.say({"其后 {} 个变更文件，{} 批变更", "then {} files of changes, {} batches"}, restored.segments,
               restored.batches);
  std::int64_t rows = 0;
  for (const auto& [table, count] : restored.facts.rows) rows += count;
  terminal.say({"{} 行，与备份时所记相符；审计链到第 {} 行",
                "{} rows, as noted when the backup was made; audit chain to row {}"},
               rows, restored.facts.audit_seq);
  terminal.say({"恢复到 {}（之后的变更不在备份里）", "reaches to {} (what changed later is not in the backup)"},
               iso_time(restored.reaches_to.us, offset_min));
  if (!restored.complete)
    terminal.note({"变更在上述文件处中断：其后的变更没有恢复",
                   "the changes break off at the file named above: what follows "
                   "it was not restored"});
}

std::string restored_json(const storage::Restored& restored, int offset_min) {
  std::string faults;
  for (const auto& fault : restored.faults)
    faults += std::string(faults.empty() ? "" : ", ") + json_string(fault.path.string() + " " + fault.what);
  return "\"whole_copy\": " + json_string(restored.base.path.string()) +
         ",\n  \"change_files\": " + std::to_string(restored.segments) +
         ",\n  \"batches\": " + std::to_string(restored.batches) +
         ",\n  \"audit_rows\": " + std::to_string(restored.facts.audit_seq) +
         ",\n  \"reaches_to\": " + json_string(iso_time(restored.reaches_to.us, offset_min)) +
         ",\n  \"complete\": " + (restored.complete ? "true" : "false") + ",\n  \"faults\": [" + faults + "]";
}

/// A directory for one trial, gone after it.
class TrialDirectory {
 public:
  TrialDirectory() {
    std::string pattern = (fs::temp_directory_path() / "kapok-backup-trial-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw LocalFailure(pattern + " cannot be made");
    path_ = pattern;
  }
  ~TrialDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TrialDirectory(const TrialDirectory&) = delete;
  TrialDirectory& operator=(const TrialDirectory&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Looked {
  storage::ScanReport scan;
  storage::AuditVerdict audit;
  std::vector<std::string> damaged;
};

/// Every row and the whole chain; opening the store brings its schema up to this program's.
Looked look_at(Invocation& run, const fs::path& directory, const fs::path& keys, std::int64_t city) {
  OfflineStore store = OfflineStore::open(directory, keys, city);
  Looked looked;
  ProgressBar bar(run.terminal, say(run.language(), {"逐行核对", "checking every row"}), 100);
  store.read([&](storage::ReadTransaction& tx) {
    const auto all = std::max<std::int64_t>(storage::rows_to_scan(tx), 1);
    looked.scan = storage::scan_store(
        tx,
        [&](const storage::DamagedRow& row) {
          looked.damaged.push_back(row.table + ' ' + std::to_string(row.key.id) + ": " + row.what);
        },
        [&](std::int64_t rows) { bar.reached(static_cast<std::size_t>(rows * 100 / all)); });
    looked.audit = storage::verify_audit_chain(tx);
  });
  return looked;
}

}  // namespace

ExitCode try_backup(Invocation& run, const BackupShelf& shelf, const BackupKeys& files) {
  const OpenedKeys keys = open_keys(run, files);
  const TrialDirectory trial;
  const auto restored = bring_back(run, {.shelf = shelf.path(), .to = trial.path(), .until = {}}, keys);
  const Looked looked = look_at(run, trial.path(), files.data_keys, restored.base.header.city);
  const bool sound = restored.faults.empty() && looked.scan.sound() && looked.audit.sound();
  Terminal& terminal = run.terminal;
  if (terminal.json) {
    terminal.out << "{\n  \"sound\": " << (sound ? "true" : "false") << ",\n  "
                 << restored_json(restored, shelf.offset_min) << ",\n  \"rows_checked\": " << looked.scan.rows
                 << ",\n  \"rows_damaged\": " << looked.scan.damaged
                 << ",\n  \"structure_faults\": " << looked.scan.structure.size()
                 << ",\n  \"audit_sound\": " << (looked.audit.sound() ? "true" : "false") << "\n}\n";
    return sound ? ExitCode::kOk : ExitCode::kRefused;
  }
  say_restored(run, restored, shelf.offset_min);
  for (const std::string& row : looked.damaged) terminal.err << row << '\n';
  for (const std::string& fault : looked.scan.structure) terminal.err << fault << '\n';
  terminal.say({"核对 {} 行的印鉴，{} 行损坏", "checked the seal of {} rows, {} damaged"}, looked.scan.rows,
               looked.scan.damaged);
  if (looked.audit.sound()) {
    terminal.say({"审计链完好：{} 行", "the audit chain is sound: {} rows"}, looked.audit.rows);
  } else {
    terminal.note({"审计链在第 {} 行断裂：{}", "the audit chain breaks at row {}: {}"}, *looked.audit.first_bad_seq,
                  looked.audit.what);
  }
  if (sound) terminal.say({"这份备份可以恢复", "this backup can be restored"});
  return sound ? ExitCode::kOk : ExitCode::kRefused;
}

ExitCode restore(Invocation& run, const BackupShelf& shelf, const BackupKeys& files, const fs::path& to,
                 const std::string& until) {
  storage::RestoreOrder order{.shelf = shelf.path(), .to = to, .until = {}};
  if (!until.empty()) {
    const auto at = time_from(until, wall_now().us, shelf.offset_min, true);
    if (!at) throw UsageError(say(run.language(), {"看不懂的时间：{}", "not a time: {}"}, until));
    order.until = Instant{*at};
  }
  run.terminal.note({"kapokctl 直接写入新的数据目录 {}（持有目录锁）",
                     "kapokctl itself writes a new data directory {}, "
                     "holding its lock"},
                    to.string());
  const OpenedKeys keys = open_keys(run, files);
  const auto restored = bring_back(run, order, keys);
  // kapokd looks for the keys there; wherever else they are wanted, they can be moved.
  const auto text = or_fail(storage::read_guarded_file("key file", files.data_keys, kKeyFileBytesMax));
  or_fail(storage::create_guarded_file("key file", storage::key_file_of(to), text));
  if (run.terminal.json) {
    run.terminal.out << "{\n  \"directory\": " << json_string(to.string()) << ",\n  "
                     << restored_json(restored, shelf.offset_min) << "\n}\n";
  } else {
    say_restored(run, restored, shelf.offset_min);
    run.terminal.say(
        {"新的数据目录 {}：密钥已放入其中；还需要 kapokd.toml、tls.crt 和 tls.key，然后启动 kapokd",
         "the new data directory is {}, the keys are in it; it still needs kapokd.toml, tls.crt and tls.key, "
         "then start kapokd"},
        to.string());
  }
  return restored.faults.empty() ? ExitCode::kOk : ExitCode::kRefused;
}

}  // namespace kapok::cli
