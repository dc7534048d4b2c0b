#include "config.h"

#include <toml++/toml.h>

#include <fstream>
#include <set>
#include <sstream>
#include <variant>

namespace kapok {
namespace {

struct WholeNumber {
  std::int64_t Config::* place;
  std::int64_t least;
  std::int64_t most;
  std::int64_t by_default;
};
struct Text {
  std::string Config::* place;
  std::string_view by_default;  ///< empty: required
  std::string_view example;
};
struct OptionalText {
  std::string Config::* place;  ///< empty by default
};
struct TextList {
  std::vector<std::string> Config::* place;
  std::size_t entries_max;
};

struct ConfigKey {
  std::string_view section;  ///< empty: before the first section
  std::string_view name;
  std::variant<WholeNumber, Text, OptionalText, TextList> kind;
  std::string_view explanation;  ///< lines of at most 110 characters
};

constexpr std::size_t kTextBytesMax = 4096;

const ConfigKey kKeys[] = {
    {"", "data_dir", Text{&Config::data_dir, "", "/var/lib/kapok"},
     "Directory of the store and its keys, made by `kapokctl init`. Only the service may read it.\n"
     "One running server per directory; a second one refuses to start."},
    {"", "spool_dir", OptionalText{&Config::spool_dir},
     "Directory where calls are kept while the store cannot be written; 64 MiB are reserved in it. It should lie on\n"
     "another disk than data_dir. Empty: data_dir/spool, with a warning."},
    {"", "second_path", OptionalText{&Config::second_path},
     "Directory on another machine or disk for signed audit heads and sealed backups. Empty: none, with a warning."},

    {"listen", "address", Text{&Config::listen_address, "0.0.0.0", ""},
     "Address on which clients and gateways connect over TLS 1.3. \"::\" listens on IPv6 and IPv4."},
    {"listen", "port", WholeNumber{&Config::listen_port, 0, 65535, 4433},
     "Their port. 0 takes any free one and logs it; only useful in tests."},
    {"listen", "certificate", Text{&Config::certificate, "", "/etc/kapok/tls.crt"},
     "Certificate chain in PEM. Clients check it against their trust store or a pinned fingerprint."},
    {"listen", "key", Text{&Config::key, "", "/etc/kapok/tls.key"},
     "Its private key in PEM. Refused when group or others can read it."},
    {"listen", "tls_least", Text{&Config::tls_least, "1.3", ""},
     "Oldest TLS that clients and browsers may speak, on both ports: \"1.3\", or \"1.2\" with ephemeral keys and\n"
     "authenticated ciphers for a gateway that cannot do better."},

    {"web", "port", WholeNumber{&Config::web_port, -1, 65535, 8443},
     "Port of the same address for browsers: HTTPS and WebSocket, with the same certificate. GET /health answers "
     "there.\n"
     "0 takes any free one, -1 opens none."},
    {"web", "origins", TextList{&Config::web_origins, 100},
     "Addresses that people type, such as [\"https://kapok.example:8443\"]: pages from elsewhere cannot speak with "
     "this\n"
     "server. Empty: every name and address of the certificate at this port."},

    {"operations", "port", WholeNumber{&Config::operations_port, 0, 65535, 4480},
     "Port on 127.0.0.1 that answers GET /health and GET /ready over HTTP, for monitoring on this machine.\n"
     "It is never reachable from outside. 0 takes any free one."},

    {"city", "number", WholeNumber{&Config::city_number, 1, 1023, 1},
     "Number of this city within the province. Part of every id: fixed once the store is made."},
    {"city", "code", Text{&Config::city_code, "GZ", ""},
     "First letters of the numbers people read, as in GZ-261121-0042."},
    {"city", "name_zh", Text{&Config::city_zh, "广州市", ""}, "Name on Chinese screens."},
    {"city", "name_en", Text{&Config::city_en, "Guangzhou", ""}, "Name on English screens."},
    {"city", "utc_offset_min", WholeNumber{&Config::utc_offset_min, -720, 840, 480},
     "Minutes ahead of UTC, the same all year; it decides where a day begins in rosters and reports."},

    {"backup", "public_key", OptionalText{&Config::backup_public_key},
     "File of the public key that backups are sealed to (`kapokctl backup make-key`). Empty: no backups, with a\n"
     "warning. The private key is not needed here and must not lie on this machine."},
    {"backup", "base_every_hours", WholeNumber{&Config::backup_base_every_hours, 1, 168, 24},
     "Hours between two whole copies. What changes between them is sent every minute."},
    {"backup", "keep_days", WholeNumber{&Config::backup_keep_days, 1, 3650, 35},
     "Days after which backups are removed, and with them what was erased from the store."},

    {"threads", "io", WholeNumber{&Config::io_threads, 1, 64, 2},
     "Threads that serve connections. Two carry a city of 7,000 workers; more help only with many reading clients."},
    {"threads", "readers", WholeNumber{&Config::reader_threads, 1, 32, 2},
     "Threads that search and make reports, each with a read-only connection to the store."},

    {"limits", "connections_max", WholeNumber{&Config::connections_max, 10, 100'000, 40'000},
     "Connections at once, signed in or not. Each needs a file descriptor (LimitNOFILE) and memory of its own."},
    {"limits", "strangers_per_address_max", WholeNumber{&Config::strangers_per_address_max, 1, 10'000, 64},
     "Connections from one address that have not signed in. Signed-in ones do not count, so a station behind one\n"
     "address is not held up."},
    {"limits", "trusted_networks", TextList{&Config::trusted_networks, 100},
     "Networks without that per-address limit, such as [\"10.20.0.0/16\"]; at most 100."},

    {"log", "level", Text{&Config::log_level, "info", ""},
     "Least severity written to standard error: info, warning or error. deploy/README.md explains every message."},
};

std::string full_name(const ConfigKey& key) {
  return key.section.empty() ? std::string(key.name) : std::string(key.section) + "." + std::string(key.name);
}

Error refusal(const std::string& where, const std::string& what) {
  return {ErrorCode::kInvalidArgument, where + ": " + what};
}

std::string at_line(const std::string& file, const toml::source_region& place) {
  return file + ":" + std::to_string(place.begin.line);
}

// One value into its place; an empty text when it was taken, else what is wrong with it.
std::string take(const WholeNumber& kind, const toml::node& node, Config& into) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value) return "must be a whole number";
  into.*kind.place = *value;
  return {};
}

std::string take(const Text& kind, const toml::node& node, Config& into) {
  auto value = node.value_exact<std::string>();
  if (!value) return "must be a text in quotes";
  into.*kind.place = std::move(*value);
  return {};
}

std::string take(const OptionalText& kind, const toml::node& node, Config& into) {
  return take(Text{kind.place, {}, {}}, node, into);
}

std::string take(const TextList& kind, const toml::node& node, Config& into) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return "must be a list of texts";
  std::vector<std::string> taken;
  for (const toml::node& entry : *list) {
    auto value = entry.value_exact<std::string>();
    if (!value) return "must be a list of texts";
    taken.push_back(std::move(*value));
  }
  into.*kind.place = std::move(taken);
  return {};
}

std::string wrong(const WholeNumber& kind, const Config& config) {
  const std::int64_t value = config.*kind.place;
  if (value >= kind.least && value <= kind.most) return {};
  return "must be " + std::to_string(kind.least) + " to " + std::to_string(kind.most);
}

std::string wrong(const OptionalText& kind, const Config& config) {
  return (config.*kind.place).size() <= kTextBytesMax ? std::string() : "is longer than 4096 bytes";
}

std::string wrong(const Text& kind, const Config& config) {
  return (config.*kind.place).empty() ? "is missing" : wrong(OptionalText{kind.place}, config);
}

std::string wrong(const TextList& kind, const Config& config) {
  const auto& list = config.*kind.place;
  return list.size() <= kind.entries_max ? std::string()
                                         : "has more than " + std::to_string(kind.entries_max) + " entries";
}

const ConfigKey* find_key(std::string_view section, std::string_view name) {
  for (const ConfigKey& key : kKeys)
    if (key.section == section && key.name == name) return &key;
  return nullptr;
}

bool is_section(std::string_view name) {
  for (const ConfigKey& key : kKeys)
    if (!name.empty() && key.section == name) return true;
  return false;
}

Result<Done> take_table(const toml::table& table, std::string_view section, const std::string& file, Config& into) {
  for (const auto& [name, node] : table) {
    const std::string where = at_line(file, node.source());
    const std::string shown =
        section.empty() ? std::string(name.str()) : std::string(section) + "." + std::string(name.str());
    if (section.empty() && is_section(name.str()) && node.is_table()) {
      if (auto taken = take_table(*node.as_table(), name.str(), file, into); !taken.ok()) return taken;
      continue;
    }
    const ConfigKey* key = find_key(section, name.str());
    if (key == nullptr) return refusal(where, "unknown key " + shown);
    std::string fault = std::visit([&](const auto& kind) { return take(kind, node, into); }, key->kind);
    const bool number = std::holds_alternative<WholeNumber>(key->kind);
    if (fault.empty() && number) fault = wrong(std::get<WholeNumber>(key->kind), into);
    if (!fault.empty()) return refusal(where, shown + " " + fault);
  }
  return Done{};
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string limits_of(const WholeNumber& kind) {
  return "# Default " + std::to_string(kind.by_default) + ", from " + std::to_string(kind.least) + " to " +
         std::to_string(kind.most) + ".\n";
}
std::string limits_of(const Text& kind) {
  return kind.by_default.empty() ? "# Required.\n" : "# Default " + quoted(kind.by_default) + ".\n";
}
std::string limits_of(const OptionalText&) { return "# Default none.\n"; }
std::string limits_of(const TextList&) { return "# Default none.\n"; }

std::string example_of(const WholeNumber& kind) { return std::to_string(kind.by_default); }
std::string example_of(const Text& kind) { return quoted(kind.by_default.empty() ? kind.example : kind.by_default); }
std::string example_of(const OptionalText&) { return quoted(""); }
std::string example_of(const TextList&) { return "[]"; }

}  // namespace

Config default_config() {
  Config config;
  for (const ConfigKey& key : kKeys) {
    if (const auto* number = std::get_if<WholeNumber>(&key.kind)) config.*number->place = number->by_default;
    if (const auto* text = std::get_if<Text>(&key.kind)) config.*text->place = text->by_default;
  }
  return config;
}

Result<Config> parse_config(std::string_view text, const std::string& file) {
  Config config = default_config();
  try {
    const toml::table table = toml::parse(text, file);
    if (auto taken = take_table(table, "", file, config); !taken.ok()) return taken.error();
  } catch (const toml::parse_error& failed) {
    return refusal(at_line(file, failed.source()), std::string(failed.description()));
  }
  return config;
}

Result<Config> load_config(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) return refusal(path, "cannot be read, or is empty");
  return parse_config(text.str(), path);
}

Result<Done> check_config(const Config& config) {
  for (const ConfigKey& key : kKeys) {
    const std::string fault = std::visit([&](const auto& kind) { return wrong(kind, config); }, key.kind);
    if (!fault.empty()) return Error{ErrorCode::kInvalidArgument, full_name(key) + " " + fault};
  }
  const std::set<std::string> levels = {"info", "warning", "error"};
  if (!levels.contains(config.log_level))
    return Error{ErrorCode::kInvalidArgument, "log.level must be info, warning or error"};
  if (config.tls_least != "1.3" && config.tls_least != "1.2")
    return Error{ErrorCode::kInvalidArgument, "listen.tls_least must be 1.3 or 1.2"};
  if (config.practice_factor < 1 || config.practice_factor > 1000)
    return Error{ErrorCode::kInvalidArgument, "the practice clock must be x1 to x1000"};
  return Done{};
}

std::string example_config() {
  std::string out =
      "# Configuration of kapokd. Every key the server knows stands here at its default; one it does not know is\n"
      "# refused at start with its line. `kapokd --check-config --config FILE` tries a file without starting.\n";
  std::string_view section;
  for (const ConfigKey& key : kKeys) {
    out += '\n';
    if (key.section != section) out += "[" + std::string(section = key.section) + "]\n";
    std::istringstream lines{std::string(key.explanation)};
    for (std::string line; std::getline(lines, line);) out += "# " + line + "\n";
    out += std::visit([](const auto& kind) { return limits_of(kind); }, key.kind);
    out +=
        std::string(key.name) + " = " + std::visit([](const auto& kind) { return example_of(kind); }, key.kind) + "\n";
  }
  return out;
}

}  // namespace kapok
