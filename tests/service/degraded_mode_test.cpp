#include "service/degraded_mode.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "service/whole_city_fixture.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"
#include "storage/journal_table.h"

namespace kapok::service {
namespace {

casework::ContactFields text(const std::string& summary) {
  casework::ContactFields fields;
  fields.type = casework::ContactType::kSelf;
  fields.summary = summary;
  fields.risk = casework::RiskLevel::kNone;
  return fields;
}

casework::ContactFields needing(const std::string& summary) {
  casework::ContactFields fields = text(summary);
  fields.needs.emplace_back().kind = casework::NeedKind::kRiceFlour;
  return fields;
}

api::ShowContact showing(ContactId contact) {
  api::ShowContact show;
  show.contact = contact;
  return show;
}

api::SearchLog searching(const std::string& words) {
  api::SearchLog search;
  search.text = words;
  return search;
}

/// One worker on duty and one gateway; then the store goes.
class DegradedMode : public testing::Test {
 protected:
  void lose_store() {
    city_.break_store(storage::FaultPoint::kStoreOpen, storage::FaultPoint::kStoreBegin);
    // Something is saved, and so it shows.
    EXPECT_EQ(city_.arrive(gate_, "the first", "13700137000").saved, api::Saved::kSpool);
    city_.run_until([&] { return city_.city().state() == ServerState::kDegraded; });
  }
  void mend_store() {
    city_.mend_store();
    city_.run_until([&] { return city_.city().state() == ServerState::kOk; });
  }
  std::optional<std::string> notice() const {
    const auto last = an_.outbox->last<api::ServerNotice>();
    return last ? std::optional(last->state) : std::nullopt;
  }

  bool journal_has_no_gap() {
    const auto journal = city_.stored<std::vector<storage::JournalRow>>(
        [](auto& tx) { return storage::JournalTable::from(tx, CityId{1}, 1, 1'000).rows; });
    std::int64_t expected = 0;
    return std::all_of(journal.begin(), journal.end(), [&](const auto& row) { return row.seq == ++expected; });
  }

  WholeCity city_;
  TestClient an_ = city_.on_duty("an");
  TestClient gate_ = city_.gateway();
};

TEST_F(DegradedMode, CallsGoOnAreKeptInTheSpoolAndLieInTheStoreOnceAfterwards) {
  lose_store();
  EXPECT_EQ(notice(), "degraded");
  EXPECT_EQ(gate_.outbox->last<api::ServerNotice>()->state, "degraded");
  EXPECT_FALSE(an_.outbox->last<api::ServerNotice>()->text_zh.empty());
  const auto accepted = city_.accept(an_);
  EXPECT_EQ(accepted.saved, api::Saved::kSpool);
  const auto view = WholeCity::got<api::CallView>(accepted);
  EXPECT_FALSE(view.display_number.empty());
  EXPECT_EQ(gate_.outbox->last<api::Bridge>()->call, view.call);

  const auto second = city_.arrive(gate_, "the second");
  EXPECT_EQ(second.saved, api::Saved::kSpool);
  const CallId waiting = WholeCity::got<api::ArrivalTaken>(second).call;
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::HangUp{view.call})), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::SetReady{false})), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.ask(gate_, api::Left{"the second", EndedBy::kCaller, {}, city_.clock.now()})),
            std::nullopt);

  mend_store();
  EXPECT_EQ(notice(), "ok");
  EXPECT_EQ(city_.count("call"), 2);
  EXPECT_EQ(city_.count("contact"), 1);
  const auto row = [&](CallId id) {
    return city_.stored<storage::CallRow>([&](auto& tx) { return storage::CallTable::get(tx, id).value(); });
  };
  EXPECT_EQ(row(view.call).outcome, CallOutcome::kAnswered);
  EXPECT_EQ(row(waiting).state, CallState::kEnded);
  EXPECT_TRUE(journal_has_no_gap());
  // And the day goes on.
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::SetReady{true})), std::nullopt);
  const auto third = city_.arrive(gate_, "the third");
  EXPECT_EQ(third.saved, api::Saved::kStore);
}

TEST_F(DegradedMode, DraftsAreWrittenAndShownAndFinalisedWhenTheStoreIsBack) {
  const auto before = WholeCity::got<api::ArrivalTaken>(city_.arrive(gate_, "before"));
  const auto view = WholeCity::got<api::CallView>(city_.accept(an_));
  EXPECT_EQ(view.call, before.call);
  lose_store();
  const auto saved = city_.change(an_, api::SaveDraft{view.contact, 1, text("需要米面")});
  EXPECT_EQ(saved.saved, api::Saved::kSpool);
  EXPECT_EQ(WholeCity::got<api::ContactSaved>(saved).version, 2u);
  const auto shown = city_.ask(an_, showing(view.contact));
  EXPECT_EQ(WholeCity::got<api::ContactView>(shown).contact.fields.summary, "需要米面");
  EXPECT_EQ(shown.saved, api::Saved::kSpool);
  const auto drafts = WholeCity::got<api::LogPage>(city_.ask(an_, api::ListDrafts{}));
  EXPECT_EQ(drafts.rows.size(), 1u);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::HangUp{view.call})), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::FinaliseContact{view.contact, 2, text("需要米面"), {}})),
            ErrorCode::kStoreUnavailable);
  // Nobody reads what he does not serve.
  const TestClient centre = an_;
  EXPECT_EQ(WholeCity::refusal(city_.ask(centre, showing(ContactId{5}))), ErrorCode::kStoreUnavailable);
  mend_store();
  EXPECT_EQ(
      city_.count("audit WHERE action = " + std::to_string(static_cast<int>(storage::AuditAction::kRecordOpened))), 1);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::FinaliseContact{view.contact, 2, text("需要米面"), {}})),
            std::nullopt);
  const auto log = WholeCity::got<api::LogPage>(city_.ask(an_, searching("米面")));
  EXPECT_EQ(log.rows.size(), 1u);
}

TEST_F(DegradedMode, WhatNeedsTheStoreIsRefusedAtOnceAndSessionsInMemoryGoOn) {
  const TestClient centre = city_.connect();
  const auto signed_in = WholeCity::got<api::SignedIn>(city_.ask(centre, api::SignInDevice{city_.token_of("centre")}));
  lose_store();
  EXPECT_EQ(WholeCity::refusal(city_.ask(centre, api::SearchLog{})), ErrorCode::kStoreUnavailable);
  EXPECT_EQ(WholeCity::refusal(city_.ask(centre, api::ListShifts{})), ErrorCode::kStoreUnavailable);
  EXPECT_EQ(WholeCity::refusal(city_.change(centre, api::ImportBegin{})), ErrorCode::kStoreUnavailable);
  EXPECT_EQ(WholeCity::got<api::Status>(city_.ask(centre, api::GetStatus{})).state, "degraded");
  // Who comes now is told, may take up his session and begin none.
  const TestClient fresh = city_.connect();
  EXPECT_EQ(fresh.outbox->last<api::ServerNotice>()->state, "degraded");
  EXPECT_EQ(WholeCity::refusal(city_.ask(fresh, api::SignInDevice{city_.token_of("bai")})),
            ErrorCode::kStoreUnavailable);
  EXPECT_EQ(WholeCity::refusal(city_.ask(fresh, api::Resume{signed_in.session_token})), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.ask(fresh, api::Watch{.unit = signed_in.unit, .once = true})), std::nullopt);
  mend_store();
  EXPECT_EQ(WholeCity::refusal(city_.ask(fresh, api::SearchLog{})), std::nullopt);
}

TEST_F(DegradedMode, AKeyIsCarriedOutOnceWhateverTheStoreDoes) {
  city_.arrive(gate_, "before");
  const auto view = WholeCity::got<api::CallView>(city_.accept(an_));
  const api::SaveDraft draft{view.contact, 1, text("一")};
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, draft, 1'000)), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, draft, 1'010)), ErrorCode::kVersionConflict);
  lose_store();
  // Never asked, but below others: it may have been, before this server's time.
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, api::SetReady{false}, 1'005)), ErrorCode::kStoreUnavailable);
  // Refused before: judged anew.
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, draft, 1'010)), ErrorCode::kVersionConflict);
  // Refused in this spell, because it needs the store.
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, api::FinaliseContact{view.contact, 2, text("一"), {}}, 1'020)),
            ErrorCode::kStoreUnavailable);
  // Done in this spell: its answer is at hand.
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, api::SetReady{false}, 1'030)), std::nullopt);
  const auto again = city_.ask(an_, api::SetReady{false}, 1'030);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.saved, api::Saved::kSpool);
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, api::EndAfterCall{}, 1'030)), ErrorCode::kKeyReused);
  mend_store();
  EXPECT_TRUE(city_.ask(an_, api::SetReady{false}, 1'030).repeated);
  EXPECT_TRUE(city_.ask(an_, draft, 1'000).repeated);
  EXPECT_EQ(WholeCity::refusal(city_.ask(an_, api::SetReady{false}, 1'005)), std::nullopt);
}

TEST_F(DegradedMode, ARestartTakesInWhatTheSpoolKept) {
  lose_store();
  const auto view = WholeCity::got<api::CallView>(city_.accept(an_));
  const CallId waiting = WholeCity::got<api::ArrivalTaken>(city_.arrive(gate_, "waits")).call;
  city_.change(an_, api::SaveDraft{view.contact, 1, text("写到一半")});
  city_.mend_store();
  city_.restart();
  EXPECT_EQ(city_.city().state(), ServerState::kOk);
  EXPECT_EQ(city_.count("call"), 2);
  const auto draft =
      city_.stored<casework::Contact>([&](auto& tx) { return storage::ContactTable::get(tx, view.contact).value(); });
  EXPECT_EQ(draft.fields.summary, "写到一半");
  const auto row =
      city_.stored<storage::CallRow>([&](auto& tx) { return storage::CallTable::get(tx, waiting).value(); });
  EXPECT_EQ(row.state, CallState::kWaiting);
  // The gateway comes back: both calls are the same calls.
  const TestClient gate = city_.gateway(2);
  EXPECT_EQ(WholeCity::got<api::ArrivalTaken>(city_.arrive(gate, "waits")).call, waiting);
}

TEST_F(DegradedMode, AnArrivalRepeatedAfterItsEndIsNoNewCall) {
  city_.arrive(gate_, "over");
  city_.ask(gate_, api::Left{"over", EndedBy::kCaller, {}, city_.clock.now()});
  lose_store();
  EXPECT_EQ(WholeCity::refusal(city_.arrive(gate_, "over")), ErrorCode::kCallEnded);
  const Instant now = city_.clock.now();
  EXPECT_EQ(
      WholeCity::refusal(city_.ask(
          gate_,
          api::Backfill{"told", WholeCity::kLineNumber, "13600136000", now - seconds{30}, {}, now - seconds{5}, {}})),
      std::nullopt);
  mend_store();
  EXPECT_EQ(city_.count("call"), 3);
}

/// The store fails in the middle of a batch, at its COMMIT, or says that it failed although it did not.
class FailingPlace : public DegradedMode, public testing::WithParamInterface<storage::FaultPoint> {};

TEST_P(FailingPlace, EachAcknowledgedChangeIsThereOnce) {
  city_.arrive(gate_, "before");
  const auto view = WholeCity::got<api::CallView>(city_.accept(an_));
  city_.break_store(GetParam(), storage::FaultPoint::kStoreOpen);
  const auto saved = city_.change(an_, api::SaveDraft{view.contact, 1, needing("米面")});
  EXPECT_EQ(WholeCity::got<api::ContactSaved>(saved).version, 2u);
  const auto arrived = city_.arrive(gate_, "meanwhile");
  EXPECT_EQ(arrived.saved, api::Saved::kSpool);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::HangUp{view.call})), std::nullopt);
  EXPECT_EQ(WholeCity::refusal(city_.change(an_, api::EndAfterCall{})), std::nullopt);
  const auto second = WholeCity::got<api::CallView>(city_.accept(an_));
  EXPECT_EQ(second.call, WholeCity::got<api::ArrivalTaken>(arrived).call);
  mend_store();
  EXPECT_EQ(city_.count("call"), 2);
  EXPECT_EQ(city_.count("contact"), 2);
  EXPECT_EQ(city_.count("need"), 1);
  EXPECT_EQ(city_.count("call_leg"), 2);
  EXPECT_TRUE(journal_has_no_gap());
  EXPECT_TRUE(city_.city().state() == ServerState::kOk);
}

INSTANTIATE_TEST_SUITE_P(Places, FailingPlace,
                         testing::Values(storage::FaultPoint::kStoreBegin, storage::FaultPoint::kStoreStatement,
                                         storage::FaultPoint::kStoreCommit, storage::FaultPoint::kStoreCommitDurable),
                         [](const auto& place) { return std::to_string(static_cast<int>(place.param)); });

}  // namespace
}  // namespace kapok::service
