#include "sim/city_shape.h"

#include <algorithm>
#include <array>

namespace kapok::sim {

using namespace routing;

namespace {

/// Stations of the eleven districts in the order of deploy/guangzhou/stations.csv, and their invented regions.
constexpr std::array<std::size_t, 11> kGuangzhouStations = {22, 18, 18, 21, 24, 17, 16, 10, 9, 8, 13};
constexpr std::array<std::int64_t, 11> kGuangzhouRegions = {0, 0, 1, 2, 3, 2, 1, 3, 1, 3, 2};

class Builder {
 public:
  explicit Builder(load::Stream chance) : chance_(chance) { shape_.root = add_unit(UnitId{}, UnitKind::kCity); }

  UnitId add_unit(UnitId parent, UnitKind kind, RingPreset rings = RingPreset::kNormal) {
    const UnitId id{++units_};
    shape_.directory.units.push_back({id, parent, kind, rings});
    return id;
  }
  LineId add_line(UnitId owner, std::uint64_t skills = 0, bool crisis = false) {
    const LineId id{++lines_};
    shape_.directory.lines.push_back({id, owner, LineMode::kTrunk, crisis, skills});
    return id;
  }
  std::size_t add_person(std::size_t station, UnitId home, std::uint64_t skills) {
    const std::int64_t id = static_cast<std::int64_t>(shape_.people.size()) + 1;
    if (chance_.chance(0.05)) skills |= kSupervisorSkill;
    shape_.people.push_back({WorkerId{id}, station, EndpointId{id * 10 + 1}, EndpointId{id * 10 + 2}, {}});
    shape_.directory.workers.push_back(
        {WorkerId{id},
         home,
         {{EndpointId{id * 10 + 1}, EndpointKind::kDesk, 1}, {EndpointId{id * 10 + 2}, EndpointKind::kPhone, 1}},
         skills,
         (chance_.chance(0.3) ? 1U : 0U) | (chance_.chance(0.1) ? 2U : 0U)});
    return shape_.people.size() - 1;
  }
  void add_duty_keeper(std::int32_t capacity) {
    const std::size_t index = add_person(0, shape_.root, ~std::uint64_t{0});
    CityPerson& person = shape_.people[index];
    person.duty = EndpointId{person.id.value * 10 + 3};
    shape_.directory.workers.back().endpoints.push_back({person.duty, EndpointKind::kDutyPhone, capacity});
    shape_.duty_crew.push_back(index);
  }
  void add_station(UnitId parent, std::size_t crew, RingPreset rings, bool skilled_line) {
    CityStation station;
    station.unit = add_unit(parent, UnitKind::kStation, rings);
    station.district = parent;
    station.share = chance_.log_normal(1, 0.4);
    station.line = add_line(station.unit, skilled_line ? 1 : 0);
    for (std::size_t n = 0; n < crew; ++n)
      station.crew.push_back(add_person(shape_.stations.size(), station.unit, chance_.chance(0.5) ? 3 : 0));
    shape_.stations.push_back(std::move(station));
  }
  void add_shared_line(UnitId owner) { shape_.shared_lines.push_back(add_line(owner)); }

  load::Stream chance_;
  CityShape shape_;

 private:
  std::int64_t units_ = 0;
  std::int64_t lines_ = 0;
};

}  // namespace

CityShape guangzhou_shape(load::Stream chance) {
  Builder build(chance);
  std::array<UnitId, 4> regions{};
  for (UnitId& region : regions) region = build.add_unit(build.shape_.root, UnitKind::kRegion);
  for (std::size_t d = 0; d < kGuangzhouStations.size(); ++d) {
    const UnitId district =
        build.add_unit(regions.at(static_cast<std::size_t>(kGuangzhouRegions.at(d))), UnitKind::kDistrict);
    build.add_shared_line(district);
    for (std::size_t s = 0; s < kGuangzhouStations.at(d); ++s) {
      const bool local = build.chance_.chance(0.2);
      build.add_station(district, 4, local ? RingPreset::kLocal : RingPreset::kNormal, false);
    }
  }
  build.add_shared_line(build.shape_.root);
  build.shape_.crisis_line = build.add_line(build.shape_.root, 0, true);
  for (int keeper = 0; keeper < 3; ++keeper) build.add_duty_keeper(5);
  return std::move(build.shape_);
}

CityShape small_shape(load::Stream chance) {
  Builder build(chance);
  std::vector<UnitId> parents;
  const std::size_t regions = 1 + build.chance_.below(2);
  for (std::size_t r = 0; r < regions; ++r) {
    const UnitId region = build.add_unit(build.shape_.root, UnitKind::kRegion);
    if (build.chance_.chance(0.3)) parents.push_back(region);  // trees with a missing level exist
    for (std::size_t d = 0; d < 1 + build.chance_.below(2); ++d) {
      parents.push_back(build.add_unit(region, UnitKind::kDistrict));
      build.add_shared_line(parents.back());
    }
  }
  const std::size_t stations = 1 + build.chance_.below(8);
  const std::size_t crew_max = std::max<std::size_t>(1, 27 / stations);
  for (std::size_t s = 0; s < stations; ++s) {
    const bool local = build.chance_.chance(0.3);
    const UnitId parent = parents[build.chance_.below(parents.size())];
    const std::size_t crew = 1 + build.chance_.below(std::min<std::size_t>(crew_max, 5));
    build.add_station(parent, crew, local ? RingPreset::kLocal : RingPreset::kNormal, build.chance_.chance(0.1));
  }
  build.add_shared_line(build.shape_.root);
  build.shape_.crisis_line = build.add_line(build.shape_.root, 0, true);
  for (int keeper = 0; keeper < 2; ++keeper)
    build.add_duty_keeper(1 + static_cast<std::int32_t>(build.chance_.below(4)));
  return std::move(build.shape_);
}

}  // namespace kapok::sim
