#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/recording.h"

/// What is printed when a world breaks an invariant: enough for anybody to see it happen again.
namespace kapok::sim {

struct FailureReport {
  std::uint64_t seed = 0;
  std::string features;
  std::string commit;
  std::string what;          ///< the invariant, in words
  std::string folder = ".";  ///< where the list of events is written
  std::size_t tries_max = 3000;
};

/// Shrinks `recording`, writes it to FOLDER/sim-SEED.events and prints seed, commit, the fault and, when it is short,
/// the list. Each try is a process of its own, since a fault may be a check that ends the process.
void report_failure(const FailureReport& report, const Recording& recording);

/// From now on a check that ends this process first reports `recording`, which must outlive the watch and be complete
/// at every moment. One watch at a time; nullptr ends it.
void watch_for_abort(const FailureReport* report, const Recording* recording);

/// Lives through a written list and prints each event and its commands; 0 = every invariant kept, 1 = one broken,
/// 2 = unreadable.
int replay_file(const std::string& path);

}  // namespace kapok::sim
