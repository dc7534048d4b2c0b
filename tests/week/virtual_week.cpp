#include "week/virtual_week.h"

#include <chrono>

#include <fmt/core.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "load/check_print.h"
#include "week/week_world.h"

namespace kapok::week {
namespace {

namespace json = boost::json;
using Real = std::chrono::steady_clock;

constexpr std::uintmax_t kRoomOfAWeek = 2ULL * 1024 * 1024 * 1024;

double since(Real::time_point begun) { return std::chrono::duration<double>(Real::now() - begun).count(); }

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string wait_text(const char* whose, const WaitFigures& wait) {
  return fmt::format("{}: mean {:.1f} s, half {:.1f}, p95 {:.1f}, p99 {:.1f}, longest {:.1f} s ({})\n", whose,
                     wait.mean, wait.p50, wait.p95, wait.p99, wait.longest, wait.count);
}

json::object wait_json(const WaitFigures& wait) {
  return {{"count", wait.count}, {"mean_s", wait.mean}, {"p50_s", wait.p50},
          {"p95_s", wait.p95},   {"p99_s", wait.p99},   {"longest_s", wait.longest}};
}

}  // namespace

std::filesystem::path quick_folder() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code failed;
  const auto room = std::filesystem::space(memory, failed);
  return !failed && room.available >= kRoomOfAWeek ? memory : std::filesystem::temp_directory_path();
}

bool WeekResult::journal_equal() const {
  return journal.last_seq > 0 && !journal.difference && journal.damaged_ids.empty() &&
         journal.figures.digests_compared == journal.figures.events;
}

bool WeekResult::sound() const {
  const bool all = !check.rows.empty() && check.rows.front().log == static_cast<std::int64_t>(arrivals);
  return all && check.equal() && refusals.empty() && journal_equal() && audit.sound() && audit.chain.rows > 0;
}

WeekResult live_through(const load::ReplayWeek& week, const WeekOptions& options) {
  WeekResult result;
  const auto begun = Real::now();
  WeekWorld world(week, options);
  world.live();
  result.real_s = since(begun);
  const auto checks = Real::now();
  world.tell(result);
  WeekCity& city = world.city();
  city.close();
  result.batches = city.saved().last_seq;
  result.journal = city.replay_journal();
  result.audit = city.verify_audit();
  result.store_bytes = city.store_bytes();
  result.server_log = city.log();
  result.checks_real_s = since(checks);
  return result;
}

std::string week_text(const WeekResult& result, const WeekOptions& options) {
  std::string text = fmt::format(
      "{} arrivals ({} phantoms passed over), {} hung up at once, {} joined; {} workers\n"
      "unanswered: {} of those who joined, {:.2f} %; of {} with limited patience {} were answered in time\n"
      "answered within 20 s: {:.1f} %\n",
      result.arrivals, result.phantoms, result.at_once, result.joined, options.workers, result.gave_up,
      percent(result.gave_up, result.joined), result.impatient, result.impatient_answered,
      percent(result.answered_in_20s, result.answered_wait.count));
  text += wait_text("wait of the answered", result.answered_wait);
  text += wait_text("wait of all who joined", result.joined_wait);
  text += fmt::format("at most {} waited and {} talked at once; {:.1f} hours of talk\n\n", result.most_waiting,
                      result.most_talking, result.talk_hours);
  text += load::check_text(result.check);
  for (const auto& [what, count] : result.refusals) text += fmt::format("  refused {}: {}\n", what, count);
  text += fmt::format("journal: {} events, {} digests compared, {}\n", result.journal.figures.events,
                      result.journal.figures.digests_compared,
                      result.journal_equal()
                          ? "every answer equal"
                          : fmt::format("DIFFERS: {}", result.journal.difference ? result.journal.difference->what
                                                                                 : std::string("not whole")));
  text += fmt::format("audit chain: {} rows, {}\n", result.audit.chain.rows,
                      result.audit.sound() ? "sound" : "BROKEN: " + result.audit.chain.what);
  return text + fmt::format("{:.0f} s for the week, {:.0f} s for the checks; {} batches saved, {} MiB\n", result.real_s,
                            result.checks_real_s, result.batches, result.store_bytes / (1024 * 1024));
}

std::string week_json(const WeekResult& result, const WeekOptions& options) {
  json::object refusals;
  for (const auto& [what, count] : result.refusals) refusals[what] = count;
  const json::object whole{{"workers", options.workers},
                           {"seed", options.seed},
                           {"arrivals", result.arrivals},
                           {"phantoms", result.phantoms},
                           {"hung_up_at_once", result.at_once},
                           {"joined", result.joined},
                           {"unanswered", result.gave_up},
                           {"abandonment_percent", percent(result.gave_up, result.joined)},
                           {"answered_in_20s_percent", percent(result.answered_in_20s, result.answered_wait.count)},
                           {"answered_wait", wait_json(result.answered_wait)},
                           {"joined_wait", wait_json(result.joined_wait)},
                           {"most_waiting", result.most_waiting},
                           {"most_talking", result.most_talking},
                           {"talk_hours", result.talk_hours},
                           {"check", load::check_rows_json(result.check)},
                           {"problems", load::check_problems_json(result.check)},
                           {"differences", result.check.problem_count},
                           {"refusals", std::move(refusals)},
                           {"journal_events", result.journal.figures.events},
                           {"journal_equal", result.journal_equal()},
                           {"audit_rows", result.audit.chain.rows},
                           {"audit_sound", result.audit.sound()},
                           {"batches_saved", result.batches},
                           {"store_bytes", result.store_bytes},
                           {"real_s", result.real_s},
                           {"checks_real_s", result.checks_real_s},
                           {"sound", result.sound()}};
  return json::serialize(whole) + "\n";
}

}  // namespace kapok::week
