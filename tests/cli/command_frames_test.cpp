#include <gtest/gtest.h>

#include "scripted_link.h"

/// Each command line and the frame that it sends.
namespace kapok::cli {
namespace {

using Script = ScriptedLink::Script;

/// The one change that a command line makes, as text.
std::string change_of(std::vector<std::string> arguments, Script script = {}) {
  const Outcome ran = run_scripted(std::move(arguments), script);
  if (script.changed.size() != 1) return "exit " + std::to_string(ran.code) + ": " + ran.err;
  return script.changed.front().ShortDebugString();
}

/// The last question that it asks.
std::string question_of(std::vector<std::string> arguments, Script script = {}) {
  const Outcome ran = run_scripted(std::move(arguments), script);
  return script.asked.empty() ? "exit " + std::to_string(ran.code) + ": " + ran.err
                              : script.asked.back().ShortDebugString();
}

Script with_contact() {
  Script script;
  auto& contact = *script.answers[v1::ClientFrame::kShowContact].mutable_contact_view()->mutable_contact();
  contact.set_id(700);
  contact.set_version(3);
  contact.mutable_fields()->set_address("沙面");
  return script;
}

Script with_referral() {
  Script script;
  auto& referral = *script.answers[v1::ClientFrame::kShowReferral].mutable_referral_view()->mutable_referral();
  referral.set_id(800);
  referral.set_version(2);
  return script;
}

Script with_callback() {
  Script script;
  auto& callback = *script.answers[v1::ClientFrame::kListCallbacks].mutable_callback_page()->add_callbacks();
  callback.set_callback(900);
  callback.set_version(1);
  return script;
}

TEST(CommandFrames, Duty) {
  EXPECT_EQ(change_of({"duty", "on"}), "take_duty { }");
  EXPECT_EQ(change_of({"duty", "on", "--unit", "440103001"}), "take_duty { unit: 88 }");
  EXPECT_EQ(change_of({"duty", "take-shift", "--until", "2026-11-22T08:30"}),
            "take_duty { until_us: 1795307400000000 }");
  EXPECT_EQ(change_of({"duty", "off"}), "leave_duty { }");
  EXPECT_EQ(change_of({"ready"}), "set_ready { ready: true }");
  EXPECT_EQ(change_of({"away"}), "set_ready { }");
}

TEST(CommandFrames, DirectoryAsksForAUnitAndWhatStandsBelowIt) {
  EXPECT_EQ(question_of({"directory", "units"}), "find_units { limit: 200 }");
  EXPECT_EQ(question_of({"directory", "units", "440103"}), "find_units { parent: 88 limit: 200 }");
  EXPECT_EQ(question_of({"directory", "lines"}), "list_lines { }");
  EXPECT_EQ(question_of({"directory", "lines", "440103"}), "list_lines { unit: 88 }");
}

TEST(CommandFrames, DirectoryShowsPresetsAndRequiredSkills) {
  Script script;
  auto& units = *script.answers[v1::ClientFrame::kFindUnits].mutable_unit_list();
  units.add_units()->set_rings(v1::RING_PRESET_LOCAL);
  units.mutable_units(0)->set_rings_own(true);
  units.add_units()->set_rings(v1::RING_PRESET_NORMAL);
  const std::string shown = run_scripted({"directory", "units"}, script).out;
  EXPECT_NE(shown.find("local\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("normal (not set here)"), std::string::npos) << shown;
  auto& line = *script.answers[v1::ClientFrame::kListLines].mutable_line_list()->add_lines();
  line.add_required_skills(v1::SKILL_LEGAL);
  line.add_required_skills(v1::SKILL_ELDER_CARE);
  const std::string lines = run_scripted({"directory", "lines"}, script).out;
  EXPECT_NE(lines.find("legal、elder care"), std::string::npos) << lines;
}

TEST(CommandFrames, AuditNamesARecordByIdOrNumber) {
  EXPECT_EQ(question_of({"audit", "readers", "referral", "800"}),
            "list_readings { list: READING_LIST_OF_RECORD kind: RECORD_KIND_REFERRAL record: 800 limit: 200 }");
  EXPECT_EQ(
      question_of({"audit", "readers", "contact", "GZ-261121-0042"}),
      "list_readings { list: READING_LIST_OF_RECORD kind: RECORD_KIND_CONTACT number: \"GZ-261121-0042\" limit: 200 }");
  EXPECT_EQ(
      question_of({"audit", "readers", "person", "13800138000"}),
      "list_readings { list: READING_LIST_OF_RECORD kind: RECORD_KIND_PERSON number: \"13800138000\" limit: 200 }");
  Script none;
  EXPECT_EQ(run_scripted({"audit", "readers", "call", "x"}, none).code, 2);
  EXPECT_EQ(question_of({"audit", "alerts"}), "list_readings { list: READING_LIST_ALERTS limit: 200 }");
  EXPECT_EQ(
      question_of({"audit", "break-glass", "--day", "2026-11-21"}).find("list_readings { list: READING_LIST_BROKEN"),
      0U);
}

TEST(CommandFrames, ListsAskForTheOwnUnitUnlessOneIsNamed) {
  EXPECT_EQ(question_of({"callback", "list"}), "list_callbacks { unit: 77 open_only: true }");
  EXPECT_EQ(question_of({"missed", "list", "440103001", "--all"}), "list_missed { unit: 88 open_only: false }");
  EXPECT_EQ(question_of({"referral", "list", "--outgoing", "--overdue"}),
            "list_referrals { unit: 77 box: REFERRAL_BOX_OUTGOING open_only: true overdue_only: true }");
  EXPECT_EQ(question_of({"shift", "list", "--day", "2026-11-21"}),
            "list_shifts { unit: 77 period { from_us: 1795190400000000 to_us: 1795276800000000 } }");
}

TEST(CommandFrames, SearchCarriesEveryCondition) {
  EXPECT_EQ(question_of({"contact", "search",   "--day",       "2026-11-21", "--unit",         "440103",  "--worker",
                         "a-1",     "--bucket", "ab",          "--risk",     "high",           "--need",  "rice_flour",
                         "--text",  "没有",     "--last-four", "8000",       "--oldest-first", "--limit", "20"}),
            "search_log { period { from_us: 1795190400000000 to_us: 1795276800000000 } unit: 88 worker: 99 bucket: "
            "KPI_BUCKET_AB need: "
            "NEED_KIND_RICE_FLOUR risk: RISK_LEVEL_HIGH last_four: \"8000\" text: \"\\346\\262\\241\\346\\234\\211\" "
            "oldest_first: true limit: 20 }");
}

TEST(CommandFrames, WriteUpKeepsWhatIsThereAndAddsWhatIsSaid) {
  EXPECT_EQ(change_of({"write-up", "700", "--type", "self", "--risk", "none", "--summary", "ok", "--need",
                       "rice_flour:two", "--need", "anxiety!"},
                      with_contact()),
            "save_draft { contact: 700 version: 3 fields { type: CONTACT_TYPE_SELF address: "
            "\"\\346\\262\\231\\351\\235\\242\" summary: \"ok\" risk: "
            "RISK_LEVEL_NONE needs { kind: NEED_KIND_RICE_FLOUR urgency: URGENCY_NORMAL state: NEED_STATE_OPEN detail: "
            "\"two\" } needs { kind: "
            "NEED_KIND_ANXIETY urgency: URGENCY_URGENT state: NEED_STATE_OPEN } } }");
}

TEST(CommandFrames, FinalisingDispatchesNeedsByKindOrPlace) {
  const std::string frame =
      change_of({"write-up", "GZ-261121-0042", "--need", "oil", "--need", "medicine", "--dispatch",
                 "medicine=440103002:urgent", "--dispatch", "1=440103003", "--note", "please", "--finalise"},
                with_contact());
  EXPECT_NE(frame.find("dispatches { needs: 1 to_unit: 88 urgency: URGENCY_URGENT note: \"please\" } dispatches { "
                       "needs: 0 to_unit: 88 urgency: "
                       "URGENCY_NORMAL note: \"please\" }"),
            std::string::npos)
      << frame;
  EXPECT_TRUE(frame.starts_with("finalise_contact { contact: 700 version: 3")) << frame;
}

TEST(CommandFrames, OrdersWithoutFinalisingAreAUsageError) {
  EXPECT_TRUE(change_of({"write-up", "700", "--need", "oil", "--dispatch", "1=440103002"}, with_contact())
                  .starts_with("exit 2"));
}

TEST(CommandFrames, ManualContactOccursNowUnlessSaid) {
  EXPECT_EQ(change_of({"manual", "--type", "consultation", "--channel", "walk_in", "--at", "2026-11-21T20:00",
                       "--answered-by", "a-2"}),
            "record_manual { unit: 77 channel: CHANNEL_WALK_IN occurred_at_us: 1795262400000000 answered_by: 99 fields "
            "{ type: CONTACT_TYPE_CONSULTATION } }");
}

TEST(CommandFrames, CorrectionsConfirmationsAndReviewsNameTheVersionSeen) {
  EXPECT_EQ(change_of({"contact", "confirm", "700"}, with_contact()), "confirm_contact { contact: 700 version: 3 }");
  EXPECT_EQ(change_of({"contact", "review", "700", "--note", "good"}, with_contact()),
            "review_contact { contact: 700 version: 3 note: \"good\" }");
  Script marked = with_contact();
  marked.answers[v1::ClientFrame::kShowContact]
      .mutable_contact_view()
      ->mutable_contact()
      ->mutable_fields()
      ->set_same_worker(true);
  const auto has = [](const std::string& frame) { return frame.find("same_worker: true") != std::string::npos; };
  EXPECT_TRUE(has(change_of({"write-up", "700", "--same-worker", "--finalise"}, with_contact())));
  EXPECT_FALSE(has(change_of({"write-up", "700", "--finalise"}, with_contact())));
  EXPECT_TRUE(has(change_of({"contact", "correct", "700", "--reason", "typo"}, marked))) << "stays as it was";
  EXPECT_FALSE(has(change_of({"contact", "correct", "700", "--reason", "typo", "--no-same-worker"}, marked)));
  EXPECT_TRUE(
      change_of({"write-up", "700", "--same-worker", "--no-same-worker"}, with_contact()).starts_with("exit 2"));
  EXPECT_TRUE(change_of({"contact", "correct", "700", "--reason", "typo", "--risk", "low"}, with_contact())
                  .starts_with("correct_contact { contact: 700 version: 3"));
}

TEST(CommandFrames, Referrals) {
  EXPECT_EQ(change_of({"referral", "accept", "800"}, with_referral()), "accept_referral { referral: 800 version: 2 }");
  EXPECT_EQ(change_of({"referral", "return", "800", "--reason", "out_of_area", "--note", "n"}, with_referral()),
            "return_referral { referral: 800 version: 2 reason: RETURN_REASON_OUT_OF_AREA note: \"n\" }");
  EXPECT_EQ(change_of({"referral", "redispatch", "800", "--to", "440103002"}, with_referral()),
            "redispatch_referral { referral: 800 version: 2 to_unit: 88 }");
  EXPECT_EQ(change_of({"referral", "complete", "800", "--result", "solved"}, with_referral()),
            "complete_referral { referral: 800 version: 2 result: CLOSURE_RESULT_SOLVED }");
  EXPECT_EQ(change_of({"referral", "withdraw", "800", "--reason", "twice"}, with_referral()),
            "withdraw_referral { referral: 800 version: 2 reason: \"twice\" }");
}

TEST(CommandFrames, CallbacksByPlaceOrId) {
  EXPECT_EQ(change_of({"callback", "claim", "1"}, with_callback()), "claim_callback { callback: 900 version: 1 }");
  EXPECT_EQ(change_of({"callback", "dial", "900"}, with_callback()), "dial_callback { callback: 900 version: 1 }");
  EXPECT_EQ(change_of({"callback", "attempted", "1", "--result", "busy"}, with_callback()),
            "callback_attempted { callback: 900 version: 1 result: ATTEMPT_RESULT_BUSY }");
}

TEST(CommandFrames, AnUnknownWordListsThoseThatExist) {
  Script script = with_referral();
  const Outcome ran = run_scripted({"referral", "complete", "800", "--result", "gone"}, script);
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("lost_contact"), std::string::npos);
}

TEST(CommandFrames, AnAmbiguousUnitListsWhatItFits) {
  Script script;
  for (const char* code : {"440103001", "440104001"}) {
    auto& unit = *script.answers[v1::ClientFrame::kFindUnits].mutable_unit_list()->add_units();
    unit.set_code(code);
    unit.set_name_zh("人民街道");
  }
  const Outcome ran = run_scripted({"referral", "list", "人民街道"}, script);
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("440104001"), std::string::npos);
}

TEST(CommandFrames, ARefusalPrintsItsCodeAndExitsWithOne) {
  Script script;
  script.answers[v1::ClientFrame::kTakeDuty].mutable_error()->set_code("ALREADY_ON_DUTY");
  const Outcome ran = run_scripted({"duty", "on"}, script);
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("ALREADY_ON_DUTY"), std::string::npos);
}

TEST(CommandFrames, AnEndedSessionExitsWithFour) {
  Script script;
  script.answers[v1::ClientFrame::kResume].mutable_error()->set_code("SESSION_ENDED");
  EXPECT_EQ(run_scripted({"duty", "on"}, script).code, 4);
}

TEST(CommandFrames, WrongCommandLinesExitWithTwo) {
  Script script;
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {}, {"nonsense"}, {"referral"}, {"duty", "on", "--until", "x"}, {"--lang", "fr", "health"}})
    EXPECT_EQ(run_scripted(arguments, script).code, 2);
  EXPECT_TRUE(script.changed.empty());
}

TEST(CommandFrames, ACallIsPlacedAsAGatewayAndHungUpByCtrlC) {
  Script script;
  script.answers[v1::ClientFrame::kAttachGateway].mutable_gateway_attached()->set_beat_interval_ms(1000);
  script.answers[v1::ClientFrame::kArrived].mutable_arrival_taken()->set_call(44);
  const Outcome ran = run_scripted({"call", "place", "020-00100001", "--caller", "13900139000", "--at-risk"}, script);
  EXPECT_EQ(ran.code, 0) << ran.err;
  std::string order;
  for (const auto& frame : script.asked) order += std::to_string(frame.body_case()) + " ";
  EXPECT_EQ(order, "13 110 116 118 111 115 ");
  const auto& arrived = script.asked[4].arrived();
  EXPECT_EQ(arrived.dialled(), "020-00100001");
  EXPECT_TRUE(arrived.at_risk());
  EXPECT_EQ(script.asked.back().left().gw_ref(), arrived.gw_ref());
}

}  // namespace
}  // namespace kapok::cli
