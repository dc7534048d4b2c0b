#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "load/callers.h"
#include "load/city_reader.h"
#include "load/gateway_actor.h"
#include "load/progress_bar.h"
#include "load/replay_week.h"
#include "load/station_actor.h"
#include "load/summary.h"
#include "load/worker_actor.h"

namespace kapok::load {

/// A week's part instead of a city's own callers (decision 38).
struct ReplayOptions {
  ReplayWeek week;
  std::string line;  ///< its number; empty = the first line of a station
  std::size_t workers = 10;
  double callback_share = 0;  ///< of those who are offered to be rung back, and choose it
};

struct CityOptions {
  wire::ServerAddress server;
  std::string devices_file;
  std::string roster_file;  ///< empty = ask the server
  std::string directory_folder = "deploy/guangzhou";
  std::string gateway_account = "gateway-1";
  std::string city_account = "centre-1";
  std::string stations_left;  ///< station code whose day desk is a person's
  double hours = 1;           ///< product time; 0 = until interrupted
  double calls_per_day = 1400;
  std::uint64_t seed = 1;
  std::size_t clients_max = 8000;
  std::size_t calls_max = 2000;
  std::size_t connects_per_s = 100;
  double drain_s = 120;  ///< real time for talks to end by themselves
  bool shared = false;   ///< others use the server too
  bool json = false;
  bool quiet = false;
  Habits habits;
  std::optional<ReplayOptions> replay;
};

/// The city: a gateway, desks and stations against a running kapokd, then the comparison of its ledger with the log. In
/// a replay all callers come to one line, and a number of desks as near to it as possible are all there is.
class SimulatedCity {
 public:
  SimulatedCity(asio::io_context& io, CityOptions options);

  /// Runs the whole of it and stops the context. The exit code is in `exit_code()`: 0 equal, 1 a difference, 2 it could
  /// not run or compare.
  asio::awaitable<void> run();
  /// First time: close the city at once and compare. Second time: stop.
  void interrupt();
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  asio::awaitable<void> live();
  asio::awaitable<void> open();
  asio::awaitable<void> open_callers();
  asio::awaitable<void> staff_desks();
  asio::awaitable<void> open_stations();
  asio::awaitable<void> show_progress();
  asio::awaitable<void> let_time_pass();
  // A replay (replay_city.cpp).
  asio::awaitable<void> open_replay();
  asio::awaitable<std::vector<std::string>> accounts_near(std::int64_t unit, std::size_t count);
  asio::awaitable<void> until_staffed();
  [[nodiscard]] const PlanLine& replay_line() const;
  asio::awaitable<void> drain();
  asio::awaitable<void> compare();
  void send_order(std::int64_t referral, std::int64_t unit);
  [[nodiscard]] std::string token(const std::string& account) const;
  [[nodiscard]] bool all_quiet() const;
  [[nodiscard]] RunFigures figures() const;

  asio::io_context& io_;
  CityOptions options_;
  LinkGround ground_;
  CityClock clock_;
  RandomStreams streams_;
  Ledger ledger_;
  World world_;
  std::map<std::string, std::string> tokens_;
  std::shared_ptr<SteadyLink> office_;  ///< the city account
  CityDirectory directory_;
  std::optional<CityPlan> plan_;
  std::unique_ptr<Callers> callers_;
  ReplayCallers* replay_ = nullptr;  ///< callers_, in a replay
  std::unique_ptr<GatewayActor> gateway_;
  std::vector<std::shared_ptr<WorkerActor>> workers_;
  std::map<std::int64_t, std::shared_ptr<StationActor>> stations_;
  std::array<std::int64_t, kBucketCount> report_before_{};
  ProductUs began_ = 0;  ///< as the server labels it
  ProductUs began_steady_ = 0;
  ProductUs ends_steady_ = 0;
  int interrupts_ = 0;
  Signal interrupted_;
  bool finished_ = false;
  int exit_code_ = 2;
};

}  // namespace kapok::load
