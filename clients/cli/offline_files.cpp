#include "cli/offline_files.h"

#include <toml++/toml.h>

#include "storage/store_layout.h"

namespace kapok::cli {

std::filesystem::path key_file_for(const std::filesystem::path& directory, const std::string& named) {
  return named.empty() ? storage::key_file_of(directory) : std::filesystem::path(named);
}

std::string second_path_in(const std::filesystem::path& config) {
  if (!std::filesystem::exists(config)) return {};
  try {
    return toml::parse_file(config.string())["second_path"].value_or(std::string{});
  } catch (const toml::parse_error& wrong) {
    throw LocalFailure(config.string() + ": " + std::string(wrong.description()));
  }
}

}  // namespace kapok::cli
