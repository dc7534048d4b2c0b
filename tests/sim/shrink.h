#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "sim/recording.h"

/// From thousands of events to the few that matter: delta debugging (Zeller, Hildebrandt 2002).
namespace kapok::sim {

/// What is wrong with a list, or empty. Must not depend on earlier questions.
using FaultOf = std::function<std::string(const Recording&)>;

struct Shrunk {
  Recording recording;
  std::size_t tried = 0;  ///< lists lived through
};

/// The shortest list found that still has `kind`; the directory and Restarted with which it begins are kept, then
/// emptied of workers, lines, calls and shifts that are not needed either. Any part of a list may be told to a core:
/// what refers to something left out is refused. Stops after `tries_max` lists.
Shrunk shrink(const Recording& recording, const std::string& kind, const FaultOf& fault_of, std::size_t tries_max);

/// fault_kind() of living through it in a child process, or "abort" when a check of the core itself ended it.
std::string fault_in_child(const Recording& recording);

}  // namespace kapok::sim
