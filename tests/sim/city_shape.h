#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "load/random_streams.h"
#include "routing/events.h"

/// The directory of a simulated city: who there is and which numbers are published.
namespace kapok::sim {

struct CityPerson {
  WorkerId id;
  std::size_t station = 0;  ///< index; of a duty phone's keeper: not used
  EndpointId desk;
  EndpointId phone;
  EndpointId duty;  ///< set for the keepers of the city's duty phone alone
};

struct CityStation {
  UnitId unit;
  UnitId district;
  LineId line;
  double share = 1;               ///< of the city's callers, relative
  std::vector<std::size_t> crew;  ///< indices of people
};

struct CityShape {
  UnitId root;
  routing::DirectoryChanged directory;
  std::vector<CityStation> stations;
  std::vector<CityPerson> people;
  std::vector<std::size_t> duty_crew;
  std::vector<LineId> shared_lines;  ///< of districts and the city
  LineId crisis_line;
};

/// 4 regions, 11 districts, 176 stations in the sizes of Guangzhou's, 4 people each, and who keeps the duty phone.
/// Shares are log-normal (spread 0.4, routing.md §1.1).
[[nodiscard]] CityShape guangzhou_shape(load::Stream chance);

/// 1–8 stations, some directly under a region, with at most 30 people; both presets, lines that need a skill.
[[nodiscard]] CityShape small_shape(load::Stream chance);

}  // namespace kapok::sim
