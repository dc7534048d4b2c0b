#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"

/// import: the directory, people and rosters from CSV files (deploy/guangzhou/README.md, "Formats").
namespace kapok::cli {
namespace {

constexpr std::size_t kFileBytesMax = 8UL * 1024 * 1024;
constexpr std::size_t kChunkBytes = 48UL * 1024;

std::string read_file(Invocation& run, const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) throw LocalFailure(say(run.language(), {"无法读取 {}", "cannot read {}"}, file.string()));
  if (text.view().empty() || text.view().size() > kFileBytesMax)
    throw LocalFailure(
        say(run.language(), {"{}：文件须为 1 字节至 8 MiB", "{}: a file has 1 byte to 8 MiB"}, file.string()));
  return text.str();
}

/// A large file is more requests than a client may send at once; the server says when to wait.
void send_in_turn(Invocation& run, v1::ClientFrame& frame) {
  while (true) {
    try {
      run.ask(frame);
      return;
    } catch (const Refused& refused) {
      if (refused.error.code() != "RETRY_AFTER") throw;
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

v1::ImportReport upload(Invocation& run, v1::ImportKind kind, const std::filesystem::path& file, bool dry_run) {
  const std::string bytes = read_file(run, file);
  v1::ClientFrame frame;
  frame.mutable_import_begin()->set_kind(kind);
  frame.mutable_import_begin()->set_bytes_total(bytes.size());
  const auto number = run.ask(frame).import_started().upload();
  ProgressBar bar(run.terminal, word(kind, run.language()) + " " + file.filename().string(), bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += kChunkBytes) {
    v1::ClientFrame chunk;
    chunk.mutable_import_chunk()->set_upload(number);
    chunk.mutable_import_chunk()->set_offset(at);
    chunk.mutable_import_chunk()->set_bytes(bytes.substr(at, kChunkBytes));
    send_in_turn(run, chunk);
    bar.reached(std::min(at + kChunkBytes, bytes.size()));
  }
  v1::ClientFrame commit;
  commit.mutable_import_commit()->set_upload(number);
  commit.mutable_import_commit()->set_dry_run(dry_run);
  auto report = run.change(commit).import_report();
  bar.finish();
  return report;
}

bool refused(const v1::ImportReport& report) {
  for (const auto& problem : report.problems())
    if (!problem.warning()) return true;
  return false;
}

ExitCode show(Invocation& run, v1::ImportKind kind, const std::filesystem::path& file, const v1::ImportReport& report,
              bool dry_run) {
  const bool wrong = refused(report);
  if (!run.print_json(report)) {
    Terminal& terminal = run.terminal;
    for (const auto& problem : report.problems()) {
      const std::string place = file.filename().string() + ":" + std::to_string(problem.row());
      terminal.err << terminal.paint(problem.warning() ? Colour::kYellow : Colour::kRed, place) << "  "
                   << problem.reason() << '\n';
    }
    const std::string what = word(kind, run.language());
    if (wrong) {
      terminal.note({"{}：{} 行，有错误，未导入", "{}: {} rows, some are wrong, nothing was imported"}, what,
                    report.rows());
    } else if (dry_run) {
      terminal.say({"{}：{} 行，可导入（新增 {}，变更 {}）", "{}: {} rows, fit to import ({} new, {} changed)"}, what,
                   report.rows(), report.added(), report.changed());
    } else {
      terminal.say({"{}：{} 行，新增 {}，变更 {}", "{}: {} rows, {} new, {} changed"}, what, report.rows(),
                   report.added(), report.changed());
    }
  }
  return wrong || (!dry_run && !report.committed()) ? ExitCode::kRefused : ExitCode::kOk;
}

struct Import {
  std::string kind;
  std::string file;
  bool dry_run = false;
};

ExitCode import_one(Invocation& run, v1::ImportKind kind, const std::filesystem::path& file, bool dry_run) {
  return show(run, kind, file, upload(run, kind, file, dry_run), dry_run);
}

/// Every file of the directory that has a name of ours, in the order in which they build on each other.
ExitCode import_all(Invocation& run, const Import& chosen) {
  bool any = false;
  for (int number = v1::IMPORT_KIND_REGIONS; number <= v1::ImportKind_MAX; ++number) {
    const auto kind = static_cast<v1::ImportKind>(number);
    const auto file = std::filesystem::path(chosen.file) / (stable_name(kind) + ".csv");
    if (!std::filesystem::exists(file)) continue;
    any = true;
    if (const auto ended = import_one(run, kind, file, chosen.dry_run); ended != ExitCode::kOk) return ended;
  }
  if (!any) throw UsageError(say(run.language(), {"{} 里没有可导入的文件", "{} holds no file to import"}, chosen.file));
  return ExitCode::kOk;
}

}  // namespace

void add_import_commands(Commands& commands) {
  auto* command = commands.add("import", {"导入 CSV：整份收下或整份拒绝", "import a CSV file, all or nothing"});
  auto chosen = std::make_shared<Import>();
  const std::string kinds = stable_names(*google::protobuf::GetEnumDescriptor<v1::ImportKind>());
  command
      ->add_option("kind", chosen->kind,
                   commands.words({"种类，或 all 导入目录下全部：", "kind, or all for a whole directory: "}) + kinds)
      ->required();
  command->add_option("file", chosen->file, commands.words({"CSV 文件；all 时为目录", "CSV file, a directory for all"}))
      ->required();
  command->add_flag("--dry-run", chosen->dry_run, commands.words({"只检查，不写入", "only check, write nothing"}));
  commands.does(
      command, std::function<ExitCode(Invocation&)>([chosen](Invocation& run) {
        if (chosen->kind == "all") return import_all(run, *chosen);
        const auto kind = from_word<v1::ImportKind>(chosen->kind);
        if (!kind) throw UsageError(say(run.language(), {"没有“{}”这种导入", "{} is no kind of import"}, chosen->kind));
        return import_one(run, *kind, chosen->file, chosen->dry_run);
      }));
}

}  // namespace kapok::cli
