#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app.h"

namespace kapok {

/// The whole program but for the service it serves with: reads the command line, checks, starts, runs until a
/// signal. Gives the exit code. What stops a start is one sentence on `err`.
int run_kapokd(const std::vector<std::string>& arguments, const OpenService& open_service, std::ostream& out,
               std::ostream& err);

}  // namespace kapok
