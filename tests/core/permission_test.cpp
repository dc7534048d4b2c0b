#include "core/permission.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "core/small_city.h"

namespace kapok {
namespace {

using namespace testing_city;

constexpr WorkerId kMe{7};
constexpr WorkerId kColleague{8};

using Cell = std::tuple<Role, Action, Scope>;

/// The table written by hand. A line it cannot read fails the test that asked for it.
std::set<Cell> table_by_hand() {
  std::ifstream file(KAPOK_PERMISSION_TABLE);
  EXPECT_TRUE(file.good()) << KAPOK_PERMISSION_TABLE;
  std::set<Cell> cells;
  std::optional<Role> role;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string first, word;
    words >> first;
    if (line.front() != ' ') {
      role = from_name<Role>(first);
      EXPECT_TRUE(role.has_value()) << line;
      continue;
    }
    while (words >> word) {
      const auto action = from_name<Action>(word);
      EXPECT_TRUE(action.has_value()) << word;
      for (const auto& scope : kEnumNames<Scope>)
        if (first == scope.name || first == "everywhere") cells.insert({role.value(), action.value(), scope.value});
      EXPECT_TRUE(first == "everywhere" || from_name<Scope>(first)) << line;
    }
  }
  return cells;
}

/// Holds the role in the East; sits in Hongqiao and supervises Beijing Road, both in the West: each scope can hold
/// alone.
Subject somebody(Role role) { return {kMe, {{role, kEast}}, kHongqiao, {kBeijingRoad}}; }

/// An object for which `scope` holds and, besides `other`, no second one.
Object standing_at(Scope scope) {
  switch (scope) {
    case Scope::kOwn:
      return {kLiurong, kMe};
    case Scope::kAssigned:
      return {kLiurong, kColleague, true};
    case Scope::kOwnStation:
      return {kHongqiao, kColleague};
    case Scope::kPatch:
      return {kBeijingRoad, kColleague};
    case Scope::kSubtree:
      return {kShamian, kColleague};
    case Scope::kOther:
      return {kLiurong, kColleague};
  }
  return {};
}

TEST(Permission, EveryCellAnswersAsTheTableWrittenByHand) {
  const Tree city = tree();
  const auto expected = table_by_hand();
  std::size_t unexpected_allows = 0, asked = 0;
  for (const auto& role : kEnumNames<Role>)
    for (const auto& action : kEnumNames<Action>)
      for (const auto& scope : kEnumNames<Scope>) {
        const bool answer = may(city, somebody(role.value), action.value, standing_at(scope.value)).ok();
        const bool named = expected.contains({role.value, action.value, scope.value});
        EXPECT_EQ(answer, named) << role.name << ' ' << action.name << ' ' << scope.name;
        unexpected_allows += answer && !named;
        ++asked;
      }
  EXPECT_EQ(unexpected_allows, 0U);
  EXPECT_EQ(asked, count_of<Role>() * count_of<Action>() * count_of<Scope>());
}

TEST(Permission, EveryActionIsSomebodys) {
  const auto expected = table_by_hand();
  for (const auto& action : kEnumNames<Action>) {
    const bool named = std::any_of(expected.begin(), expected.end(),
                                   [&action](const Cell& cell) { return std::get<Action>(cell) == action.value; });
    EXPECT_TRUE(named) << action.name;
  }
}

TEST(Permission, NobodyWithoutARoleMayAnything) {
  const Tree city = tree();
  const Subject nobody{kMe, {}, kHongqiao, {kBeijingRoad}};
  for (const auto& action : kEnumNames<Action>)
    for (const auto& scope : kEnumNames<Scope>)
      EXPECT_FALSE(may(city, nobody, action.value, standing_at(scope.value))) << action.name;
}

TEST(Permission, RolesAddUpAndTheNearestScopeIsNamed) {
  const Tree city = tree();
  Subject both = somebody(Role::kWorker);
  both.roles.push_back({Role::kSupervisor, kWest});
  const auto in_patch = may(city, both, Action::kReviewContact, {kBeijingRoad, kColleague});
  ASSERT_TRUE(in_patch);
  EXPECT_EQ(in_patch->role, Role::kSupervisor);
  EXPECT_EQ(in_patch->scope, Scope::kPatch);
  EXPECT_EQ(may(city, both, Action::kOpenContactMasked, {kBeijingRoad, kMe})->scope, Scope::kOwn);
}

TEST(Permission, APointBelongsToItsStation) {
  const Tree city = tree();
  EXPECT_TRUE(may(city, somebody(Role::kWorker), Action::kAcceptReferral, {kSanyuan, kColleague}));
  EXPECT_FALSE(may(city, somebody(Role::kWorker), Action::kAcceptReferral, {kCuizhou, kColleague}));
  EXPECT_TRUE(
      may(city, {kMe, {{Role::kSupervisor, kWest}}, kCity, {kShamian}}, Action::kOpenContact, {kCuizhou, kColleague}));
}

TEST(Permission, ADeskAtTheCityIsNotItsStations) {
  const Tree city = tree();
  const Subject operator_at_city{kMe, {{Role::kWorker, kCity}}, kCity, {}};
  EXPECT_TRUE(may(city, operator_at_city, Action::kOpenContact, {kCity, kColleague}));
  EXPECT_FALSE(may(city, operator_at_city, Action::kOpenContact, {kShamian, kColleague}));
  EXPECT_FALSE(may(city, operator_at_city, Action::kOpenContact, {kLiwan, kColleague}));
}

TEST(Permission, ARoleReachesNoFurtherThanItsUnit) {
  const Tree city = tree();
  const Subject lead{kMe, {{Role::kDistrictLead, kLiwan}}, kLiwan, {}};
  EXPECT_TRUE(may(city, lead, Action::kReportDay, {kLiwan, kColleague}));
  EXPECT_TRUE(may(city, lead, Action::kReportDay, {kCuizhou, kColleague}));
  EXPECT_FALSE(may(city, lead, Action::kReportDay, {kYuexiu, kColleague}));
  EXPECT_FALSE(may(city, lead, Action::kReportDay, {kCity, kColleague}));
}

TEST(Permission, UnknownAndMissingUnitsAreWithinNothing) {
  const Tree city = tree();
  for (const UnitId unit : {UnitId{}, UnitId{999}}) {
    EXPECT_FALSE(may(city, {kMe, {{Role::kCityCentre, kCity}}, {}, {}}, Action::kSearchLog, {unit, kColleague}));
    EXPECT_FALSE(may(city, {kMe, {{Role::kWorker, kCity}}, {}, {}}, Action::kOpenContact, {unit, kColleague}));
    EXPECT_FALSE(may(city, {kMe, {{Role::kCityCentre, unit}}, {}, {}}, Action::kSearchLog, {kShamian, kColleague}));
  }
}

TEST(Permission, NobodysObjectIsNotMine) {
  const Subject gateway{{}, {{Role::kWorker, kCity}}, kCity, {}};
  EXPECT_FALSE(may(tree(), gateway, Action::kAnswerOffer, {kShamian, WorkerId{}}));
}

TEST(Permission, ARoleThatNeedsASecondFactorIsIdleWithoutOne) {
  const Tree city = tree();
  Subject lead{kMe, {{Role::kCityCentre, kCity, true}}, kCity, {}};
  const auto refused = may(city, lead, Action::kExportLog, {kShamian, kColleague});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kSecondFactorNeeded);
  EXPECT_EQ(may(city, lead, Action::kReviewContact, {kShamian, kColleague}).error().code, ErrorCode::kForbidden);
  EXPECT_TRUE(reach(city, lead, Action::kExportLog).subtrees.empty());
  lead.second_factor = true;
  EXPECT_TRUE(may(city, lead, Action::kExportLog, {kShamian, kColleague}));
}

TEST(Permission, ListsReachAsFarAsSingleRows) {
  const Tree city = tree();
  for (const auto& role : kEnumNames<Role>)
    for (const auto& action : kEnumNames<Action>) {
      const Subject subject = somebody(role.value);
      const Reach reached = reach(city, subject, action.value);
      for (const Unit& unit : units()) {
        const bool listed = std::any_of(reached.desks.begin(), reached.desks.end(),
                                        [&](UnitId desk) { return city.desk_of(unit.id) == desk; }) ||
                            std::any_of(reached.subtrees.begin(), reached.subtrees.end(),
                                        [&](UnitId top) { return city.is_within(unit.id, top); });
        EXPECT_EQ(listed, may(city, subject, action.value, {unit.id, kColleague}).ok())
            << role.name << ' ' << action.name << ' ' << unit.code;
      }
      EXPECT_EQ(reached.own, may(city, subject, action.value, {UnitId{}, kMe, true}).ok())
          << role.name << ' ' << action.name;
    }
}

}  // namespace
}  // namespace kapok
