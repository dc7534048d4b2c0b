#include "service/hunt_lists.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "core/skill.h"
#include "service/city_fixture.h"

namespace kapok::service {
namespace {

TEST(HuntLists, NameThePhoneOnDutyAndChangeWithTheRoster) {
  City city;
  const TestClient gate = city.gateway();
  EXPECT_EQ(gate.outbox->count<api::HuntList>(), 2u);  // a recorded-only line rings elsewhere
  EXPECT_TRUE(gate.outbox->last<api::HuntList>()->endpoints.empty());
  const TestClient night = city.connect(City::kNight);
  city.ask(city.duty(), night, api::TakeDuty{});
  city.pass(seconds{1});
  const auto lists = gate.outbox->all<api::HuntList>();
  ASSERT_EQ(lists.size(), 4u);
  EXPECT_EQ(lists[2].endpoints.size(), 1u);
  EXPECT_GT(lists[2].version, lists[0].version);
  city.ask(city.duty(), night, api::LeaveDuty{});
  city.pass(seconds{1});
  EXPECT_TRUE(gate.outbox->last<api::HuntList>()->endpoints.empty());
}

TEST(HuntPhones, AWorkerAtADeskIsRungOnHisOwnPhoneAfterThoseWhoWaitByOne) {
  std::vector<DirectoryWorker> people(2);
  for (std::size_t n : {0U, 1U}) {
    people[n].id = WorkerId{static_cast<std::int64_t>(n) + 1};
    people[n].roles = {{.role = Role::kWorker, .unit = UnitId{10}}};
    people[n].endpoints = {{EndpointId{static_cast<std::int64_t>(n) * 10 + 1}, EndpointKind::kDesk, "", 1},
                           {EndpointId{static_cast<std::int64_t>(n) * 10 + 2}, EndpointKind::kPhone, "+86139", 1}};
  }
  const Directory directory(Tree{}, {}, people);
  Roster roster;
  for (const auto [shift, worker, by] :
       {std::tuple{1, 1, EndpointKind::kDesk}, std::tuple{2, 2, EndpointKind::kPhone}}) {
    casework::Shift each;
    each.id = ShiftId{shift};
    each.worker = WorkerId{worker};
    each.units = {UnitId{10}};
    each.period = {Instant{1}, Instant{1'000'000}};
    each.by = by;
    roster.put(each);
    roster.started(each.id);
  }
  const auto phones = hunt_phones(directory, roster);
  ASSERT_EQ(phones.size(), 2U);
  EXPECT_EQ(phones[0].endpoint.endpoint, EndpointId{12});
  EXPECT_EQ(phones[1].endpoint.endpoint, EndpointId{2});
}

TEST(HuntPhones, ALineThatNeedsASkillNamesThoseWhoHaveItAndLastTheDutyPhone) {
  const auto tree = Tree::build({{UnitId{1}, {}, UnitKind::kCity, "4401", "广州市", "Guangzhou"},
                                 {UnitId{10}, UnitId{1}, UnitKind::kStation, "440103001", "沙面街道", "Shamian"},
                                 {UnitId{11}, UnitId{1}, UnitKind::kStation, "440103002", "岭南街道", "Lingnan"}});
  const std::vector<HuntPhone> phones = {
      {{EndpointId{1}, "+86139"}, {UnitId{10}}, false, 0},
      {{EndpointId{2}, "+86138"}, {UnitId{11}}, false, bit_of(Skill::kLegal) | bit_of(Skill::kCrisis)},
      {{EndpointId{3}, "+86137"}, {UnitId{1}}, true, 0}};
  const DirectoryLine line{.id = LineId{21},
                           .unit = UnitId{10},
                           .number = "+862081210001",
                           .name_zh = "法律热线",
                           .required_skills = bit_of(Skill::kLegal)};
  const auto list = hunt_endpoints(tree.value(), phones, line);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].endpoint, EndpointId{2});
  EXPECT_EQ(list[1].endpoint, EndpointId{3});
}

TEST(HuntLists, VersionsRiseOverARestartWithTheClockSetBack) {
  City city;
  std::uint64_t before = 0;
  for (const api::HuntList& list : city.gateway().outbox->all<api::HuntList>()) before = std::max(before, list.version);
  city.clock.move(-hours{3});
  city.restart();
  const auto lists = city.gateway(2).outbox->all<api::HuntList>();
  ASSERT_FALSE(lists.empty());
  for (const api::HuntList& list : lists) EXPECT_GT(list.version, before);
}

}  // namespace
}  // namespace kapok::service
