#include "load/summary.h"

#include <unistd.h>

#include <fstream>

#include <fmt/core.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "load/check_print.h"

namespace kapok::load {
namespace {

namespace json = boost::json;

std::string clock_text(const RunFigures& now) {
  const ProductUs local = (now.city_time + now.utc_offset_min * 60 * kSecondUs) % kDayUs / kSecondUs;
  return fmt::format("{:02}:{:02}:{:02}", local / 3600, local / 60 % 60, local % 60);
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string counted(const std::map<std::string, int>& counts, const char* what) {
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("  {} {}: {}\n", what, name, count);
  return text;
}

/// Those who did not hang up as they joined.
std::uint64_t joined(const RunFigures& end) { return end.arrived - std::min(end.arrived, end.at_once); }

std::string joined_text(const RunFigures& end) {
  const std::uint64_t unanswered = joined(end) - std::min(end.answered, joined(end));
  return fmt::format("{} hung up as they joined; of the other {} {} were not answered, {:.2f} %\n", end.at_once,
                     joined(end), unanswered, share(unanswered, joined(end)));
}

json::object as_json(const std::map<std::string, int>& counts) {
  json::object object;
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

}  // namespace

std::string progress_line(const RunFigures& now) {
  return fmt::format(
      "{} x{}  arrived {:>5}  waiting {:>3}  talking {:>3}  answered {:5.1f} %  mean wait {:5.1f} s  desks {:>4}  "
      "records {:>5}  orders {:>4}{}{}",
      clock_text(now), now.factor, now.arrived, now.waiting, now.talking,
      share(now.answered, now.arrived - std::min<std::uint64_t>(now.arrived, now.waiting)), now.mean_wait_s, now.desks,
      now.contacts, now.referrals, now.gateway_up ? "" : "  NO SERVER",
      now.hunted_now > 0 ? fmt::format("  hunt list {}", now.hunted_now) : "");
}

std::string summary_text(const RunFigures& end, const CheckResult& check, const Ledger& ledger) {
  std::string text = fmt::format(
      "\n{:.2f} hours of the city in {:.0f} s (x{}): {} calls, {} answered, mean wait {:.1f} s, p99 {:.1f} s, {} by "
      "hunt list, "
      "{} callbacks dialled\n{} connections made, {} broken, {} requests repeated ({} known already); {:.0f} MiB\n",
      static_cast<double>(end.passed) / static_cast<double>(kHourUs), end.real_s, end.factor, end.arrived, end.answered,
      end.mean_wait_s, end.p99_wait_s, end.hunted, end.callbacks_dialled, end.links.connects, end.links.breaks,
      end.links.repeats, end.links.answered_again, end.memory_mib);
  if (end.is_replay) text += joined_text(end);
  if (end.callbacks_kept > 0)
    text += fmt::format("{} chose to be rung back in their place, {} of them were reached\n", end.callbacks_kept,
                        end.callbacks_reached);
  if (end.not_placed > 0) text += fmt::format("{} calls not placed: limit of calls at once\n", end.not_placed);
  if (end.failed_tasks > 0) text += fmt::format("{} tasks of this program failed\n", end.failed_tasks);
  text += counted(ledger.refusals, "refused");
  text += counted(ledger.doubtful, "unsure");
  return text + "\n" + check_text(check);
}

std::string summary_json(const RunFigures& end, const CheckResult& check, const Ledger& ledger) {
  const json::object whole{{"city_hours", static_cast<double>(end.passed) / static_cast<double>(kHourUs)},
                           {"real_s", end.real_s},
                           {"practice_factor", end.factor},
                           {"arrived", end.arrived},
                           {"answered", end.answered},
                           {"mean_wait_s", end.mean_wait_s},
                           {"p99_wait_s", end.p99_wait_s},
                           {"hung_up_at_once", end.at_once},
                           {"joined", joined(end)},
                           {"unanswered", joined(end) - std::min(end.answered, joined(end))},
                           {"hunted", end.hunted},
                           {"callbacks_kept", end.callbacks_kept},
                           {"callbacks_reached", end.callbacks_reached},
                           {"not_placed", end.not_placed},
                           {"connections_broken", end.links.breaks},
                           {"requests_repeated", end.links.repeats},
                           {"memory_mib", end.memory_mib},
                           {"failed_tasks", end.failed_tasks},
                           {"refusals", as_json(ledger.refusals)},
                           {"unsure", as_json(ledger.doubtful)},
                           {"check", check_rows_json(check)},
                           {"problems", check_problems_json(check)},
                           {"differences", check.problem_count},
                           {"equal", check.equal()}};
  return json::serialize(whole) + "\n";
}

double memory_mib() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

}  // namespace kapok::load
