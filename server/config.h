#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

/// The configuration file of kapokd (TOML). Every key has a default or is required, a limit and an explanation;
/// deploy/kapokd.example.toml is made from the same table (`kapokd --example-config`, compared by a test).
namespace kapok {

struct Config {
  std::string data_dir;
  std::string spool_dir;    ///< empty: `spool` below data_dir
  std::string second_path;  ///< empty: none

  std::string listen_address;
  std::int64_t listen_port = 0;
  std::string certificate;
  std::string key;
  std::string tls_least;
  std::int64_t web_port = 0;  ///< -1: none
  std::vector<std::string> web_origins;
  std::int64_t operations_port = 0;

  std::int64_t city_number = 0;
  std::string city_code;
  std::string city_zh;
  std::string city_en;
  std::int64_t utc_offset_min = 0;

  std::string backup_public_key;  ///< empty: no backups
  std::int64_t backup_base_every_hours = 0;
  std::int64_t backup_keep_days = 0;

  std::int64_t io_threads = 0;
  std::int64_t reader_threads = 0;

  std::int64_t connections_max = 0;
  std::int64_t strangers_per_address_max = 0;
  std::vector<std::string> trusted_networks;

  std::string log_level;

  // Command line only.
  std::int64_t practice_factor = 1;
};

/// Every key at its default; required ones empty.
Config default_config();

/// Reads the text of a configuration file over the defaults. Refuses what is no TOML, unknown keys, wrong types
/// and values beyond their limits; the error names `file`, the line and the key. Required keys may still be
/// missing: the command line can bring them.
Result<Config> parse_config(std::string_view text, const std::string& file);

/// Reads the file at `path`.
Result<Config> load_config(const std::string& path);

/// Checks limits and required keys once the command line has had its say.
Result<Done> check_config(const Config& config);

/// deploy/kapokd.example.toml.
std::string example_config();

}  // namespace kapok
