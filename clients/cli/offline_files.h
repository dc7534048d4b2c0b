#pragma once

#include <filesystem>
#include <string>

#include "cli/exit_code.h"
#include "core/result.h"

namespace kapok::cli {

/// The value, or LocalFailure with the error's sentence.
template <class T>
T or_local_failure(Result<T> result) {
  if (!result) throw LocalFailure(result.error().detail);
  return std::move(result).value();
}

/// As named, else within the data directory.
std::filesystem::path key_file_for(const std::filesystem::path& directory, const std::string& named);

/// `second_path` of a configuration file; empty when there is no such file or key.
std::string second_path_in(const std::filesystem::path& config);

}  // namespace kapok::cli
