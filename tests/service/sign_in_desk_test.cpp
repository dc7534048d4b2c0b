#include "service/sign_in_desk.h"

#include <gtest/gtest.h>

#include "service/city_fixture.h"
#include "service/password.h"
#include "storage/credential_table.h"
#include "storage/people_table.h"

namespace kapok::service {
namespace {

constexpr const char* kPassword = "correct horse battery";

class SignInDeskTest : public testing::Test {
 protected:
  SignInDeskTest() {
    give_password(City::kAn);
    stranger_.session.reset();
    if (Client* client = city_.office().clients.find(stranger_.connection)) client->session.reset();
  }

  /// The people of the fixture stand in its directory alone; credentials belong to stored ones.
  static void store_person(storage::Transaction& tx, WorkerId worker) {
    storage::WorkerRow row;
    row.id = worker;
    row.city = tx.city();
    row.account = "stored-" + std::to_string(worker.value);
    row.unit = City::kStation;
    EXPECT_TRUE(storage::WorkerTable::save(tx, row).ok());
  }

  void give_password(WorkerId worker) {
    save([worker](storage::Transaction& tx) {
      store_person(tx, worker);
      storage::CredentialRow row;
      row.id = worker;
      row.city = tx.city();
      row.password_hash = password_hash(kPassword);
      row.changed_at = tx.now();
      return storage::CredentialTable::save(tx, row);
    });
  }

  std::string enrol(WorkerId worker) {
    const std::string token = random_token();
    save([&](storage::Transaction& tx) {
      store_person(tx, worker);
      storage::DeviceRow row;
      row.id = DeviceId{city_.office().next_id()};
      row.city = tx.city();
      row.worker = worker;
      row.token_hash = token_digest(token);
      row.enrolled_at = tx.now();
      return storage::DeviceTable::save(tx, row);
    });
    return token;
  }

  void save(const std::function<Result<>(storage::Transaction&)>& apply) {
    bool done = false;
    city_.office().changes.save(storage::WriteClass::kCaseWork, apply, [&](const storage::WriteOutcome& outcome) {
      EXPECT_TRUE(outcome.result) << outcome.result.error().detail;
      done = true;
    });
    city_.run_until([&] { return done; });
  }

  api::Reply sign_in(const std::string& account, const std::string& password) {
    return city_.ask(desk_, stranger_, api::SignIn{account, password, {}, "window"});
  }
  static const api::SignedIn& signed_in(const api::Reply& reply) { return std::get<api::SignedIn>(reply.body.value()); }

  City city_;
  SignInDesk desk_{city_.office()};
  TestClient stranger_ = city_.connect(City::kBai);
};

TEST_F(SignInDeskTest, TheRightPasswordSignsInAsThatPersonWithHisRoles) {
  const api::Reply reply = sign_in("an", kPassword);
  ASSERT_TRUE(reply.body) << reply.body.error().detail;
  EXPECT_EQ(signed_in(reply).worker, City::kAn);
  ASSERT_EQ(signed_in(reply).roles.size(), 1U);
  EXPECT_EQ(signed_in(reply).roles[0].role, Role::kWorker);
  EXPECT_EQ(city_.office().clients.find(stranger_.connection)->session->worker, City::kAn);
}

TEST_F(SignInDeskTest, AWrongPasswordAndAnUnknownAccountHearTheSame) {
  EXPECT_EQ(City::refusal(sign_in("an", "wrong horse battery")), ErrorCode::kWrongCredentials);
  EXPECT_EQ(City::refusal(sign_in("nobody", kPassword)), ErrorCode::kWrongCredentials);
  EXPECT_EQ(City::refusal(sign_in("chen", kPassword)), ErrorCode::kWrongCredentials);  // has no password
}

TEST_F(SignInDeskTest, FiveWrongPasswordsLockForAMinute) {
  for (int n = 0; n < 5; ++n) sign_in("an", "wrong horse battery");
  EXPECT_EQ(City::refusal(sign_in("an", kPassword)), ErrorCode::kLockedOut);
  city_.clock.move(minutes{1});
  EXPECT_TRUE(sign_in("an", kPassword).body.ok());
}

TEST_F(SignInDeskTest, EverybodyMayChangeHisOwnPasswordAndNobodyElses) {
  sign_in("an", kPassword);
  stranger_.session = city_.office().clients.find(stranger_.connection)->session;
  EXPECT_TRUE(city_.ask(desk_, stranger_, api::SetPassword{City::kAn, "another long password"}).body.ok());
  EXPECT_EQ(City::refusal(city_.ask(desk_, stranger_, api::SetPassword{City::kChen, "another long password"})),
            ErrorCode::kForbidden);
  EXPECT_EQ(City::refusal(sign_in("an", kPassword)), ErrorCode::kWrongCredentials);
  EXPECT_TRUE(sign_in("an", "another long password").body.ok());
}

TEST_F(SignInDeskTest, ANewPasswordEndsTheOtherSessionsOfItsPersonAndNobodyElses) {
  give_password(City::kBai);
  const std::string tablet = signed_in(sign_in("an", kPassword)).session_token;
  const std::string colleague = signed_in(sign_in("bai", kPassword)).session_token;
  const std::string own = signed_in(sign_in("an", kPassword)).session_token;
  stranger_.session = city_.office().clients.find(stranger_.connection)->session;
  ASSERT_TRUE(city_.ask(desk_, stranger_, api::SetPassword{City::kAn, "another long password"}).body.ok());
  EXPECT_EQ(City::refusal(city_.ask(desk_, stranger_, api::Resume{tablet})), ErrorCode::kSessionEnded);
  EXPECT_TRUE(city_.ask(desk_, stranger_, api::Resume{own}).body.ok());
  EXPECT_TRUE(city_.ask(desk_, stranger_, api::Resume{colleague}).body.ok());
  SignInDesk after_restart(city_.office());
  city_.stored<int>([&](storage::ReadTransaction& tx) {
    after_restart.load(tx);
    return 0;
  });
  EXPECT_EQ(City::refusal(city_.ask(after_restart, stranger_, api::Resume{tablet})), ErrorCode::kSessionEnded);
  EXPECT_TRUE(city_.ask(after_restart, stranger_, api::Resume{own}).body.ok());
}

TEST_F(SignInDeskTest, WhoSignsInWhileHisPasswordChangesHasNoSessionWithTheOldOne) {
  // The old password was found right; before the session is saved the new one is.
  std::optional<api::Reply> late;
  auto asked = std::make_shared<Question>();
  asked->connection = stranger_.connection;
  asked->now = city_.clock.now();
  asked->reply = [&late](api::Reply reply) { late = std::move(reply); };
  desk_.handle(asked, api::SignIn{"an", kPassword, {}, {}});
  save([](storage::Transaction& tx) {
    auto row = **storage::CredentialTable::find(tx, City::kAn);
    row.password_hash = password_hash("another long password");
    return storage::CredentialTable::save(tx, row);
  });
  city_.run_until([&] { return late.has_value(); });
  EXPECT_EQ(City::refusal(*late), ErrorCode::kWrongCredentials);
}

TEST_F(SignInDeskTest, AnEnrolledDeviceSignsInWithoutAPassword) {
  const std::string token = enrol(City::kChen);
  const api::Reply reply = city_.ask(desk_, stranger_, api::SignInDevice{token});
  ASSERT_TRUE(reply.body) << reply.body.error().detail;
  EXPECT_EQ(signed_in(reply).worker, City::kChen);
}

TEST_F(SignInDeskTest, AnUnknownDeviceTokenIsRefused) {
  EXPECT_EQ(City::refusal(city_.ask(desk_, stranger_, api::SignInDevice{random_token()})),
            ErrorCode::kWrongCredentials);
}

TEST_F(SignInDeskTest, ASessionIsTakenUpAgainAlsoAfterARestart) {
  const std::string token = signed_in(sign_in("an", kPassword)).session_token;
  SignInDesk after_restart(city_.office());
  city_.stored<int>([&](storage::ReadTransaction& tx) {
    after_restart.load(tx);
    return 0;
  });
  const api::Reply reply = city_.ask(after_restart, stranger_, api::Resume{token});
  ASSERT_TRUE(reply.body) << reply.body.error().detail;
  EXPECT_EQ(signed_in(reply).worker, City::kAn);
}

TEST_F(SignInDeskTest, ASessionEndsAfterTwelveHours) {
  const std::string token = signed_in(sign_in("an", kPassword)).session_token;
  city_.clock.move(SignInDesk::kSessionTime);
  EXPECT_EQ(City::refusal(city_.ask(desk_, stranger_, api::Resume{token})), ErrorCode::kSessionEnded);
}

TEST_F(SignInDeskTest, AfterSigningOutTheTokenIsWorthless) {
  const std::string token = signed_in(sign_in("an", kPassword)).session_token;
  stranger_.session = city_.office().clients.find(stranger_.connection)->session;
  EXPECT_TRUE(city_.ask(desk_, stranger_, api::SignOut{}).body.ok());
  EXPECT_EQ(City::refusal(city_.ask(desk_, stranger_, api::Resume{token})), ErrorCode::kSessionEnded);
}

TEST_F(SignInDeskTest, TheFileHoldsNeitherPasswordNorToken) {
  const std::string token = signed_in(sign_in("an", kPassword)).session_token;
  const auto held = city_.stored<std::string>([&](storage::ReadTransaction& tx) {
    auto row = storage::SessionTable::live(tx, CityId{1}, city_.clock.now()).rows.at(0);
    return row.token_hash;
  });
  EXPECT_EQ(held, token_digest(token));
  EXPECT_EQ(held.find(token), std::string::npos);
}

TEST(Password, ShortOnesTheAccountItselfAndWellKnownOnesAreRefused) {
  EXPECT_FALSE(acceptable_password("elevenchars", "an"));
  EXPECT_TRUE(acceptable_password("twelve chars", "an"));
  EXPECT_FALSE(acceptable_password("440103001-lead", "440103001-lead"));
  EXPECT_FALSE(acceptable_password("password1234", "an"));
  EXPECT_TRUE(acceptable_password("红棉守护红棉守护红棉守护", "an"));
}

}  // namespace
}  // namespace kapok::service
