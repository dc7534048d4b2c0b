#include <algorithm>
#include <filesystem>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/offline_files.h"
#include "cli/offline_store.h"
#include "cli/output_json.h"
#include "cli/password_prompt.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "storage/audit_head.h"
#include "storage/directory_lock.h"
#include "storage/durable_file.h"
#include "storage/guarded_file.h"
#include "storage/key_file.h"
#include "storage/key_ring.h"
#include "storage/policy.h"
#include "storage/store_scan.h"

/// keys: on the key file, beside a running server too, which follows it; retire alone needs the store to itself.
namespace kapok::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPassphraseMin = 12;
constexpr std::size_t kFileBytesMax = 64 * 1024;

struct Choice {
  std::string directory;
  std::string key_file;
  std::string second_path;
  std::string out;
  std::string from;
  std::string passphrase_file;
  std::uint32_t key = 0;

  [[nodiscard]] fs::path keys() const { return key_file_for(directory, key_file); }
};

std::string passphrase(Invocation& run, const Choice& chosen, bool twice) {
  std::string given;
  if (!chosen.passphrase_file.empty()) {
    given = or_local_failure(storage::read_guarded_file("passphrase file", chosen.passphrase_file, 1'024));
    while (!given.empty() && (given.back() == '\n' || given.back() == '\r')) given.pop_back();
  } else {
    given = ask_secret(run, {"密钥备份的口令", "passphrase of the key backup"});
    if (twice && run.terminal.interactive && ask_secret(run, {"再输入一次", "once more"}) != given)
      throw UsageError(say(run.language(), {"两次输入不同", "the two are not the same"}));
  }
  if (twice && given.size() < kPassphraseMin)
    throw UsageError(
        say(run.language(), {"口令至少 {} 个字符", "the passphrase needs at least {} characters"}, kPassphraseMin));
  return given;
}

bool is_below(const fs::path& file, const fs::path& directory) {
  const fs::path whole = fs::weakly_canonical(fs::absolute(file));
  const fs::path top = fs::weakly_canonical(fs::absolute(directory));
  const auto differ = std::mismatch(top.begin(), top.end(), whole.begin(), whole.end());
  return differ.first == top.end();
}

/// A stolen copy of the data must not bring the keys along.
void refuse_beside_data(Invocation& run, const Choice& chosen) {
  const std::string second =
      chosen.second_path.empty() ? second_path_in(fs::path(chosen.directory) / "kapokd.toml") : chosen.second_path;
  for (const std::string& place : {chosen.directory, second})
    if (!place.empty() && is_below(chosen.out, place))
      throw LocalFailure(say(run.language(),
                             {"密钥备份不能放在 {} 之下：数据或其备份被盗时，密钥会一同被盗",
                              "the key backup must not lie below {}: whoever steals the data would have the keys too"},
                             place));
}

void back_up(Invocation& run, const Choice& chosen) {
  refuse_beside_data(run, chosen);
  const auto ring = or_local_failure(storage::KeyRing::load(chosen.keys()));
  const auto files = or_local_failure(storage::read_key_files(chosen.keys()));
  const std::string fingerprint = storage::fingerprint_of(*ring);
  const std::string text =
      or_local_failure(storage::seal_key_backup(files, fingerprint, passphrase(run, chosen, true)));
  or_local_failure(storage::create_guarded_file("key backup", chosen.out, text));
  or_local_failure(storage::mark_backed_up(chosen.keys(), fingerprint));
  run.terminal.say({"密钥已用口令封存到 {}（指纹 {}）。请与数据分开存放，口令另存一处。",
                    "the keys are sealed in {} (fingerprint {}). Keep it apart from the data, and the passphrase "
                    "apart from both."},
                   chosen.out, fingerprint);
}

void restore(Invocation& run, const Choice& chosen) {
  const std::string text = or_local_failure(storage::read_small_file(chosen.from, kFileBytesMax));
  const auto files = or_local_failure(storage::open_key_backup(text, passphrase(run, chosen, false)));
  or_local_failure(storage::create_guarded_file("key file", chosen.keys(), files.keys));
  const fs::path audit_key = storage::audit_key_file_of(chosen.keys());
  if (!files.audit_key.empty() && !fs::exists(audit_key))
    or_local_failure(storage::create_guarded_file("audit key file", audit_key, files.audit_key));
  const auto ring = or_local_failure(storage::KeyRing::load(chosen.keys()));
  or_local_failure(storage::mark_backed_up(chosen.keys(), storage::fingerprint_of(*ring)));
  run.terminal.say({"密钥已恢复到 {}。请运行 kapokctl store scan 核对所有记录都能读出。",
                    "the keys are back in {}. Run kapokctl store scan to see that every row can be read."},
                   chosen.keys().string());
}

/// Counted by walking the whole store, under its lock.
storage::KeyCounts count_values(Invocation& run, const Choice& chosen) {
  OfflineStore store = OfflineStore::open(chosen.directory, chosen.keys(), 1);
  storage::StoreScan scan;
  store.read([&](storage::ReadTransaction& tx) {
    ProgressBar bar(run.terminal, say(run.language(), {"清点", "counting"}),
                    static_cast<std::size_t>(std::max<std::int64_t>(storage::rows_to_scan(tx), 1)));
    while (!scan.at_end()) {
      scan.next(tx, storage::kScanPage);
      bar.reached(static_cast<std::size_t>(scan.rows()));
    }
  });
  return scan.values_by_key();
}

/// What the running server said last; without one the values are counted.
storage::KeyUseNote use_of_keys(Invocation& run, const Choice& chosen, const storage::KeyRing& ring) {
  if (!storage::DirectoryLock::take(chosen.directory)) {
    if (const auto note = storage::read_key_use(chosen.keys())) return *note;
    throw LocalFailure(
        say(run.language(), {"服务器尚未清点，请稍后再试", "the server has not counted yet: try again"}));
  }
  const storage::KeyCounts counts = count_values(run, chosen);
  storage::KeyUseNote note;
  for (const std::uint8_t id : ring.key_ids()) note.values.emplace_back(id, counts[id]);
  return note;
}

void show_json(Invocation& run, const storage::KeyRing& ring, const storage::KeyUseNote& note, bool backed_up) {
  std::string list;
  for (const auto& [key, values] : note.values)
    list += std::string(list.empty() ? "" : ",") + "\n    {\"key\": " + std::to_string(key) +
            ", \"values\": " + std::to_string(values) +
            ", \"current\": " + (key == ring.current_key_id() ? "true" : "false") +
            ", \"index\": " + (key == ring.index_key_id() ? "true" : "false") + "}";
  run.terminal.out << "{\n  \"resealing\": " << (note.resealing ? "true" : "false")
                   << ",\n  \"rows_resealed\": " << note.rows_resealed
                   << ",\n  \"backed_up\": " << (backed_up ? "true" : "false") << ",\n  \"keys\": [" << list
                   << "\n  ]\n}\n";
}

void show(Invocation& run, const Choice& chosen) {
  const auto ring = or_local_failure(storage::KeyRing::load(chosen.keys()));
  const storage::KeyUseNote note = use_of_keys(run, chosen, *ring);
  const bool backed_up = storage::is_backed_up(chosen.keys(), *ring);
  Terminal& terminal = run.terminal;
  if (terminal.json) return show_json(run, *ring, note, backed_up);
  const auto title = [&](Words words) { return std::string(terminal.words(words)); };
  TablePrinter table({{title({"密钥", "key"}), Align::kRight},
                      {title({"封存的值", "values under it"}), Align::kRight},
                      {title({"用途", "used for"})},
                      {title({"可否淘汰", "may be retired"})}});
  for (const auto& [key, values] : note.values) {
    const bool current = key == ring->current_key_id(), index = key == ring->index_key_id();
    std::string use = current ? title({"新写入的值", "everything new"}) : std::string{};
    if (index) use += (use.empty() ? "" : ", ") + title({"索引与检索", "indices and search"});
    const bool unused = values == 0 && !current && !index;
    table.add({std::to_string(key), values < 0 ? "?" : std::to_string(values), use,
               title(unused ? Words{"是", "yes"} : Words{"否", "no"})});
  }
  table.print(terminal);
  if (note.resealing)
    terminal.say({"正在用新密钥重封旧值：启动以来 {} 行", "old values are being sealed anew: {} rows since the start"},
                 note.rows_resealed);
  if (!backed_up)
    terminal.out << terminal.paint(Colour::kYellow,
                                   title({"现有密钥尚未备份：请运行 kapokctl keys backup",
                                          "the present keys are not backed up: run kapokctl keys backup"}))
                 << '\n';
}

void rotate(Invocation& run, const Choice& chosen) {
  const auto ring = or_local_failure(storage::add_key(chosen.keys()));
  run.terminal.say({"密钥 {} 已写入 {}。运行中的服务器会在一秒内启用；请立即重新备份密钥。",
                    "key {} is in {}. A running server takes it within a second; back up the keys again now."},
                   static_cast<int>(ring->current_key_id()), chosen.keys().string());
}

void retire(Invocation& run, const Choice& chosen) {
  if (chosen.key < 1 || chosen.key > 255)
    throw UsageError(say(run.language(), {"密钥编号 1–255", "the number of a key, 1–255"}));
  const std::int64_t values = count_values(run, chosen)[chosen.key];
  if (values > 0)
    throw LocalFailure(say(run.language(),
                           {"仍有 {} 个值用密钥 {} 封存：请等服务器重封完",
                            "{} values are still sealed with key {}: let the server finish"},
                           values, chosen.key));
  or_local_failure(storage::remove_key(chosen.keys(), static_cast<std::uint8_t>(chosen.key)));
  run.terminal.say({"密钥 {} 已从密钥文件去掉。35 天内的旧备份仍需要它：请保留此前的密钥备份。",
                    "key {} is out of the key file. Backups of the last 35 days still need it: keep the earlier key "
                    "backup."},
                   chosen.key);
}

void add_place(CLI::App& command, const Commands& commands, Choice& chosen) {
  command.add_option("--data", chosen.directory, commands.words({"数据目录", "data directory"}))->required();
  command.add_option("--key-file", chosen.key_file,
                     commands.words({"密钥文件，默认在数据目录内", "key file, within the data directory by default"}));
}

void add_passphrase(CLI::App& command, const Commands& commands, Choice& chosen) {
  command.add_option(
      "--passphrase-file", chosen.passphrase_file,
      commands.words({"口令所在文件（0400），不询问", "file with the passphrase (0400), instead of asking"}));
}

void add_offline(Commands& commands, CLI::App& group) {
  auto* backup = commands.add(
      group, "backup",
      {"（本机）用口令封存密钥，另存一处", "(offline) seal the keys with a passphrase, to be kept elsewhere"});
  auto saved = std::make_shared<Choice>();
  add_place(*backup, commands, *saved);
  add_passphrase(*backup, commands, *saved);
  backup->add_option("--out", saved->out, commands.words({"写入的文件", "file to write"}))->required();
  backup->add_option(
      "--second-path", saved->second_path,
      commands.words({"备份所在目录，默认取自 kapokd.toml", "where backups lie, by default as in kapokd.toml"}));
  commands.does(backup, [saved](Invocation& run) { back_up(run, *saved); });
  auto* back = commands.add(group, "restore", {"（本机）从密钥备份恢复密钥文件", "(offline) key file from its backup"});
  auto found = std::make_shared<Choice>();
  add_place(*back, commands, *found);
  add_passphrase(*back, commands, *found);
  back->add_option("--from", found->from, commands.words({"密钥备份", "the key backup"}))->required();
  commands.does(back, [found](Invocation& run) { restore(run, *found); });
}

}  // namespace

void add_keys_commands(Commands& commands) {
  auto* group = commands.add_group("keys", {"（本机）密钥", "(offline) the keys of the store"});
  const auto add = [&](const char* name, Words about, void (*action)(Invocation&, const Choice&)) {
    auto* command = commands.add(*group, name, about);
    auto chosen = std::make_shared<Choice>();
    add_place(*command, commands, *chosen);
    commands.does(command, [chosen, action](Invocation& run) { action(run, *chosen); });
    return std::pair(command, chosen);
  };
  add("show", {"每把密钥还封着多少值", "how many values each key still seals"}, show);
  add("rotate", {"启用新密钥，旧值由服务器在后台重封", "a new key; the server seals old values anew"}, rotate);
  const auto [command, chosen] =
      add("retire", {"从密钥文件中去掉不再使用的密钥", "take an unused key out of the file"}, retire);
  command->add_option("key", chosen->key, commands.words({"密钥编号", "number of the key"}))->required();
  add_offline(commands, *group);
}

}  // namespace kapok::cli
