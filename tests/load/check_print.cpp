#include "load/check_print.h"

#include <fmt/core.h>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace kapok::load {

std::string check_text(const CheckResult& check) {
  const auto figure = [](std::int64_t value) { return value < 0 ? std::string() : fmt::format("{}", value); };
  std::string text =
      fmt::format("{:<20} {:>8} | {:>8} | {:>8} | {:>10}\n", "", "ledger", "log", "report", "difference");
  for (const CheckRow& row : check.rows)
    text += fmt::format("{:<20} {:>8} | {:>8} | {:>8} | {:>10}\n", row.what, row.ledger, row.log, figure(row.report),
                        row.different);
  for (const std::string& problem : check.problems) text += "  " + problem + "\n";
  if (check.problem_count > check.problems.size())
    text += fmt::format("  … and {} more\n", check.problem_count - check.problems.size());
  return text + (check.equal() ? "ledger equals log\n" : fmt::format("{} differences\n", check.problem_count));
}

boost::json::array check_rows_json(const CheckResult& check) {
  boost::json::array rows;
  for (const CheckRow& row : check.rows) {
    boost::json::object object{
        {"what", row.what}, {"ledger", row.ledger}, {"log", row.log}, {"difference", row.different}};
    if (row.report >= 0) object["report"] = row.report;
    rows.push_back(std::move(object));
  }
  return rows;
}

boost::json::array check_problems_json(const CheckResult& check) {
  boost::json::array problems;
  for (const std::string& problem : check.problems) problems.push_back(boost::json::value(problem));
  return problems;
}

}  // namespace kapok::load
