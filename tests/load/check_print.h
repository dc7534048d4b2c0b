#pragma once

#include <string>

#include <boost/json/array.hpp>

#include "load/ledger_check.h"

namespace kapok::load {

/// ledger | log | report | difference, row by row, the problems below.
std::string check_text(const CheckResult& check);
boost::json::array check_rows_json(const CheckResult& check);
boost::json::array check_problems_json(const CheckResult& check);

}  // namespace kapok::load
