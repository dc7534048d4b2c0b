#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "load/callers.h"
#include "load/city_clock.h"
#include "load/ledger.h"
#include "load/random_streams.h"
#include "load/steady_link.h"

namespace kapok::load {

/// How people in the city behave. Times are product time, in seconds.
struct Habits {
  double patience_mean_s = 300;
  double short_hang_up_share = 0.03;
  double talk_mean_s = 900;
  double talk_spread = 0.7;
  double phone_no_answer_share = 0.03;
  bool phones_ring = true;  ///< false: every phone is reported unreachable
  double desk_miss_share = 0.03;
  double desk_decline_share = 0.02;
  double hand_back_share = 0.01;
  double worker_hangs_up_share = 0.3;
  double autosave_s = 60;
  double answer_min_s = 2;  ///< how long a desk looks at an offer
  double answer_max_s = 6;
  double write_up_min_s = 20;
  double write_up_mean_s = 90;
  double referral_share = 0.2;
  double callback_share = 0;  ///< of those who are offered to be rung back, and choose it
  double callback_reached_share = 0.7;
};

/// What every actor of the city shares. One thread; outlives them all.
struct World {
  LinkGround& ground;
  CityClock& clock;
  const RandomStreams& streams;
  Ledger& ledger;
  Habits habits;
  /// unit -> code, of every station.
  std::map<std::int64_t, std::string> stations;
  /// The city closes: nobody begins anything new.
  bool closing = false;
  /// Set before anybody is answered.
  const Callers* callers = nullptr;

  // What the progress line shows.
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;
  std::uint64_t answered_wait_count = 0;
  ProductUs answered_wait_sum = 0;
  std::vector<ProductUs> answered_waits{};
  std::uint64_t at_once = 0;     ///< arrivals that hung up as they joined
  std::uint64_t not_placed = 0;  ///< arrivals beyond the limit of calls at once
  std::uint64_t desks_open = 0;
  std::uint64_t hunted = 0;
  std::uint64_t callbacks_dialled = 0;
  std::uint64_t callbacks_kept = 0;     ///< waiting callers who chose to be rung back
  std::uint64_t callbacks_reached = 0;  ///< and were on the line again
};

/// Waits a stretch of product time.
boost::asio::awaitable<void> pass(World& world, ProductUs length);
/// The same, or until `signal` is set; true when it was set.
boost::asio::awaitable<bool> pass_or(World& world, ProductUs length, Signal& signal);

/// Counts a refusal that the city did not expect.
void note_refusal(World& world, const std::string& what, const Answer& answer);

}  // namespace kapok::load
