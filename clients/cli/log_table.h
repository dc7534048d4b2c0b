#pragma once

#include "cli/invocation.h"

namespace kapok::cli {

/// Rows of the call log or of unfinished contacts, as a table or as JSON.
void show_log(Invocation& run, const v1::LogPage& page);

}  // namespace kapok::cli
