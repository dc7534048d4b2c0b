#include "service/hunt_lists.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

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
