#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "service/city_fixture.h"
#include "storage/journal_replay.h"

/// Random stretches of a day on the whole chain — gateway, routing, store, restart — with a printed seed.
namespace kapok::service {
namespace {

class Day {
 public:
  explicit Day(std::uint64_t seed) : random_(seed) { come_to_work(); }

  void step() {
    switch (random_() % 15) {
      case 0:
      case 1:
      case 2:
        return arrive();
      case 3:
      case 4:
      case 5:
        return accept();
      case 6:
        return hang_up();
      case 7:
        return leave();
      case 8:
        return ready();
      case 9:
        return decline();
      case 10:
        city_.ask(city_.gateways(), gate_, api::Beat{});
        return city_.pass(seconds{random_() % 20});
      case 11:
        return pass_on();
      case 12:
        return keep();
      case 13:
        return dialled_or_lost();
      default:
        if (random_() % 6 == 0) restart();
    }
  }

  /// Everybody who called has one row; what is open in routing is open in the store and nothing else is.
  void compare() {
    city_.settle();
    EXPECT_EQ(city_.calls().core().check_all(), std::nullopt);
    std::size_t open = 0;
    for (const auto& [ref, call] : arrived_) {
      const auto row = city_.stored_call(call);
      EXPECT_EQ(row.gw_ref, ref);
      EXPECT_EQ(row.state == CallState::kEnded, row.outcome != CallOutcome::kNone);
      const auto live = city_.calls().core().call(call);
      EXPECT_EQ(live.has_value() && live->state != CallState::kEnded, row.state != CallState::kEnded);
      if (live && row.state != CallState::kEnded) EXPECT_EQ(live->state, row.state);
      open += row.state == CallState::kEnded ? 0 : 1;
    }
    EXPECT_EQ(city_.calls().calls().all().size(), open);
    EXPECT_EQ(city_.watch().board().calls().size(), open);
  }

  void end_everything() {
    for (const auto& [ref, call] : arrived_) city_.left(gate_, ref);
    // Those who are to be rung back are not on the line.
    for (const auto& [ref, call] : arrived_)
      if (city_.calls().calls().find(call) != nullptr)
        city_.calls().happened(routing::CallerLeft{call, routing::LeftCause::kNotReached});
    compare();
    EXPECT_TRUE(city_.calls().calls().all().empty());
  }

  /// What routing was told, told to another one, gives the same answers.
  void replay() {
    const auto replayed = city_.stored<storage::ReplayedJournal>([](storage::ReadTransaction& tx) {
      return storage::replay_journal(tx, CityId{1}, {Instant{1}, Instant{INT64_MAX}});
    });
    if (replayed.difference)
      ADD_FAILURE() << "seq " << replayed.difference->seq << ": " << replayed.difference->what << "\n"
                    << replayed.difference->event;
    EXPECT_GT(replayed.figures.events, 200);
    EXPECT_EQ(replayed.figures.digests_compared, replayed.figures.events);
    EXPECT_EQ(replayed.figures.starts, starts_);
  }

  [[nodiscard]] std::size_t calls() const { return arrived_.size(); }

 private:
  void come_to_work() {
    gate_ = city_.gateway(++epoch_);
    for (const WorkerId worker : {City::kAn, City::kBai, City::kChen}) {
      desks_[worker] = city_.connect(worker);
      city_.ask(city_.duty(), desks_[worker], api::TakeDuty{});
      city_.ask(city_.duty(), desks_[worker], api::OpenDesk{});
      city_.ask(city_.duty(), desks_[worker], api::SetReady{true});
    }
  }
  void arrive() {
    const std::string ref = "r-" + std::to_string(arrived_.size());
    const bool here = random_() % 2 == 0;
    const auto reply = city_.arrive(gate_, ref, here ? City::kLineNumber : City::kNeighbourNumber,
                                    "1380013800" + std::to_string(random_() % 10));
    ASSERT_TRUE(reply.body.ok());
    arrived_[ref] = City::call_of(reply);
  }
  TestClient& someone() { return std::next(desks_.begin(), static_cast<long>(random_() % desks_.size()))->second; }
  void accept() {
    TestClient& desk = someone();
    if (const auto shown = desk.outbox->last<api::OfferShown>())
      city_.ask(city_.calls(), desk, api::AcceptOffer{shown->offer.offer, shown->offer.epoch});
  }
  void decline() {
    TestClient& desk = someone();
    if (const auto shown = desk.outbox->last<api::OfferShown>())
      city_.ask(city_.calls(), desk, api::DeclineOffer{shown->offer.offer, shown->offer.epoch, ""});
  }
  void hang_up() {
    TestClient& desk = someone();
    const LiveCall* call = city_.calls().call_of(desk.session->worker);
    if (call == nullptr) return;
    if (random_() % 3 == 0) {
      city_.ask(city_.calls(), desk, api::HandBack{call->row.id, ""});
    } else {
      city_.ask(city_.calls(), desk, api::HangUp{call->row.id});
    }
  }
  void pass_on() {
    TestClient& desk = someone();
    const LiveCall* call = city_.calls().call_of(desk.session->worker);
    if (call == nullptr) return;
    if (random_() % 4 == 0) {
      city_.ask(city_.calls(), desk, api::CancelTransfer{call->row.id});
      return;
    }
    const auto kind = random_() % 3 == 0 ? routing::TransferKind::kCold : routing::TransferKind::kWarm;
    const bool to_unit = random_() % 2 == 0;
    city_.ask(city_.calls(), desk,
              api::TransferCall{call->row.id, kind, to_unit ? WorkerId{} : someone().session->worker,
                                to_unit ? City::kNeighbour : UnitId{}, false, ""});
  }
  std::string some_ref() { return "r-" + std::to_string(random_() % (arrived_.size() + 1)); }
  void keep() {
    const std::string ref = some_ref();
    city_.ask(city_.gateways(), gate_, api::CallbackChosen{ref, city_.clock.now()});
    if (random_() % 2 == 0) city_.left(gate_, ref);
  }
  void dialled_or_lost() {
    const std::string ref = some_ref();
    if (random_() % 3 != 0) {
      city_.ask(city_.gateways(), gate_, api::CallerDialled{ref, random_() % 2 == 0, city_.clock.now()});
      return;
    }
    const auto held = arrived_.find(ref);
    const LiveCall* call = held == arrived_.end() ? nullptr : city_.calls().calls().find(held->second);
    if (call != nullptr) city_.ask(city_.gateways(), gate_, api::LegLost{ref, call->row.endpoint, city_.clock.now()});
  }
  void leave() {
    if (!arrived_.empty()) city_.left(gate_, "r-" + std::to_string(random_() % arrived_.size()));
  }
  void ready() { city_.ask(city_.duty(), someone(), api::SetReady{random_() % 4 != 0}); }
  void restart() {
    if (random_() % 2 == 0) lose_the_store();
    city_.restart();
    ++starts_;
    come_to_work();
    city_.ask(city_.gateways(), gate_, api::KnownBegin{});
    for (const auto& [ref, call] : arrived_)
      if (city_.calls().calls().find(call) != nullptr)
        city_.ask(city_.gateways(), gate_, api::Known{ref, City::kLineNumber, "", CallState::kWaiting, {}, {}});
    city_.ask(city_.gateways(), gate_, api::KnownEnd{});
  }

  /// A saving that fails, on the way to a city rebuilt from what was saved.
  void lose_the_store() {
    city_.settle();
    city_.break_saving();
    EXPECT_FALSE(city_.arrive(gate_, "unsaved-" + std::to_string(starts_)).body.ok());
    city_.settle();
    city_.mend_saving();
    city_.run_until([&] { return city_.calls().running(); });
    ++starts_;
  }

  City city_;
  std::mt19937_64 random_;
  std::int64_t starts_ = 1;
  TestClient gate_;
  std::uint64_t epoch_ = 0;
  std::map<WorkerId, TestClient> desks_;
  std::map<std::string, CallId> arrived_;
};

class RandomDay : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomDay, StoreRoutingAndBoardAgreeAndEveryCallerHasOneOutcome) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Day day(GetParam());
  for (int step = 1; step <= 300 && !testing::Test::HasFailure(); ++step) {
    day.step();
    if (step % 20 == 0) day.compare();
  }
  day.end_everything();
  day.replay();
  EXPECT_GT(day.calls(), 30u);
}

/// KAPOK_DAYS makes a longer run (tests/nightly).
std::uint64_t days() {
  const char* asked = std::getenv("KAPOK_DAYS");
  return asked == nullptr ? 4 : std::strtoull(asked, nullptr, 10);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomDay, testing::Range<std::uint64_t>(1, days() + 1));

}  // namespace
}  // namespace kapok::service
