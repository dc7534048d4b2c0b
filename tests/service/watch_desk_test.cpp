#include <gtest/gtest.h>

#include <map>
#include <string>

#include "service/city_fixture.h"

namespace kapok::service {
namespace {

/// What a client shows after the pushes it has had.
struct Screen {
  std::map<CallId, std::string> calls;
  std::map<WorkerId, std::string> workers;
  std::map<UnitId, std::string> units;

  void put(const api::WaitingCall& call) {
    calls[call.call] = std::string(name_of(call.state)) + " " + call.caller_masked + " " +
                       std::to_string(call.position) + " " + call.worker_name + " " +
                       std::to_string(call.state_since.us);
  }
  void put(const api::WorkerLine& worker) {
    workers[worker.worker] = std::string(name_of(worker.state)) + " " + std::to_string(worker.calls_today);
  }
  void put(const api::UnitCounters& unit) {
    units[unit.unit] = std::to_string(unit.waiting) + " " + std::to_string(unit.talking) + " " +
                       std::to_string(unit.on_duty) + " " + std::to_string(unit.ready) + " " +
                       std::to_string(unit.arrived_today) + " " + std::to_string(unit.answered_today) + " " +
                       std::to_string(unit.unanswered_today) + " " + std::to_string(unit.longest_wait.count()) +
                       (unit.gap ? " gap" : "");
  }
  template <class Page>
  void put_all(const Page& page) {
    for (const auto& call : page.calls) put(call);
    for (const auto& worker : page.workers) put(worker);
    for (const auto& unit : page.units) put(unit);
  }
};

Screen screen_of(const RecordingOutbox& outbox) {
  Screen screen;
  for (const auto& [push, key] : outbox.pushes) {
    if (std::holds_alternative<api::Resync>(push)) screen = {};
    if (const auto* page = std::get_if<api::SnapshotPage>(&push)) screen.put_all(*page);
    const auto* change = std::get_if<api::Change>(&push);
    if (change == nullptr) continue;
    screen.put_all(*change);
    for (const CallId gone : change->calls_gone) screen.calls.erase(gone);
    for (const WorkerId gone : change->workers_gone) screen.workers.erase(gone);
  }
  return screen;
}

TEST(WatchDesk, SnapshotWithItsChangesEqualsALaterSnapshot) {
  City city;
  const TestClient early = city.connect(City::kSupervisor);
  ASSERT_EQ(City::refusal(city.ask(city.watch(), early, api::Watch{City::kDistrict})), std::nullopt);
  const TestClient gate = city.gateway();
  const TestClient an = city.on_duty(City::kAn);
  const TestClient chen = city.on_duty(City::kChen);
  city.arrive(gate, "a-1");
  const auto offer = an.outbox->last<api::OfferShown>()->offer;
  city.clock.move(seconds{2});
  city.ask(city.calls(), an, api::AcceptOffer{offer.offer, offer.epoch});
  city.arrive(gate, "a-2", City::kLineNumber, "13800138001");
  city.clock.move(seconds{2});
  city.arrive(gate, "a-3", City::kNeighbourNumber, "13800138002");
  city.arrive(gate, "a-4", City::kLineNumber, "13800138003");
  city.pass(seconds{13});
  city.left(gate, "a-3");
  city.ask(city.duty(), chen, api::LeaveDuty{});
  city.settle();
  const TestClient late = city.connect(City::kSupervisor);
  city.ask(city.watch(), late, api::Watch{City::kDistrict});
  const Screen told = screen_of(*early.outbox);
  const Screen shown = screen_of(*late.outbox);
  EXPECT_EQ(told.calls, shown.calls);
  EXPECT_EQ(told.workers, shown.workers);
  EXPECT_EQ(told.units, shown.units);
  EXPECT_EQ(shown.calls.size(), 3u);
  EXPECT_EQ(shown.units.size(), 3u);
}

TEST(WatchDesk, ChangesCoalesceByWhatTheyAreAboutAndShowMaskedNumbersOnly) {
  City city;
  const TestClient lead = city.connect(City::kSupervisor);
  city.ask(city.watch(), lead, api::Watch{City::kDistrict});
  const TestClient gate = city.gateway();
  const CallId call = City::call_of(city.arrive(gate, "a-1"));
  bool seen = false;
  for (const auto& [push, key] : lead.outbox->pushes) {
    const auto* change = std::get_if<api::Change>(&push);
    if (change == nullptr || change->calls.empty()) continue;
    seen = true;
    EXPECT_EQ(key, "call:" + std::to_string(call.value));
    EXPECT_EQ(change->calls[0].caller_masked, "138****8000");
  }
  EXPECT_TRUE(seen);
}

TEST(WatchDesk, OnlyThoseWhoMaySeeASubtreeWatchItAndOnlyIt) {
  City city;
  const TestClient lead = city.connect(City::kSupervisor);
  EXPECT_EQ(City::refusal(city.ask(city.watch(), lead, api::Watch{City::kCityUnit})), ErrorCode::kForbidden);
  EXPECT_EQ(City::refusal(city.ask(city.watch(), lead, api::Watch{UnitId{999}})), ErrorCode::kUnknownUnit);
  city.ask(city.watch(), lead, api::Watch{City::kNeighbour});
  const std::size_t before = lead.outbox->pushes.size();
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  EXPECT_EQ(lead.outbox->pushes.size(), before);
}

TEST(WatchDesk, OnceSendsNoChangesAndUnwatchEndsThem) {
  City city;
  const TestClient lead = city.connect(City::kSupervisor);
  city.ask(city.watch(), lead, api::Watch{City::kDistrict, true});
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  EXPECT_EQ(lead.outbox->count<api::Change>(), 0u);
  city.ask(city.watch(), lead, api::Watch{City::kDistrict});
  city.ask(city.watch(), lead, api::Unwatch{});
  city.arrive(gate, "a-2", City::kLineNumber, "13800138001");
  EXPECT_EQ(lead.outbox->count<api::Change>(), 0u);
}

TEST(WatchDesk, TodaysFiguresSurviveARestart) {
  City city;
  const TestClient gate = city.gateway();
  city.arrive(gate, "a-1");
  city.clock.move(seconds{6});
  city.left(gate, "a-1");
  city.arrive(gate, "a-2", City::kLineNumber, "13800138001");
  city.restart();
  const auto station = city.watch().board().unit(*city.office().directory, City::kStation);
  EXPECT_EQ(station.arrived_today, 2u);
  EXPECT_EQ(station.unanswered_today, 1u);
  EXPECT_EQ(station.waiting, 1u);
  EXPECT_TRUE(station.gap);
}

TEST(WatchDesk, ClientThatFellBehindGetsASnapshotAgain) {
  City city;
  const TestClient lead = city.connect(City::kSupervisor);
  city.ask(city.watch(), lead, api::Watch{City::kDistrict});
  const std::size_t pages = lead.outbox->count<api::SnapshotPage>();
  city.watch().fell_behind(lead.connection);
  EXPECT_EQ(lead.outbox->count<api::SnapshotPage>(), pages * 2);
}

}  // namespace
}  // namespace kapok::service
