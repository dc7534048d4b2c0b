#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/command_line.h"
#include "cli/offline_store.h"

namespace kapok::cli {

/// Which store a command opens by itself: options that all of them share.
struct Place {
  std::string directory;
  std::string key_file;
  std::int64_t city_number = 1;

  [[nodiscard]] std::filesystem::path keys() const;
};

void add_place(CLI::App& command, const Commands& commands, Place& place);

/// Opens it under its lock, and says so first (decision 33).
OfflineStore open_place(Invocation& run, const Place& place);

}  // namespace kapok::cli
