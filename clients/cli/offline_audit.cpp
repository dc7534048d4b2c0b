#include "cli/offline_audit.h"

#include <filesystem>

#include "cli/exit_code.h"
#include "cli/output_json.h"
#include "cli/time_text.h"
#include "core/local_time.h"
#include "storage/audit_head_files.h"
#include "storage/audit_verify.h"
#include "storage/directory_lock.h"
#include "storage/store_layout.h"

/// audit verify and audit heads: on the files, under the lock, without changing anything.
namespace kapok::cli {
namespace {

namespace fs = std::filesystem;

struct Choice {
  std::string directory;
  std::string key_file;
  std::string heads;
  std::string since;
  std::vector<std::string> public_keys;
  std::size_t last = 10;
};

template <class T>
T or_fail(Result<T> result) {
  if (!result) throw LocalFailure(result.error().detail);
  return std::move(result).value();
}

fs::path keys_of(const Choice& chosen) {
  return chosen.key_file.empty() ? storage::key_file_of(chosen.directory) : fs::path(chosen.key_file);
}

/// Where the heads are: as named, else beside the data.
fs::path heads_of(const Choice& chosen) {
  if (!chosen.heads.empty() && !fs::exists(chosen.heads)) throw LocalFailure(chosen.heads + ": no such file");
  return chosen.heads.empty() ? storage::audit_heads_directory(chosen.directory) : fs::path(chosen.heads);
}

std::vector<storage::AuditPublicKey> public_keys_of(const Choice& chosen) {
  std::vector<storage::AuditPublicKey> keys;
  for (const std::string& text : chosen.public_keys) keys.push_back(or_fail(storage::read_audit_public_key(text)));
  const fs::path file = storage::audit_key_file_of(keys_of(chosen));
  if (keys.empty() && fs::exists(file)) keys.push_back(or_fail(storage::AuditSigner::load(file)).public_key());
  return keys;
}

std::string local_text(Instant at) { return at.is_set() ? format_local(at, kChinaOffset) : "—"; }

void print_json(Terminal& terminal, const storage::AuditFindings& found) {
  std::string notes;
  for (const std::string& note : found.notes) notes += (notes.empty() ? "" : ", ") + json_string(note);
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  terminal.out << "{\n  \"sound\": " << (found.sound() ? "true" : "false") << ",\n  \"rows\": " << found.chain.rows
               << ",\n  \"highest\": " << found.highest << ",\n  \"details_shredded\": " << found.chain.details_shredded
               << ",\n  \"details_unopened\": " << found.details_unopened << ",\n  \"first_bad_seq\": "
               << (found.chain.sound() ? "null" : json_string(number(*found.chain.first_bad_seq)))
               << ",\n  \"what\": " << json_string(found.chain.what) << ",\n  \"heads_good\": " << found.heads_good
               << ",\n  \"heads_false\": " << found.heads_false << ",\n  \"heads_unknown\": " << found.heads_unknown
               << ",\n  \"protected_to\": " << found.protected_to << ",\n  \"protected_at\": "
               << (found.protected_at.is_set() ? json_string(local_text(found.protected_at)) : "null")
               << ",\n  \"unprotected\": " << found.unprotected() << ",\n  \"notes\": [" << notes << "]\n}\n";
}

void say_details(Terminal& terminal, const storage::AuditFindings& found) {
  if (found.chain.details_shredded > 0)
    terminal.say({"其中 {} 行的明文已按期销毁", "details of {} rows were shredded"}, found.chain.details_shredded);
  if (found.details_unopened > 0)
    terminal.say({"{} 行的明文没有密钥，未核对", "details of {} rows were not opened: their key is not at hand"},
                 found.details_unopened);
}

void say_protection(Terminal& terminal, const storage::AuditFindings& found) {
  if (found.heads_good == 0) {
    if (!found.chain.sound()) return;
    terminal.note({"没有可对照的签名链头：被截去的尾部或整体重写看不出来（--heads 指定第二路径上的 audit-heads）",
                   "no signed head to compare with: a cut tail or a whole rewrite would not be seen (--heads names "
                   "audit-heads on the second path)"});
    return;
  }
  terminal.say(
      {"与 {} 个签名链头相符；截至第 {} 行（{}）受保护", "borne out by {} signed heads; protected to row {} ({})"},
      found.heads_good, found.protected_to, local_text(found.protected_at));
  if (found.unprotected() > 0)
    terminal.say(
        {"第 {} 至 {} 行比最后一个链头新，尚未受保护", "rows {} to {} are younger than the last head: unprotected"},
        found.protected_to + 1, found.highest);
}

void say_findings(Terminal& terminal, const storage::AuditFindings& found) {
  if (found.chain.sound())
    terminal.say({"审计链完好：{} 行", "the audit chain is sound: {} rows"}, found.chain.rows);
  else
    terminal.note({"审计链在第 {} 行断裂：{}（之前 {} 行完好）",
                   "the audit chain breaks at row {}: {} ({} rows before it are sound)"},
                  *found.chain.first_bad_seq, found.chain.what, found.chain.rows);
  if (found.heads_false > 0)
    terminal.note({"{} 个链头被改动过", "{} heads were changed after they were signed"}, found.heads_false);
  if (found.heads_unknown > 0)
    terminal.note(
        {"{} 个链头由未指明的密钥签名（--public-key）", "{} heads were signed by a key not named (--public-key)"},
        found.heads_unknown);
  say_details(terminal, found);
  say_protection(terminal, found);
  for (const std::string& note : found.notes) terminal.note({"链头：{}", "heads: {}"}, note);
}

ExitCode verify(Invocation& run, const Choice& chosen) {
  run.terminal.note({"kapokctl 直接只读打开 {}（持有目录锁）", "kapokctl itself opens {}, read-only, holding its lock"},
                    chosen.directory);
  if (!fs::exists(storage::database_file_of(chosen.directory)))
    throw LocalFailure(say(run.language(), {"{} 里没有数据", "{} holds no store"}, chosen.directory));
  const auto lock = or_fail(storage::DirectoryLock::take(chosen.directory));
  storage::AuditCheck check;
  check.database_file = storage::database_file_of(chosen.directory);
  std::unique_ptr<const storage::KeyRing> keys;
  if (fs::exists(keys_of(chosen))) keys = or_fail(storage::KeyRing::load(keys_of(chosen)));
  check.keys = keys.get();
  check.heads = or_fail(storage::read_audit_heads(heads_of(chosen)));
  check.public_keys = public_keys_of(chosen);
  if (!chosen.since.empty()) {
    const auto since = parse_local(chosen.since, kChinaOffset);
    if (!since)
      throw UsageError(say(run.language(), {"--since：如 2026-11-21T17:30", "--since: such as 2026-11-21T17:30"}));
    check.heads_since = *since;
  }
  const auto found = or_fail(storage::verify_audit(check));
  if (run.terminal.json)
    print_json(run.terminal, found);
  else
    say_findings(run.terminal, found);
  return found.sound() ? ExitCode::kOk : ExitCode::kRefused;
}

/// Lines as they lie in the file, so that a printed page can be checked against it or typed into one.
void show_heads(Invocation& run, const Choice& chosen) {
  const auto keys = public_keys_of(chosen);
  const auto found = or_fail(storage::read_audit_heads(heads_of(chosen)));
  Terminal& terminal = run.terminal;
  std::string lines;
  std::string list;
  const std::size_t first = found.size() > chosen.last ? found.size() - chosen.last : 0;
  for (std::size_t i = first; i < found.size(); ++i) {
    if (!found[i].head) continue;
    const std::string line = to_line(*found[i].head);
    lines += line + "\n";
    list += (list.empty() ? "\n    " : ",\n    ") + json_string(line);
  }
  if (terminal.json) {
    std::string key_list;
    for (const auto& key : keys) key_list += (key_list.empty() ? "" : ", ") + json_string(key.text);
    terminal.out << "{\n  \"public_keys\": [" << key_list << "],\n  \"heads\": [" << list << "\n  ]\n}\n";
    return;
  }
  for (const auto& key : keys) terminal.say({"公钥 {}（编号 {}）", "public key {} (id {})"}, key.text, key.id());
  terminal.out << lines;
  if (lines.empty()) terminal.note({"还没有链头", "there is no head yet"});
}

void make_key(Invocation& run, const Choice& chosen) {
  const fs::path file = storage::audit_key_file_of(keys_of(chosen));
  const auto made = or_fail(storage::AuditSigner::create_file(file));
  run.terminal.say({"签名密钥已写入 {}（0400）；请把公钥记在别处：{}",
                    "signing key in {} (0400); note its public key elsewhere: {}"},
                   file.string(), made.public_key().text);
}

using Chosen = std::shared_ptr<Choice>;

void add_place(CLI::App& command, const Commands& commands, const Chosen& chosen) {
  command.add_option("--data", chosen->directory, commands.words({"数据目录", "data directory"}))->required();
  command.add_option("--key-file", chosen->key_file,
                     commands.words({"密钥文件，默认在数据目录内", "key file, within the data directory by default"}));
}

void add_heads(CLI::App& command, const Commands& commands, const Chosen& chosen) {
  command.add_option("--heads", chosen->heads,
                     commands.words({"链头所在的目录或文件，默认在数据目录内",
                                     "directory or file of the heads, within the data directory by default"}));
  command.add_option("--public-key", chosen->public_keys,
                     commands.words({"签名公钥（可多次），默认取自本机密钥",
                                     "public key they were signed with, may repeat; the local one by default"}));
}

}  // namespace

std::string make_audit_key(const fs::path& key_file) {
  return or_fail(storage::AuditSigner::create_file(storage::audit_key_file_of(key_file))).public_key().text;
}

void add_offline_audit(Commands& commands, CLI::App& group) {
  const auto chosen = std::make_shared<Choice>();
  auto* check = commands.add(group, "verify", {"（本机）校验审计链", "(offline) check the audit chain"});
  add_place(*check, commands, chosen);
  add_heads(*check, commands, chosen);
  check->add_option("--since", chosen->since,
                    commands.words({"只对照此时之后的链头（恢复备份之后）",
                                    "compare only heads made after this time (after a restore)"}));
  commands.does(check,
                std::function<ExitCode(Invocation&)>([chosen](Invocation& run) { return verify(run, *chosen); }));

  auto* heads = commands.add(
      group, "heads", {"（本机）打印公钥和最近的签名链头", "(offline) print the public key and the last signed heads"});
  add_place(*heads, commands, chosen);
  add_heads(*heads, commands, chosen);
  heads->add_option("--last", chosen->last, commands.words({"多少个", "how many"}))->check(CLI::Range(1, 100000));
  commands.does(heads, [chosen](Invocation& run) { show_heads(run, *chosen); });

  auto* make =
      commands.add(group, "make-key", {"（本机）补建丢失的签名密钥", "(offline) make a signing key where it was lost"});
  add_place(*make, commands, chosen);
  commands.does(make, [chosen](Invocation& run) { make_key(run, *chosen); });
}

}  // namespace kapok::cli
