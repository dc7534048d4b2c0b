#pragma once

#include <filesystem>
#include <string>

#include "cli/command_line.h"

namespace kapok::cli {

/// Makes the key that signs heads of the audit log, beside `key_file`; its public half. Throws LocalFailure.
std::string make_audit_key(const std::filesystem::path& key_file);

/// verify, heads and make-key, below `audit`.
void add_offline_audit(Commands& commands, CLI::App& group);

}  // namespace kapok::cli
