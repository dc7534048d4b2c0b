#pragma once

#include <vector>

#include "core/tree.h"

namespace kapok::testing_city {

// One city with two regions; the numbers are the ids.
inline constexpr UnitId kProvince{1}, kCity{2}, kEast{10}, kWest{11}, kLiwan{20}, kYuexiu{21}, kShamian{30},
    kLingnan{31}, kHongqiao{32}, kBeijingRoad{33}, kLiurong{34}, kCuizhou{40}, kSanyuan{41};

inline std::vector<Unit> units() {
  return {
      {kProvince, {}, UnitKind::kProvince, "44", "广东省", "Guangdong"},
      {kCity, kProvince, UnitKind::kCity, "4401", "广州市", "Guangzhou"},
      {kEast, kCity, UnitKind::kRegion, "R1", "东片", "East"},
      {kWest, kCity, UnitKind::kRegion, "R2", "西片", "West"},
      {kLiwan, kEast, UnitKind::kDistrict, "440103", "荔湾区", "Liwan"},
      {kYuexiu, kWest, UnitKind::kDistrict, "440104", "越秀区", "Yuexiu"},
      {kShamian, kLiwan, UnitKind::kStation, "440103001", "沙面街道", "Shamian"},
      {kLingnan, kLiwan, UnitKind::kStation, "440103002", "岭南街道", "Lingnan"},
      {kHongqiao, kYuexiu, UnitKind::kStation, "440104001", "洪桥街道", "Hongqiao"},
      {kBeijingRoad, kYuexiu, UnitKind::kStation, "440104002", "北京街道", "Beijing Road"},
      {kLiurong, kYuexiu, UnitKind::kStation, "440104003", "六榕街道", "Liurong"},
      {kCuizhou, kShamian, UnitKind::kPoint, "440103001101", "翠洲社区居民委员会", "Cuizhou"},
      {kSanyuan, kHongqiao, UnitKind::kPoint, "440104001101", "三元社区居民委员会", "Sanyuan"},
  };
}

inline Tree tree() { return Tree::build(units()).value(); }

}  // namespace kapok::testing_city
