#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/certificate.h"
#include "cli/command_line.h"
#include "cli/offline_accounts.h"
#include "cli/offline_audit.h"
#include "cli/offline_place.h"
#include "cli/output_json.h"
#include "cli/progress_bar.h"
#include "cli/table_printer.h"
#include "storage/audit_chain.h"
#include "storage/audit_head.h"
#include "storage/state_table.h"
#include "storage/store_layout.h"
#include "storage/unit_table.h"

/// What kapokctl does by opening files itself, under the lock, while no server runs: init, and devices for everybody of
/// a practice city.
namespace kapok::cli {
namespace {

namespace fs = std::filesystem;

struct Init {
  Place place;
  std::string city_code = "4401";
  std::string city_zh = "广州市";
  std::string city_en = "Guangzhou";
  std::string letters = "GZ";
  std::vector<std::string> hosts = {"localhost", "127.0.0.1"};
  std::uint16_t port = 4433;
  std::uint16_t operations_port = 4480;
  int web_port = 8443;  ///< -1: none
  bool practice = false;
};

void write_new(const fs::path& file, const std::string& text) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!written) throw LocalFailure(file.string() + ": " + std::strerror(error));
}

UnitId add_city(OfflineStore& store, const Init& chosen) {
  storage::UnitRow city;
  city.id = store.next_id<UnitId>();
  city.city = store.city();
  city.kind = UnitKind::kCity;
  city.code = chosen.city_code;
  city.name_zh = chosen.city_zh;
  city.name_en = chosen.city_en;
  city.valid_from = store.now();
  store.write([&](storage::Transaction& tx) -> Result<> {
    tx.audit().append(tx, {.actor = {},
                           .session = {},
                           .action = storage::AuditAction::kStoreMaintained,
                           .object = storage::AuditObject::kStore,
                           .reason = storage::AuditReason::kMaintenance});
    if (chosen.practice) storage::write_state_value(tx, storage::kPracticeState, "yes");
    return storage::UnitTable::save(tx, city);
  });
  return city.id;
}

std::string toml_string(const std::string& text) { return json_string(text); }

std::string config_text(const Init& chosen, const fs::path& directory) {
  return "# Made by kapokctl init; `kapokd --example-config` explains every key.\n"
         "data_dir = " +
         toml_string(directory.string()) +
         "\n\n[listen]\naddress = \"127.0.0.1\"\nport = " + std::to_string(chosen.port) +
         "\ncertificate = " + toml_string((directory / "tls.crt").string()) +
         "\nkey = " + toml_string((directory / "tls.key").string()) +
         "\n\n[web]\nport = " + std::to_string(chosen.web_port) +
         "\n\n[operations]\nport = " + std::to_string(chosen.operations_port) +
         "\n\n[city]\nnumber = " + std::to_string(chosen.place.city_number) +
         "\ncode = " + toml_string(chosen.letters) + "\nname_zh = " + toml_string(chosen.city_zh) +
         "\nname_en = " + toml_string(chosen.city_en) + "\n";
}

struct FirstAccount {
  std::string account;
  std::string role;
  std::string secret;
  bool is_token = false;
};

std::vector<FirstAccount> add_first_accounts(OfflineStore& store, UnitId city, Language language) {
  const auto name = [&](Words words) { return std::string(words.in(Language::kChinese)); };
  const WorkerId operations =
      add_account(store, {"operator", name({"系统运维", "Operator"}), Role::kSystemOperator, city});
  const WorkerId steward = add_account(store, {"steward", name({"数据管理员", "Steward"}), Role::kDataSteward, city});
  const WorkerId gateway = add_account(store, {"gateway", name({"电话网关", "Gateway"}), Role::kGateway, city});
  const auto role = [&](Words words) { return std::string(words.in(language)); };
  return {
      {"operator", role({"系统运维", "system operator"}), give_password(store, operations)},
      {"steward", role({"数据管理员（导入、人员）", "data steward (imports, people)"}), give_password(store, steward)},
      {"gateway", role({"电话网关", "gateway"}), enrol_device(store, gateway, "gateway", "init").device_token, true}};
}

struct Made {
  std::string fingerprint;
  std::string audit_key;  ///< public
};

void show_made(Invocation& run, const Init& chosen, const fs::path& directory, const Made& made,
               const std::vector<FirstAccount>& accounts) {
  Terminal& terminal = run.terminal;
  if (terminal.json) {
    std::string list;
    for (const auto& each : accounts)
      list += std::string(list.empty() ? "" : ",") + "\n    {\"account\": " + json_string(each.account) + ", " +
              (each.is_token ? "\"device_token\": " : "\"password\": ") + json_string(each.secret) + "}";
    terminal.out << "{\n  \"directory\": " << json_string(directory.string())
                 << ",\n  \"key_file\": " << json_string(chosen.place.keys().string())
                 << ",\n  \"config\": " << json_string((directory / "kapokd.toml").string())
                 << ",\n  \"profile\": " << json_string((directory / "client.profile").string())
                 << ",\n  \"fingerprint\": " << json_string(made.fingerprint)
                 << ",\n  \"audit_public_key\": " << json_string(made.audit_key)
                 << ",\n  \"practice\": " << (chosen.practice ? "true" : "false") << ",\n  \"accounts\": [" << list
                 << "\n  ]\n}\n";
    return;
  }
  TablePrinter files(
      {{std::string(terminal.words({"文件", "file"}))}, {std::string(terminal.words({"内容", "what it is"}))}});
  const auto file = [&](const fs::path& path, Words what) {
    files.add({path.string(), std::string(terminal.words(what))});
  };
  file(directory / "kapok.db",
       chosen.practice ? Words{"数据（演练库：时间可以加速）", "the store (for practice: time may run faster)"}
                       : Words{"数据", "the store"});
  file(chosen.place.keys(), {"密钥，0400", "the keys, 0400"});
  file(storage::audit_key_file_of(chosen.place.keys()),
       {"审计链头的签名密钥，0400", "key that signs heads of the audit log, 0400"});
  file(directory / "tls.crt", {"服务器证书（自签名，客户端钉住指纹）", "certificate, self-signed, pinned by clients"});
  file(directory / "tls.key", {"证书私钥，0600", "its private key, 0600"});
  file(directory / "kapokd.toml", {"服务器配置：kapokd --config", "configuration: kapokd --config"});
  file(directory / "client.profile", {"客户端档案：kapokctl --profile", "client profile: kapokctl --profile"});
  files.print(terminal);
  terminal.out << '\n';
  TablePrinter people(
      {{std::string(terminal.words({"账号", "account"}))},
       {std::string(terminal.words({"角色", "role"}))},
       {std::string(terminal.words({"密码或设备令牌（只显示这一次）", "password or device token (shown only now)"}))}});
  for (const auto& each : accounts) people.add({each.account, each.role, each.secret});
  people.print(terminal);
  terminal.out << '\n';
  terminal.say({"证书指纹 {}", "fingerprint {}"}, made.fingerprint);
  terminal.say({"审计签名公钥 {}（请记在别处）", "public key of the audit log {} (note it elsewhere)"}, made.audit_key);
  terminal.out
      << terminal.paint(
             Colour::kYellow,
             say(terminal.language,
                 {"请立即运行 kapokctl keys backup 备份密钥 "
                  "{}"
                  "，并与数据分开存放：丢失密钥，所有记录永远无法读出；密钥与数据放在一起，偷走一份备份就能全部读出。",
                  "Back up {} now with kapokctl keys backup, apart from the data: without it no record can ever be "
                  "read again, beside it a stolen copy can be."},
                 chosen.place.keys().string()))
      << '\n';
}

void init(Invocation& run, Init chosen) {
  const fs::path directory = fs::absolute(chosen.place.directory);
  chosen.place.directory = directory.string();
  run.terminal.note(
      {"kapokctl 直接创建数据目录 {}（持有目录锁）", "kapokctl itself makes the data directory {}, holding its lock"},
      directory.string());
  OfflineStore store = OfflineStore::create(directory, chosen.place.keys(), chosen.place.city_number);
  const UnitId city = add_city(store, chosen);
  const auto accounts = add_first_accounts(store, city, run.language());
  Made made;
  made.audit_key = make_audit_key(chosen.place.keys());
  made.fingerprint = make_certificate(directory / "tls.crt", directory / "tls.key", chosen.hosts);
  write_new(directory / "kapokd.toml", config_text(chosen, directory));
  save_profile(directory / "client.profile", {.server = "127.0.0.1:" + std::to_string(chosen.port),
                                              .fingerprint = made.fingerprint,
                                              .account = {},
                                              .session = {}});
  show_made(run, chosen, directory, made, accounts);
}

struct EnrolAll {
  Place place;
  std::string out;
  std::string label = "practice";
  bool all = false;
};

/// Passwords cost 35 ms each, tokens nothing: 7,000 workers are enrolled in a second (decision 32).
void enrol_everybody(Invocation& run, const EnrolAll& chosen) {
  OfflineStore store = open_place(run, chosen.place);
  bool practice = false;
  store.read([&](storage::ReadTransaction& tx) {
    practice = storage::read_state_value(tx, storage::kPracticeState).value_or("") == "yes";
  });
  if (!practice)
    throw LocalFailure(say(run.language(), {"只有演练库（init --practice）可以给所有人登记设备",
                                            "only a store made by init --practice enrols devices for everybody"}));
  ProgressBar bar(run.terminal, say(run.language(), {"登记设备", "enrolling"}), 100);
  const auto made = enrol_devices_of_all(store, chosen.label,
                                         [&](std::size_t done, std::size_t of) { bar.reached(done * 100 / of); });
  bar.finish();
  std::string csv = "account,device_token\r\n";
  for (const auto& each : made) csv += each.account + "," + each.device_token + "\r\n";
  write_new(chosen.out, csv);
  run.terminal.say({"{} 个账号的设备令牌已写入 {}（0600）", "device tokens of {} accounts are in {} (0600)"},
                   made.size(), chosen.out);
}

void add_init(Commands& commands) {
  auto* command = commands.add("init", {"（本机）创建数据目录、密钥、证书和首批账号",
                                        "(offline) make data directory, keys, certificate and first accounts"});
  auto chosen = std::make_shared<Init>();
  add_place(*command, commands, chosen->place);
  command->add_option("--city-code", chosen->city_code, commands.words({"城市的单位代码", "unit code of the city"}));
  command->add_option("--city-name", chosen->city_zh, commands.words({"中文名", "its Chinese name"}));
  command->add_option("--city-name-en", chosen->city_en, commands.words({"英文名", "its English name"}));
  command->add_option(
      "--letters", chosen->letters,
      commands.words({"编号前的字母，如 GZ-261121-0042", "letters before numbers, as in GZ-261121-0042"}));
  command->add_option("--host", chosen->hosts,
                      commands.words({"证书上的主机名或地址，可多次", "host names and addresses for the certificate"}));
  command->add_option("--port", chosen->port, commands.words({"写入配置的端口", "port for the configuration"}));
  command
      ->add_option("--web-port", chosen->web_port,
                   commands.words({"写入配置的网页端口（-1：不开）", "web port for the configuration (-1: none)"}))
      ->check(CLI::Range(-1, 65535));
  command->add_option("--operations-port", chosen->operations_port,
                      commands.words({"写入配置的运维端口", "operations port for the configuration"}));
  command->add_flag("--practice", chosen->practice,
                    commands.words({"演练库：允许加速时钟", "for practice: its clock may run faster"}));
  commands.does(command, [chosen](Invocation& run) { init(run, *chosen); });
}

}  // namespace

void add_offline_commands(Commands& commands) { add_init(commands); }

void add_enrol_everybody(Commands& commands, CLI::App& above) {
  auto* command = commands.add(
      above, "enrol-devices",
      {"（本机，演练库）给所有账号登记设备", "(offline, practice store) enrol a device for every account"});
  auto chosen = std::make_shared<EnrolAll>();
  add_place(*command, commands, chosen->place);
  command->add_flag("--all", chosen->all, commands.words({"所有账号（必填）", "every account (required)"}))->required();
  command->add_option("--out", chosen->out, commands.words({"写入的 CSV 文件", "CSV file to write"}))->required();
  command->add_option("--label", chosen->label, commands.words({"设备名", "name of the devices"}));
  commands.does(command, [chosen](Invocation& run) { enrol_everybody(run, *chosen); });
}

}  // namespace kapok::cli
