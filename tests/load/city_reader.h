#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "load/city_plan.h"
#include "load/ledger_check.h"
#include "load/steady_link.h"

namespace kapok::load {

/// What the simulated city learns from the server's directory and log, asked in the name of a city account.
struct CityDirectory {
  std::int64_t city = 0;
  std::map<std::int64_t, std::string> stations;  ///< unit -> code
  std::vector<std::int64_t> districts;
  std::map<std::int64_t, std::string> accounts;  ///< worker -> account
  std::vector<PlanLine> lines;                   ///< trunk and forwarded; weights not set
};

class CityReader {
 public:
  explicit CityReader(SteadyLink& link) : link_(link) {}

  /// Walks the tree. Throws std::runtime_error with one sentence when the server refuses.
  asio::awaitable<CityDirectory> directory();
  /// Desk shifts that touch [from, to), with the accounts of `directory` (workers of a station are asked for when one
  /// of its shifts names somebody unknown).
  asio::awaitable<std::vector<PlanShift>> desk_shifts(CityDirectory& directory, ProductUs from, ProductUs to);

  /// Accounts of people of the unit who take calls and have a desk, by account.
  asio::awaitable<std::vector<std::string>> desk_workers(std::int64_t unit);

  /// The call log of [from, to) and every order of the city.
  asio::awaitable<LogFacts> log(std::int64_t city, ProductUs from, ProductUs to);
  /// Figures by bucket, summed over the days that [from, to) touches.
  asio::awaitable<std::array<std::int64_t, kBucketCount>> report(std::int64_t city, ProductUs from, ProductUs to,
                                                                 int utc_offset_min);

 private:
  asio::awaitable<v1::Reply> ask(v1::ClientFrame frame, std::string what);
  asio::awaitable<std::vector<v1::UnitView>> children(std::int64_t parent);
  asio::awaitable<void> read_accounts(CityDirectory& directory, std::int64_t unit, std::string name);
  asio::awaitable<void> read_calls(std::int64_t city, ProductUs from, ProductUs to, LogFacts& facts);
  asio::awaitable<void> read_referrals(std::int64_t city, LogFacts& facts);

  SteadyLink& link_;
};

/// Desk shifts of a roster file in the format of shifts.csv; `units` finds a unit by its code, and rows of unknown
/// units are left out.
std::vector<PlanShift> read_roster(const std::string& csv, const std::map<std::string, std::int64_t>& units);

/// account -> device token, from the file that `kapokctl worker enrol-devices` writes.
std::map<std::string, std::string> read_devices(const std::string& csv);

}  // namespace kapok::load
