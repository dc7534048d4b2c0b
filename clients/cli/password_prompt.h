#pragma once

#include <string>

#include "cli/invocation.h"

namespace kapok::cli {

/// Asks for one line without echo on the terminal; from a pipe it reads a line as it is. Throws UsageError when
/// nothing comes.
std::string ask_secret(Invocation& run, Words what);

}  // namespace kapok::cli
