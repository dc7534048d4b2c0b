#include "cli/command_line.h"
#include "cli/offline_backup.h"

namespace kapok::cli {
namespace {

struct Chosen {
  BackupShelf shelf;
  BackupKeys keys;
  std::string out;
  std::string to;
  std::string until;
};

using Act = std::function<ExitCode(Invocation&)>;

void add_shelf(CLI::App& command, const Commands& commands, BackupShelf& shelf) {
  command
      .add_option(
          "directory", shelf.directory,
          commands.words({"第二路径，或其下的 backup 目录", "the second path, or the backup directory below it"}))
      ->required();
  command
      .add_option("--utc-offset-min", shelf.offset_min,
                  commands.words({"城市时区，分钟", "minutes the city is ahead of UTC"}))
      ->check(CLI::Range(-720, 840));
}

CLI::Option* add_private_key(CLI::App& command, const Commands& commands, BackupKeys& keys) {
  return command.add_option("--key", keys.private_key,
                            commands.words({"备份私钥文件（make-key 所制）", "private backup key, made by make-key"}));
}

CLI::Option* add_data_keys(CLI::App& command, const Commands& commands, BackupKeys& keys) {
  return command.add_option(
      "--keys", keys.data_keys,
      commands.words({"数据密钥文件（keys，另行备份的那份）", "data key file (keys), from its own backup"}));
}

void add_make_key(Commands& commands, CLI::App& group) {
  auto chosen = std::make_shared<Chosen>();
  auto* command = commands.add(group, "make-key",
                               {"（本机）制作一对备份密钥：私钥入保险柜，公钥给服务器",
                                "(offline) make the pair of backup keys: the private one for a safe, "
                                "the public one for the server"});
  command
      ->add_option("--out", chosen->out,
                   commands.words({"私钥文件；公钥写入 文件.public",
                                   "file of the private key; the "
                                   "public one goes to FILE.public"}))
      ->required();
  commands.does(command, Act([chosen](Invocation& run) { return make_backup_key(run, chosen->out); }));
}

void add_list(Commands& commands, CLI::App& group) {
  auto chosen = std::make_shared<Chosen>();
  auto* command = commands.add(group, "list", {"（本机）列出备份", "(offline) list what there is"});
  add_shelf(*command, commands, chosen->shelf);
  commands.does(command, Act([chosen](Invocation& run) { return list_backups(run, chosen->shelf); }));
}

void add_verify(Commands& commands, CLI::App& group) {
  auto chosen = std::make_shared<Chosen>();
  auto* command = commands.add(group, "verify",
                               {"（本机）校验备份：无私钥查摘要与连续，有私钥试恢复并逐行核对",
                                "(offline) check backups: without the private key digests and continuity, with it a "
                                "trial restore and every row"});
  add_shelf(*command, commands, chosen->shelf);
  auto* key = add_private_key(*command, commands, chosen->keys);
  auto* keys = add_data_keys(*command, commands, chosen->keys);
  key->needs(keys);
  keys->needs(key);
  commands.does(command, Act([chosen](Invocation& run) {
                  return chosen->keys.private_key.empty() ? verify_shelf(run, chosen->shelf)
                                                          : try_backup(run, chosen->shelf, chosen->keys);
                }));
}

void add_restore(Commands& commands, CLI::App& group) {
  auto chosen = std::make_shared<Chosen>();
  auto* command = commands.add(
      group, "restore", {"（本机）恢复到一个新的数据目录", "(offline) bring a backup back into a new data directory"});
  add_shelf(*command, commands, chosen->shelf);
  add_private_key(*command, commands, chosen->keys)->required();
  add_data_keys(*command, commands, chosen->keys)->required();
  command->add_option("--to", chosen->to, commands.words({"新的空目录", "a new, empty directory"}))->required();
  command->add_option("--until", chosen->until,
                      commands.words({"只恢复到这一时刻，如 2026-11-21 17:30",
                                      "only up to this moment, as in 2026-11-21 "
                                      "17:30"}));
  commands.does(command, Act([chosen](Invocation& run) {
                  return restore(run, chosen->shelf, chosen->keys, chosen->to, chosen->until);
                }));
}

}  // namespace

void add_backup_commands(Commands& commands) {
  auto* group = commands.add_group("backup", {"备份与恢复", "backup and restore"});
  add_make_key(commands, *group);
  add_list(commands, *group);
  add_verify(commands, *group);
  add_restore(commands, *group);
}

}  // namespace kapok::cli
