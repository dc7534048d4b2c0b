#include "service/report_desk.h"

#include "service/call_log_desk.h"
#include "service/contact_desk.h"
#include "service/records_fixture.h"
#include "service/roster_gaps.h"
#include "storage/gap_table.h"
#include "storage/shift_table.h"

namespace kapok::service {
namespace {

class Reports : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    desk_ = std::make_unique<ReportDesk>(*office_);
    log_ = std::make_unique<CallLogDesk>(*office_, *index_);
  }

  std::int64_t figure(const api::DayReportView& view, std::string_view key) {
    const auto* found = reporting::find_figure(view.report, key);
    EXPECT_NE(found, nullptr) << key;
    return found ? found->value : -1;
  }
  std::int64_t logged(std::optional<KpiBucket> bucket) {
    api::SearchLog search;
    search.bucket = bucket;
    search.unit = kShamian;
    return static_cast<std::int64_t>(told<api::LogPage>(*log_, kLead, search).rows.size());
  }

  std::unique_ptr<ReportDesk> desk_;
  std::unique_ptr<CallLogDesk> log_;
};

TEST_F(Reports, ArrivalsAreTheSumOfTheirOutcomesAndEqualTheLog) {
  answered_call();
  answered_call({.caller = "13700137000"});
  unanswered_call({.caller = "13700137001"}, CallOutcome::kAbandoned);
  unanswered_call({.caller = "13700137002"}, CallOutcome::kShortAbandoned);
  unanswered_call({.caller = ""}, CallOutcome::kMissedNobodyOnDuty);
  unanswered_call({.caller = "13700137003"}, CallOutcome::kLostOnRestart);
  unanswered_call({}, CallOutcome::kTest);
  unanswered_call({.unit = kNanyuan, .line = kNanyuanLine}, CallOutcome::kMissed);
  const auto view = told<api::DayReportView>(*desk_, kLead, api::ReportDay{kShamian, clock_.now()});
  EXPECT_EQ(figure(view, "arrivals"), 6);
  EXPECT_EQ(figure(view, "answered"), 2);
  EXPECT_EQ(figure(view, "abandoned"), 1);
  EXPECT_EQ(figure(view, "short_abandoned"), 1);
  EXPECT_EQ(figure(view, "missed"), 1);
  EXPECT_EQ(figure(view, "failed"), 1);
  EXPECT_EQ(figure(view, "not_offered"), 1);
  EXPECT_EQ(figure(view, "callbacks_open"), 2);
  EXPECT_EQ(figure(view, "missed_callers_open"), 1);
  for (const auto& [key, bucket] : {std::pair{"answered", KpiBucket::kAnswered},
                                    {"abandoned", KpiBucket::kAbandoned},
                                    {"short_abandoned", KpiBucket::kShortAbandoned},
                                    {"missed", KpiBucket::kMissed},
                                    {"failed", KpiBucket::kFailure},
                                    {"not_offered", KpiBucket::kNotOffered}})
    EXPECT_EQ(figure(view, key), logged(bucket)) << key;
  EXPECT_EQ(logged(std::nullopt), 7);
  EXPECT_EQ(audited(storage::AuditAction::kReported), 1);
  EXPECT_EQ(figure(told<api::DayReportView>(*desk_, kDistrict, api::ReportDay{kLiwan, clock_.now()}), "arrivals"), 7);
}

TEST_F(Reports, NeedsLateDraftsAndOrdersAreCounted) {
  ContactDesk contacts(*office_, *index_);
  const casework::Contact draft = answered_call();
  api::FinaliseContact finalise{
      draft.id, 1, fields("要米要药", {casework::NeedKind::kRiceFlour, casework::NeedKind::kMedicine}), {}};
  finalise.dispatches = {{{0}, kShamianPoint, casework::Urgency::kUrgent, {}}};
  told<api::ContactSaved>(contacts, kChen, finalise);
  answered_call({.caller = "13700137000"});
  clock_.advance(minutes{40});
  const auto view = told<api::DayReportView>(*desk_, kLead, api::ReportDay{kShamian, clock_.now()});
  EXPECT_EQ(figure(view, "contacts"), 2);
  EXPECT_EQ(figure(view, "needs.material_aid"), 2);
  EXPECT_EQ(figure(view, "drafts_late_minimal"), 1);
  EXPECT_EQ(figure(view, "referrals.dispatched"), 1);
  EXPECT_EQ(figure(view, "referrals_overdue"), 1);
  EXPECT_EQ(figure(view, "wait_p50"), Duration{seconds{8}}.count());
}

TEST_F(Reports, ASupervisorWhoNamesNoUnitIsToldOfHisPatch) {
  const auto view = told<api::DayReportView>(*desk_, kSupervisor, api::ReportDay{{}, clock_.now()});
  EXPECT_NE(view.unit_zh.find("、"), std::string::npos) << view.unit_zh;
  EXPECT_EQ(told<api::DayReportView>(*desk_, kLead, api::ReportDay{{}, clock_.now()}).report.unit, kShamian);
  EXPECT_EQ(refusal(*desk_, kChen, api::ReportDay{{}, clock_.now()}), "FORBIDDEN");
}

TEST_F(Reports, AReportIsForThoseWhoLeadTheUnit) {
  EXPECT_EQ(refusal(*desk_, kChen, api::ReportDay{kShamian, clock_.now()}), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kNanyuanLead, api::ReportDay{kShamian, clock_.now()}), "FORBIDDEN");
  EXPECT_EQ(refusal(*desk_, kLead, api::ReportDay{UnitId{77}, clock_.now()}), "UNKNOWN_UNIT");
}

TEST_F(Reports, GapsThatHappenedStandBeforeThoseTheRosterShowsAhead) {
  const Instant now = clock_.now();
  ASSERT_TRUE(save([&](storage::Transaction& tx) -> Result<> {
    storage::GapRow gap;
    gap.id = storage::GapId{++last_id_};
    gap.city = config_.city;
    gap.unit = kShamian;
    gap.from = now - hours{2};
    gap.to = now - hours{1};
    if (auto saved = storage::GapTable::save(tx, gap); !saved) return saved;
    casework::Shift shift;
    shift.id = ShiftId{++last_id_};
    shift.worker = kChen;
    shift.units = {kShamian};
    shift.period = {now - hours{1}, now + hours{5}};
    return storage::ShiftTable::save(tx, shift);
  }));
  const auto gaps = told<api::GapList>(*desk_, kLead, api::ListGaps{kShamian, {now - hours{4}, now + hours{8}}}).gaps;
  ASSERT_EQ(gaps.size(), 2U);
  EXPECT_FALSE(gaps[0].ahead);
  EXPECT_TRUE(gaps[1].ahead);
  EXPECT_EQ(gaps[1].period, (Period{now + hours{5}, now + hours{8}}));
  EXPECT_EQ(refusal(*desk_, kLead, api::ListGaps{kShamian, {now, now + hours{24 * 40}}}), "INVALID_ARGUMENT");
  EXPECT_EQ(refusal(*desk_, kLead, api::ListGaps{kShamian, {now, now}}), "INVALID_ARGUMENT");
}

TEST(RosterGaps, WhatShiftsLeaveOpenIsAGap) {
  const auto at = [](int hour) { return Instant{hours{hour}.count() * 1}; };
  const std::vector<Period> covered{{at(8), at(12)}, {at(10), at(14)}, {at(20), at(30)}, {at(1), at(2)}};
  EXPECT_EQ(uncovered({at(6), at(24)}, covered), (std::vector<Period>{{at(6), at(8)}, {at(14), at(20)}}));
  EXPECT_TRUE(uncovered({at(9), at(13)}, covered).empty());
  EXPECT_EQ(uncovered({at(40), at(41)}, covered), (std::vector<Period>{{at(40), at(41)}}));
}

}  // namespace
}  // namespace kapok::service
