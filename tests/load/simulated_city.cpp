#include "load/simulated_city.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

namespace kapok::load {
namespace {

using namespace std::chrono_literals;

constexpr auto kReachServer = 30s;
constexpr auto kProgressEvery = 5s;
constexpr auto kBarEvery = 500ms;
constexpr auto kLook = 200ms;
/// Real time for reports and records to be acknowledged after the last caller has gone.
constexpr auto kSettle = 90s;
/// Lines of districts and of the city have no points of their own.
constexpr double kOfficeWeight = 16;

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw std::runtime_error("cannot read " + path);
  return text.str();
}

/// The callers of a station spread over its lines.
void weigh_lines(CityDirectory& directory, const std::map<std::string, int>& points) {
  std::map<std::int64_t, int> lines_of;
  for (const PlanLine& line : directory.lines) ++lines_of[line.unit];
  for (PlanLine& line : directory.lines) {
    const auto code = directory.stations.find(line.unit);
    const auto found = code == directory.stations.end() ? points.end() : points.find(code->second);
    line.weight = (found == points.end() ? kOfficeWeight : found->second) / lines_of[line.unit];
  }
}

double p99_s(std::vector<ProductUs> waits) {
  if (waits.empty()) return 0;
  const auto place = waits.begin() + static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(waits.size() - 1));
  std::nth_element(waits.begin(), place, waits.end());
  return static_cast<double>(*place) / 1e6;
}

}  // namespace

SimulatedCity::SimulatedCity(asio::io_context& io, CityOptions options)
    : io_(io),
      options_(std::move(options)),
      ground_{options_.server, wire::client_tls(options_.server), io.get_executor(), {}},
      streams_(options_.seed),
      world_{ground_, clock_, streams_, ledger_, options_.habits, {}},
      interrupted_(io.get_executor()) {}

asio::awaitable<void> SimulatedCity::run() {
  try {
    co_await live();
  } catch (const std::exception& error) {
    std::cerr << "kapok-load: " << error.what() << '\n';
  }
  finished_ = true;
  for (const auto& worker : workers_) worker->stop();
  for (const auto& [unit, station] : stations_) station->stop();
  if (gateway_) gateway_->stop();
  if (office_) office_->stop();
  io_.stop();
}

void SimulatedCity::interrupt() {
  ++interrupts_;
  world_.closing = true;
  interrupted_.set();
  if (interrupts_ == 1) std::cerr << "closing the city; once more to stop at once\n";
  if (interrupts_ > 1) io_.stop();
}

asio::awaitable<void> SimulatedCity::live() {
  co_await open();
  run_alone(io_.get_executor(), staff_desks(), "desks");
  if (replay_ == nullptr) run_alone(io_.get_executor(), open_stations(), "stations");
  run_alone(io_.get_executor(), show_progress(), "progress");
  co_await let_time_pass();
  co_await drain();
  co_await compare();
}

std::string SimulatedCity::token(const std::string& account) const {
  const auto found = tokens_.find(account);
  return found == tokens_.end() ? std::string{} : found->second;
}

asio::awaitable<void> SimulatedCity::open() {
  tokens_ = read_devices(read_file(options_.devices_file));
  for (const std::string& account : {options_.city_account, options_.gateway_account})
    if (token(account).empty()) throw std::runtime_error("the devices file has no token of " + account);
  office_ = std::make_shared<SteadyLink>(ground_, token(options_.city_account), options_.city_account);
  office_->start();
  const auto give_up = std::chrono::steady_clock::now() + kReachServer;
  while (!office_->is_up()) {
    if (office_->is_refused() || std::chrono::steady_clock::now() > give_up || interrupts_ > 0)
      throw std::runtime_error(office_->trouble());
    co_await real_sleep(kLook);
  }
  CityReader reader(*office_);
  directory_ = co_await reader.directory();
  world_.stations = directory_.stations;
  clock_.set(office_->welcome().now_us(), office_->welcome().practice_factor());
  if (options_.replay)
    co_await open_replay();
  else
    co_await open_callers();
  world_.callers = callers_.get();
  gateway_ = std::make_unique<GatewayActor>(world_, *callers_, token(options_.gateway_account), options_.calls_max);
  gateway_->start();
  co_await gateway_->until_attached();
  began_ = clock_.now();
  began_steady_ = clock_.steady();
  ends_steady_ = began_steady_ + (options_.hours <= 0 ? kForEver : seconds_us(options_.hours * 3600));
  const int offset = office_->welcome().utc_offset_min();
  report_before_ = co_await reader.report(directory_.city, began_, began_, offset);
}

/// The city's own callers, by the hour of the week, and its roster.
asio::awaitable<void> SimulatedCity::open_callers() {
  weigh_lines(directory_, points_per_station(read_file(options_.directory_folder + "/points.csv")));
  const HourWeights weights =
      read_hour_weights(read_file(options_.directory_folder + "/arrivals-24h.csv"), "toronto-crisis");
  const ProductUs length = options_.hours <= 0 ? 36 * kHourUs : seconds_us(options_.hours * 3600);
  std::vector<PlanShift> shifts;
  if (options_.roster_file.empty()) {
    CityReader reader(*office_);
    shifts = co_await reader.desk_shifts(directory_, clock_.now(), clock_.now() + length + kHourUs);
  } else {
    std::map<std::string, std::int64_t> units;
    for (const auto& [unit, code] : directory_.stations) units[code] = unit;
    shifts = read_roster(read_file(options_.roster_file), units);
  }
  plan_.emplace(directory_.lines, std::move(shifts), PlanRules{});
  const int offset = office_->welcome().utc_offset_min();
  ArrivalProcess arrivals(weights, options_.calls_per_day, offset, streams_.of(Purpose::kArrival));
  callers_ = std::make_unique<CityCallers>(std::move(arrivals), *plan_, streams_, world_.habits);
}

/// Connects each worker as the shift begins; those already on shift when the city opens come one after another.
asio::awaitable<void> SimulatedCity::staff_desks() {
  const auto gap = std::chrono::microseconds(1'000'000 / std::max<std::size_t>(1, options_.connects_per_s));
  std::uint64_t number = 0;
  for (const PlanShift& shift : plan_->shifts()) {
    ++number;
    const auto station = directory_.stations.find(shift.unit);
    const bool left = station != directory_.stations.end() && station->second == options_.stations_left;
    const std::string device = token(shift.account);
    if (left || device.empty() || shift.to <= clock_.now()) continue;
    while (shift.from > clock_.now() && !world_.closing) {
      const ProductUs until = std::min(shift.from - clock_.now(), 10 * 60 * kSecondUs);
      co_await pass_or(world_, until, interrupted_);
    }
    if (world_.closing || finished_) co_return;
    std::erase_if(workers_, [](const auto& worker) { return worker->is_done(); });
    if (workers_.size() + stations_.size() + 2 >= options_.clients_max) continue;
    auto worker =
        std::make_shared<WorkerActor>(world_, shift, device, number,
                                      [this](std::int64_t referral, std::int64_t unit) { send_order(referral, unit); });
    workers_.push_back(worker);
    run_alone(io_.get_executor(), worker->serve(), "worker " + shift.account);
    co_await real_sleep(gap);
  }
}

asio::awaitable<void> SimulatedCity::open_stations() {
  std::uint64_t number = 0;
  for (const auto& [unit, code] : directory_.stations) {
    ++number;
    const std::string account = code + "-lead";
    const std::string device = token(account);
    if (code == options_.stations_left || device.empty()) continue;
    if (workers_.size() + stations_.size() + 2 >= options_.clients_max) co_return;
    auto station = std::make_shared<StationActor>(world_, unit, account, device, number);
    stations_.emplace(unit, station);
    run_alone(io_.get_executor(), station->look_after_callers(), "station " + code);
  }
}

void SimulatedCity::send_order(std::int64_t referral, std::int64_t unit) {
  const auto station = stations_.find(unit);
  if (station != stations_.end()) station->second->expect(referral);
}

asio::awaitable<void> SimulatedCity::show_progress() {
  ProgressBar bar(replay_ != nullptr ? "replay" : "city");
  const bool ends = replay_ != nullptr || options_.hours > 0;
  const bool shows_bar = bar.is_on_terminal() && ends && !options_.quiet;
  while (!finished_) {
    const std::string line = progress_line(figures());
    const ProductUs passed = clock_.steady() - began_steady_;
    if (shows_bar)
      bar.show(static_cast<double>(passed) / static_cast<double>(ends_steady_ - began_steady_), line);
    else if (!options_.quiet)
      (options_.json ? std::cerr : std::cout) << line << std::endl;
    const std::chrono::milliseconds pause = shows_bar ? kBarEvery : kProgressEvery;
    co_await real_sleep(pause);
  }
}

asio::awaitable<void> SimulatedCity::let_time_pass() {
  if (replay_ != nullptr) co_await until_staffed();
  run_alone(io_.get_executor(), gateway_->place_calls(ends_steady_), "arrivals");
  while (!world_.closing && clock_.steady() < ends_steady_) {
    const ProductUs left = std::min(ends_steady_ - clock_.steady(), kHourUs);
    co_await pass_or(world_, left, interrupted_);
  }
  world_.closing = true;
}

bool SimulatedCity::all_quiet() const {
  const bool writing =
      std::any_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->is_busy(); });
  const bool caring = std::any_of(stations_.begin(), stations_.end(),
                                  [](const auto& station) { return station.second->under_way() > 0; });
  return gateway_->held() == 0 && gateway_->unreported() == 0 && !writing && !caring;
}

/// Nobody calls any more; who talks may finish, then everybody hangs up and what is written is saved.
asio::awaitable<void> SimulatedCity::drain() {
  for (const auto& [unit, station] : stations_) station->leave_now();
  const auto begun = std::chrono::steady_clock::now();
  const auto talks_until = begun + std::chrono::milliseconds(static_cast<int>(options_.drain_s * 1000));
  while (!all_quiet() && std::chrono::steady_clock::now() < talks_until && interrupts_ == 0) co_await real_sleep(kLook);
  gateway_->let_everybody_go();
  const auto settle_until = std::chrono::steady_clock::now() + kSettle;
  while (!all_quiet() && std::chrono::steady_clock::now() < settle_until) co_await real_sleep(kLook);
  if (!all_quiet()) std::cerr << "kapok-load: not everything was acknowledged in time\n";
}

asio::awaitable<void> SimulatedCity::compare() {
  const auto give_up = std::chrono::steady_clock::now() + kReachServer;
  while (!office_->is_up() && std::chrono::steady_clock::now() < give_up) co_await real_sleep(kLook);
  RunFigures end = figures();
  if (!office_->is_up()) throw std::runtime_error("the log cannot be compared: " + office_->trouble());
  finished_ = true;
  CityReader reader(*office_);
  const ProductUs now = clock_.now();
  LogFacts facts = co_await reader.log(directory_.city, began_, now + kHourUs);
  facts.report = co_await reader.report(directory_.city, began_, now, end.utc_offset_min);
  facts.has_report = true;
  for (std::size_t at = 0; at < kBucketCount; ++at) facts.report[at] -= report_before_[at];
  const CheckResult check = check_ledger(ledger_, facts, options_.shared);
  // A caller may have left as his desk accepted: the gateway never connected him, and he is answered all the same.
  for (const CheckRow& row : check.rows)
    if (row.what == kBucketNames[0]) end.answered = static_cast<std::uint64_t>(row.ledger);
  std::cout << (options_.json ? summary_json(end, check, ledger_) : summary_text(end, check, ledger_)) << std::flush;
  exit_code_ = check.equal() && failed_tasks() == 0 ? 0 : 1;
}

RunFigures SimulatedCity::figures() const {
  RunFigures now;
  now.city_time = clock_.now();
  now.utc_offset_min = office_->welcome().utc_offset_min();
  now.factor = clock_.factor();
  now.passed = clock_.steady() - began_steady_;
  now.real_s = std::chrono::duration<double>(clock_.real(now.passed)).count();
  now.gateway_up = gateway_->link().is_up();
  now.waiting = gateway_->count(HeldCall::Phase::kWaiting);
  now.talking = gateway_->count(HeldCall::Phase::kTalking);
  now.hunted_now = gateway_->count(HeldCall::Phase::kHunted);
  now.arrived = world_.arrived;
  now.answered = world_.answered;
  now.not_placed = world_.not_placed;
  now.hunted = world_.hunted;
  if (world_.answered_wait_count > 0)
    now.mean_wait_s =
        static_cast<double>(world_.answered_wait_sum) / 1e6 / static_cast<double>(world_.answered_wait_count);
  now.p99_wait_s = p99_s(world_.answered_waits);
  now.is_replay = replay_ != nullptr;
  now.at_once = world_.at_once;
  now.desks = world_.desks_open;
  now.callbacks_dialled = world_.callbacks_dialled;
  now.callbacks_kept = world_.callbacks_kept;
  now.callbacks_reached = world_.callbacks_reached;
  now.contacts = ledger_.contacts().size();
  now.referrals = ledger_.referrals().size();
  now.links = ground_.figures;
  now.failed_tasks = failed_tasks();
  now.memory_mib = memory_mib();
  return now;
}

}  // namespace kapok::load
