#include <algorithm>
#include <iostream>
#include <stdexcept>

#include <fmt/core.h>

#include "load/simulated_city.h"

/// What a replay of the bank's week has in place of a city's own callers and roster (decision 38).
namespace kapok::load {
namespace {

using namespace std::chrono_literals;

constexpr auto kStaffedMax = 60s;
constexpr auto kLook = 100ms;
/// Desks say that they are ready up to 20 s after they opened (worker_actor.cpp).
constexpr ProductUs kReadyWithin = 30 * kSecondUs;
/// Who joins last may wait and talk for longer than the stretch; the desks stay.
constexpr ProductUs kStaysOn = 12 * kHourUs;

/// Workers who take what they are offered, write at once and are ready again: what is left of a wait is the policy's.
Habits replay_habits() {
  Habits habits;
  habits.short_hang_up_share = 0;
  habits.desk_miss_share = 0;
  habits.desk_decline_share = 0;
  habits.hand_back_share = 0;
  habits.worker_hangs_up_share = 0;
  habits.phones_ring = false;
  habits.answer_min_s = 1;
  habits.answer_max_s = 4;
  habits.write_up_min_s = 0;
  habits.write_up_mean_s = 0;
  habits.autosave_s = 3600;
  habits.referral_share = 0;
  return habits;
}

/// Numbers are written in many ways; a city's lines differ in their last ten digits.
std::string last_digits(const std::string& number) {
  std::string digits;
  for (const char sign : number)
    if (sign >= '0' && sign <= '9') digits += sign;
  return digits.size() > 10 ? digits.substr(digits.size() - 10) : digits;
}

}  // namespace

const PlanLine& SimulatedCity::replay_line() const {
  for (const PlanLine& line : directory_.lines) {
    const bool named = last_digits(line.number) == last_digits(options_.replay->line);
    const bool first = options_.replay->line.empty() && !line.crisis && directory_.stations.contains(line.unit);
    if (named || first) return line;
  }
  throw std::runtime_error("the directory has no line " + options_.replay->line + " whose calls reach the server");
}

asio::awaitable<void> SimulatedCity::open_replay() {
  const ReplayOptions& asked = *options_.replay;
  const PlanLine line = replay_line();
  const std::vector<std::string> accounts = co_await accounts_near(line.unit, asked.workers);
  if (accounts.size() < asked.workers)
    throw std::runtime_error(
        fmt::format("{} workers asked for, {} have a desk and a device", asked.workers, accounts.size()));
  world_.habits = replay_habits();
  world_.habits.callback_share = asked.callback_share;
  const ProductUs until = clock_.now() + asked.week.length() + kStaysOn;
  std::vector<PlanShift> shifts;
  for (const std::string& account : accounts)
    shifts.push_back({.account = account, .unit = line.unit, .from = clock_.now(), .to = until, .goes_on = true});
  plan_.emplace(directory_.lines, std::move(shifts), PlanRules{});
  auto callers = std::make_unique<ReplayCallers>(asked.week, line.number);
  replay_ = callers.get();
  callers_ = std::move(callers);
  options_.hours = static_cast<double>(asked.week.length()) / static_cast<double>(kHourUs);
}

/// Of the line's own station first, then of its district, then of any.
asio::awaitable<std::vector<std::string>> SimulatedCity::accounts_near(std::int64_t unit, std::size_t count) {
  const auto own = directory_.stations.find(unit);
  const std::string code = own == directory_.stations.end() ? std::string() : own->second;
  const auto distance = [&code](const std::string& other) {
    return other == code ? 0 : other.compare(0, 6, code, 0, 6) == 0 ? 1 : 2;
  };
  std::vector<std::pair<int, std::int64_t>> stations;
  for (const auto& [station, other] : directory_.stations) stations.emplace_back(distance(other), station);
  std::sort(stations.begin(), stations.end());
  CityReader reader(*office_);
  std::vector<std::string> accounts;
  for (const auto& [far, station] : stations) {
    if (accounts.size() >= count) break;
    const std::vector<std::string> found = co_await reader.desk_workers(station);
    for (const std::string& account : found)
      if (accounts.size() < count && !token(account).empty()) accounts.push_back(account);
  }
  co_return accounts;
}

/// The first caller joins when every desk is ready.
asio::awaitable<void> SimulatedCity::until_staffed() {
  const auto give_up = std::chrono::steady_clock::now() + kStaffedMax;
  while (world_.desks_open < options_.replay->workers && std::chrono::steady_clock::now() < give_up && !world_.closing)
    co_await real_sleep(kLook);
  if (world_.desks_open < options_.replay->workers && !world_.closing)
    std::cerr << fmt::format("kapok-load: {} of {} desks opened\n", world_.desks_open, options_.replay->workers);
  const ProductUs begins = clock_.steady() + kReadyWithin;
  replay_->begin(begins);
  ends_steady_ = begins + options_.replay->week.length() + kSecondUs;
}

}  // namespace kapok::load
