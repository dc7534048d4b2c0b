#include "service/city_service.h"

#include <gtest/gtest.h>

#include "service/whole_city_fixture.h"

namespace kapok::service {
namespace {

TEST(CityService, AClientThatFellBehindIsToldHowTheServerIsAgain) {
  WholeCity city;
  const TestClient an = city.on_duty("an");
  an.outbox->pushes.clear();
  city.city().fell_behind(an.connection);
  city.run_until([&] { return an.outbox->count<api::DeskState>() > 0; });
  EXPECT_EQ(an.outbox->last<api::ServerNotice>()->state, "ok");
  EXPECT_EQ(an.outbox->last<api::DeskState>()->state, WorkerState::kReady);
}

TEST(CityService, SessionsGoOnAboveTheirLastKeyAfterARestart) {
  WholeCity city;
  const TestClient an = city.connect();
  const auto signed_in = WholeCity::got<api::SignedIn>(city.ask(an, api::SignInDevice{city.token_of("an")}));
  EXPECT_EQ(signed_in.last_key, 0u);
  EXPECT_EQ(WholeCity::refusal(city.ask(an, api::TakeDuty{}, 40)), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city.ask(an, api::TakeDuty{}, 41)), ErrorCode::kAlreadyOnDuty);
  city.restart();
  const TestClient back = city.connect();
  const auto resumed = WholeCity::got<api::SignedIn>(city.ask(back, api::Resume{signed_in.session_token}));
  EXPECT_EQ(resumed.last_key, 40u);
  // What was done is told again; what was refused changed nothing and is judged anew.
  EXPECT_TRUE(city.ask(back, api::TakeDuty{}, 40).repeated);
  EXPECT_EQ(WholeCity::refusal(city.ask(back, api::LeaveDuty{}, 41)), std::nullopt);
}

}  // namespace
}  // namespace kapok::service
