#include "service/desk_liveness.h"

#include <gtest/gtest.h>

#include "service/city_fixture.h"

namespace kapok::service {
namespace {

using std::chrono::milliseconds;

class DeskLivenessTest : public testing::Test {
 protected:
  DeskLivenessTest()
      : liveness_(
            city_.office(), city_.calls(), [this](WorkerId worker) { return city_.duty().desks_of(worker); },
            [this](ConnectionId connection) {
              lost_ = connection;
              city_.duty().disconnected(connection);
            },
            milliseconds{40}) {}

  void was_heard(const TestClient& client) {
    city_.office().clients.find(client.connection)->heard_at = std::chrono::steady_clock::now();
  }

  City city_;
  std::optional<ConnectionId> lost_;
  DeskLiveness liveness_;
};

TEST_F(DeskLivenessTest, ADeskThatIsSilentWhileOfferedLosesTheOfferWithoutBlame) {
  const TestClient an = city_.on_duty(City::kAn);
  const TestClient gate = city_.gateway();
  was_heard(an);
  city_.arrive(gate, "1");
  city_.run_until([&] { return lost_.has_value(); });
  EXPECT_EQ(*lost_, an.connection);
  city_.settle();
  const auto seen = city_.calls().core().worker(City::kAn);
  EXPECT_EQ(seen->reason, routing::AwayReason::kDevice);
}

TEST_F(DeskLivenessTest, ADeskThatIsHeardKeepsItsOffer) {
  const TestClient an = city_.on_duty(City::kAn);
  const TestClient gate = city_.gateway();
  was_heard(an);
  city_.arrive(gate, "1");
  const auto end = std::chrono::steady_clock::now() + milliseconds{150};
  city_.run_until([&] {
    was_heard(an);
    return std::chrono::steady_clock::now() > end;
  });
  EXPECT_FALSE(lost_.has_value());
}

TEST_F(DeskLivenessTest, ADeskWithoutAnOfferIsNotJudgedHere) {
  const TestClient an = city_.on_duty(City::kAn);
  const auto end = std::chrono::steady_clock::now() + milliseconds{100};
  city_.run_until([&] { return std::chrono::steady_clock::now() > end; });
  EXPECT_FALSE(lost_.has_value());
}

}  // namespace
}  // namespace kapok::service
