#include "cli/offline_backup.h"

#include "cli/output_json.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "cli/time_text.h"
#include "storage/backup_shelf.h"

namespace kapok::cli {
namespace {

namespace fs = std::filesystem;

template <class T>
T or_fail(Result<T> result) {
  if (!result) throw LocalFailure(result.error().detail);
  return std::move(result).value();
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10 * 1024) return fmt::format("{} B", bytes);
  if (bytes < 10 * 1024 * 1024) return fmt::format("{} KiB", bytes >> 10);
  return fmt::format("{} MiB", bytes >> 20);
}

/// A base and what carries it on.
struct Line {
  const storage::ShelfFile* base;
  std::vector<const storage::ShelfFile*> chain;

  [[nodiscard]] Instant reaches_to() const {
    return chain.empty() ? base->header.reaches_to : chain.back()->header.reaches_to;
  }
  [[nodiscard]] std::int64_t last_seq() const {
    return chain.empty() ? base->header.to_seq : chain.back()->header.to_seq;
  }
};

std::vector<Line> lines_of(const storage::Shelf& shelf) {
  std::vector<Line> lines;
  for (const storage::ShelfFile& base : shelf.bases) lines.push_back({&base, storage::segments_after(shelf, base)});
  return lines;
}

std::string faults_json(const std::vector<storage::ShelfFault>& faults) {
  std::string list;
  for (const auto& fault : faults)
    list += std::string(list.empty() ? "" : ",") + "\n    {\"file\": " + json_string(fault.path.string()) +
            ", \"what\": " + json_string(fault.what) + "}";
  return list.empty() ? "[]" : "[" + list + "\n  ]";
}

void print_lines(Invocation& run, const storage::Shelf& shelf, int offset_min) {
  Terminal& terminal = run.terminal;
  TablePrinter table({{std::string(terminal.words({"全量备份时间", "WHOLE COPY MADE"}))},
                      {std::string(terminal.words({"大小", "SIZE"})), Align::kRight},
                      {std::string(terminal.words({"其后变更文件", "FILES AFTER IT"})), Align::kRight},
                      {std::string(terminal.words({"可恢复到", "REACHES TO"}))},
                      {std::string(terminal.words({"文件", "FILE"}))}});
  for (const Line& line : lines_of(shelf))
    table.add({iso_time(line.base->header.made_at.us, offset_min), size_text(line.base->bytes),
               std::to_string(line.chain.size()), iso_time(line.reaches_to().us, offset_min),
               line.base->path.filename().string()});
  table.print(terminal);
}

void print_json(Invocation& run, const storage::Shelf& shelf, const std::vector<storage::ShelfFault>& faults,
                int offset_min) {
  std::string list;
  for (const Line& line : lines_of(shelf))
    list += std::string(list.empty() ? "" : ",") + "\n    {\"file\": " + json_string(line.base->path.string()) +
            ", \"made_at\": " + json_string(iso_time(line.base->header.made_at.us, offset_min)) +
            ", \"bytes\": " + std::to_string(line.base->bytes) +
            ", \"batch\": " + json_string(std::to_string(line.base->header.to_seq)) +
            ", \"files_after\": " + std::to_string(line.chain.size()) +
            ", \"last_batch\": " + json_string(std::to_string(line.last_seq())) +
            ", \"reaches_to\": " + json_string(iso_time(line.reaches_to().us, offset_min)) +
            ", \"backup_key\": " + json_string(storage::fingerprint_text(line.base->header.fingerprint)) + "}";
  run.terminal.out << "{\n  \"sound\": " << (faults.empty() && !shelf.bases.empty() ? "true" : "false")
                   << ",\n  \"whole_copies\": " << (list.empty() ? "[]" : "[" + list + "\n  ]")
                   << ",\n  \"change_files\": " << shelf.segments.size() << ",\n  \"faults\": " << faults_json(faults)
                   << "\n}\n";
}

void say_faults(Invocation& run, const std::vector<storage::ShelfFault>& faults) {
  for (const auto& fault : faults)
    run.terminal.err << run.terminal.paint(Colour::kRed, fault.path.string()) << ' ' << fault.what << '\n';
}

}  // namespace

fs::path BackupShelf::path() const {
  std::error_code ignored;
  const fs::path below = fs::path(directory) / "backup";
  return fs::is_directory(below, ignored) ? below : fs::path(directory);
}

void note_data_keys(Invocation& run) {
  run.terminal.note(
      {"注意：数据密钥文件（keys）不在备份里，须另行备份、分开存放；没有它，任何备份都无法恢复",
       "note: the data key file (keys) is not in the backup; keep a copy of it apart from the data: without "
       "it no backup can be restored"});
}

ExitCode make_backup_key(Invocation& run, const std::string& file) {
  const auto key = or_fail(storage::make_backup_keys(file));
  Terminal& terminal = run.terminal;
  const std::string public_file = storage::public_file_of(file).string();
  const std::string fingerprint = storage::fingerprint_text(key.fingerprint());
  if (terminal.json) {
    terminal.out << "{\n  \"private_key\": " << json_string(file) << ",\n  \"public_key\": " << json_string(public_file)
                 << ",\n  \"fingerprint\": " << json_string(fingerprint) << "\n}\n";
    return ExitCode::kOk;
  }
  terminal.say({"私钥 {}（0400）", "private key {} (0400)"}, file);
  terminal.say({"公钥 {}", "public key {}"}, public_file);
  terminal.say({"指纹 {}", "fingerprint {}"}, fingerprint);
  terminal.say({"把公钥复制到服务器，在 kapokd.toml 的 [backup] 写 public_key = \"{}\"，并设置 second_path",
                "copy the public key to the server, write public_key = \"{}\" under [backup] in kapokd.toml and set "
                "second_path"},
               public_file);
  terminal.out
      << terminal.paint(
             Colour::kYellow,
             terminal.words(
                 {"私钥打印两份或存入两个 U 盘，锁进保险柜，不要留在服务器上：丢了它，备份打不开；"
                  "留在服务器旁，偷走备份的人也能打开。然后删除这台机器上的私钥文件。",
                  "Print the private key twice or put it on two sticks, lock them in a safe, and leave none on "
                  "the server: without it no backup opens, beside the server a stolen backup does. Then "
                  "remove the file from this machine."}))
      << '\n';
  note_data_keys(run);
  return ExitCode::kOk;
}

ExitCode list_backups(Invocation& run, const BackupShelf& chosen) {
  const auto shelf = or_fail(storage::read_shelf(chosen.path(), storage::ShelfLook::kHeaders));
  if (run.terminal.json) {
    print_json(run, shelf, shelf.faults, chosen.offset_min);
    return ExitCode::kOk;
  }
  print_lines(run, shelf, chosen.offset_min);
  if (shelf.bases.empty()) run.terminal.say({"没有全量备份", "no whole copy"});
  say_faults(run, shelf.faults);
  note_data_keys(run);
  return ExitCode::kOk;
}

ExitCode verify_shelf(Invocation& run, const BackupShelf& chosen) {
  ProgressBar bar(run.terminal, say(run.language(), {"校验", "checking"}), 100);
  const auto shelf =
      or_fail(storage::read_shelf(chosen.path(), storage::ShelfLook::kWholeFiles,
                                  [&](std::size_t done, std::size_t of) { bar.reached(done * 100 / of); }));
  bar.finish();
  std::vector<storage::ShelfFault> faults = shelf.faults;
  for (auto& fault : storage::continuity_faults(shelf)) faults.push_back(std::move(fault));
  const bool sound = faults.empty() && !shelf.bases.empty();
  if (run.terminal.json) {
    print_json(run, shelf, faults, chosen.offset_min);
    return sound ? ExitCode::kOk : ExitCode::kRefused;
  }
  say_faults(run, faults);
  print_lines(run, shelf, chosen.offset_min);
  Terminal& terminal = run.terminal;
  if (sound) {
    terminal.say({"全部完好：{} 份全量备份，{} 个变更文件，摘要相符，首尾相接",
                  "all sound: {} whole copies, {} files of changes; digests match, nothing is missing between them"},
                 shelf.bases.size(), shelf.segments.size());
    terminal.say({"内容能否恢复，要用私钥试一次：backup verify --key 私钥 --keys 数据密钥 {}",
                  "whether it can be restored shows with the private key: backup verify --key FILE --keys FILE {}"},
                 chosen.directory);
  } else if (shelf.bases.empty()) {
    terminal.note({"{} 里没有完好的全量备份", "no sound whole copy in {}"}, chosen.path().string());
  } else {
    terminal.note({"有 {} 处问题", "{} faults"}, faults.size());
  }
  note_data_keys(run);
  return sound ? ExitCode::kOk : ExitCode::kRefused;
}

}  // namespace kapok::cli
