#include "sim/planted_bugs.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/planted_fault.h"
#include "sim/world.h"

namespace kapok {
namespace {

std::string planted;

}  // namespace

bool is_planted(const char* fault) { return planted == fault; }

void hang_if_planted(const char*) {}

}  // namespace kapok

namespace kapok::sim {
namespace {

constexpr PlantedBug kBugs[] = {
    {"last_come_first_served", "the latest of a wait set is taken"},
    {"shortest_idle_first", "of desk and phone the shorter idle one is asked"},
    {"night_rule_inverted", "by night phones are asked like desks, by day desks come first"},
    {"freed_worker_forgotten", "nobody looks for a caller when a worker becomes free"},
    {"skill_not_asked", "a freed worker takes callers of lines he has no skill for"},
    {"ring_timer_lost", "the ring after the district never opens"},
    {"rings_open_late", "every ring opens ten seconds late"},
    {"ring_closes", "who waits again begins with the first ring", "sleepers,device_loss"},
    {"emptied_ring_keeps_callers", "the last of a ring leaves and his callers wait on for the next"},
    {"age_timer_lost", "no class rises with time"},
    {"ages_into_crisis", "a normal caller is a crisis after six minutes"},
    {"bucket_forgotten", "a number beyond its bucket is raised like any other"},
    {"fairness_forgotten", "a line takes more than its share of a ring"},
    {"share_not_given_back", "a line's share is used up for ever"},
    {"elder_forgotten", "an elder caller is class 2"},
    {"stays_in_wait_sets", "a caller taken out stays in the wait sets"},
    {"counter_not_undone", "a call that ended stays counted"},
    {"present_counted_wrong", "a worker who leaves stays counted as present"},
    {"one_too_many", "one call more than the capacity"},
    {"gap_stays_open", "a gap is never closed"},
    {"missed_desk_rings_on", "a desk that missed is rung again"},
    {"missed_phone_rests_half", "a missed phone rests 30 s"},
    {"pause_without_end", "a missed phone is never rung again"},
    {"miss_marked_twice", "two marks for one miss"},
    {"lost_device_blamed", "a lost device counts as a miss"},
    {"decliner_asked_again", "who declined is asked again"},
    {"first_decline_costs", "the first decline moves idle_since"},
    {"exclusion_without_end", "who missed a caller never gets him again"},
    {"given_back_to_the_same", "a caller given back comes back to the same worker"},
    {"offer_without_end", "an offer never rings out"},
    {"older_start_accepted", "an accept of an older start is honoured"},
    {"accepted_by_another", "an accept of another worker is honoured"},
    {"accepted_elsewhere", "an accept from an endpoint that does not ring is honoured"},
    {"other_endpoints_ring_on", "after the accept the other endpoints ring on"},
    {"rings_for_nobody", "the offer of a caller who left rings on"},
    {"lost_device_rings_on", "an offer rings on at a lost device"},
    {"away_not_heard", "a phone worker who said away is asked"},
    {"away_keeps_his_offer", "away does not decline what rings", "breaks"},
    {"shift_end_forgotten", "who went home stays in the idle sets"},
    {"after_call_without_end", "after-call never ends by itself"},
    {"silence_without_end", "a desk lost in a talk is waited for without end"},
    {"waits_again_at_the_end", "a returned caller loses his place"},
    {"short_hang_up_missed", "short is 2.5 s"},
    {"second_answer_counts", "the second talk moves the time of the answer"},
    {"passed_back_to_the_first", "a cold transfer comes back to the one who passed it on", "transfers"},
    {"anybody_is_supervisor", "a transfer to a supervisor goes to anybody", "transfers"},
    {"relieved_without_rest", "who passed a talk on warm has no after-call", "transfers"},
    {"returned_too_late", "a lost second gives the call back after minutes", "transfers,legs_lost"},
    {"second_rings_on", "a second rings on when the transfer is over", "transfers"},
    {"kept_ends_with_its_line", "a kept callback ends when its caller hangs up"},
    {"kept_for_ever", "a kept callback waits without end", "kept_callbacks"},
    {"second_place_beside_kept", "who calls again stands beside his own kept callback", "kept_callbacks"},
    {"dialling_counts_as_answered", "a kept callback is answered before its caller is"},
    {"worse_places_told", "a caller hears that his place got worse"},
    {"better_places_untold", "a caller does not hear that his place got better"},
    {"crisis_hears_estimates", "a crisis caller hears how long it takes"},
    {"hold_without_end", "a hold has no timer", "languages"},
    {"held_too_long", "a caller is held for his language 30 s", "languages"},
    {"crisis_is_held", "a crisis caller is held for his language", "languages,crisis_callers"},
    {"hold_outlives_its_reason", "a caller is held for somebody who cannot come any more",
     "languages,sticky,breaks,early_ends"},
    {"held_for_whoever_talks", "a caller is held for his last worker whatever that one does", "sticky"},
    {"language_not_asked", "who speaks the caller's language does not go first", "languages"},
    {"restart_forgets_exclusions", "a restart asks again who declined"},
    {"restart_forgets_idle_since", "a restart makes everybody idle since now"},
    {"restart_forgets_talks", "a restart offers callers who are talking"},
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void say(const std::string& text) {
  const auto written = write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(written);
}

/// Lines for the parent: `seed N` before each world, `broken WHAT` after the last; a failed check writes its own.
[[noreturn]] void live_with(const PlantedBug& bug, std::uint64_t seed, double cpu_s_max) {
  std::signal(SIGABRT, SIG_DFL);
  const rlimit standing_still{static_cast<rlim_t>(cpu_s_max) + 20, static_cast<rlim_t>(cpu_s_max) + 20};
  setrlimit(RLIMIT_CPU, &standing_still);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  planted = bug.name;
  const Features needed = *bug.with != 0 ? *Features::parse(bug.with) : Features::none();
  const double began = cpu_seconds();
  for (; cpu_seconds() - began < cpu_s_max; ++seed) {
    say("seed " + std::to_string(seed) + "\n");
    WorldPlan plan = small_plan(seed);
    plan.features.add(needed);
    plan.events_max = 1000;  // many short worlds meet more than a few long ones
    if (seed % 2 == 0) plan.calls_per_day = std::min(plan.calls_per_day, 200.0);  // where somebody is mostly free
    World world(std::move(plan));
    world.run();
    if (!world.broken()) continue;
    say("broken " + fault_kind(*world.broken()) + "\n");
    break;
  }
  _exit(0);
}

std::string all_of(int pipe_end) {
  std::string text;
  std::array<char, 4096> bytes{};
  for (ssize_t got = 0; (got = read(pipe_end, bytes.data(), bytes.size())) > 0 || (got < 0 && errno == EINTR);)
    if (got > 0) text.append(bytes.data(), static_cast<std::size_t>(got));
  close(pipe_end);
  return text;
}

std::optional<Caught> understood(std::string_view text, std::uint64_t first_seed, int status, double cpu_s) {
  Caught caught;
  caught.cpu_s = cpu_s;
  bool found = false;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    const std::string_view line = text.substr(0, end);
    if (line.starts_with("seed ")) {
      std::from_chars(line.data() + 5, line.data() + line.size(), caught.seed);
    } else {
      caught.by = line.starts_with("broken ") ? line.substr(7) : line;
      found = true;
    }
  }
  caught.worlds = static_cast<std::int64_t>(caught.seed - first_seed) + 1;
  if (WIFSIGNALED(status) && !found) caught.by = std::string("ended by ") + strsignal(WTERMSIG(status));
  return found || WIFSIGNALED(status) ? std::optional(caught) : std::nullopt;
}

double children_cpu() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
}

}  // namespace

std::span<const PlantedBug> planted_bugs() { return kBugs; }

std::optional<Caught> hunt(const PlantedBug& bug, std::uint64_t first_seed, double cpu_s_max) {
  std::array<int, 2> ends{};
  KAPOK_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  const double before = children_cpu();
  const pid_t child = fork();
  KAPOK_CHECK(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    live_with(bug, first_seed, cpu_s_max);
  }
  close(ends[1]);
  const std::string text = all_of(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return understood(text, first_seed, status, children_cpu() - before);
}

}  // namespace kapok::sim
