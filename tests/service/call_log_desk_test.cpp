#include "service/call_log_desk.h"

#include <set>

#include "service/contact_desk.h"
#include "service/contact_index.h"
#include "service/records_fixture.h"

namespace kapok::service {
namespace {

using casework::NeedKind;
using storage::AuditAction;

class CallLog : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    make_desks();
  }
  void make_desks() {
    contacts_ = std::make_unique<ContactDesk>(*office_, *index_);
    desk_ = std::make_unique<CallLogDesk>(*office_, *index_);
  }

  ContactId finished(std::string summary, const Rang& rang = {}, std::vector<NeedKind> needs = {}) {
    const casework::Contact draft = answered_call(rang);
    told<api::ContactSaved>(*contacts_, rang.answered_by,
                            api::FinaliseContact{draft.id, 1, fields(std::move(summary), std::move(needs)), {}});
    clock_.advance(minutes{5});
    return draft.id;
  }
  static Rang at_nanyuan() { return {kNanyuan, kNanyuanLine, "13600136000", kHe, seconds{4}}; }

  std::vector<ContactId> found(WorkerId who, const api::SearchLog& search) {
    std::vector<ContactId> ids;
    for (const api::LogRow& row : told<api::LogPage>(*desk_, who, search).rows) ids.push_back(row.contact);
    return ids;
  }
  static api::SearchLog text(std::string words) {
    api::SearchLog search;
    search.text = std::move(words);
    return search;
  }

  std::unique_ptr<ContactDesk> contacts_;
  std::unique_ptr<CallLogDesk> desk_;
};

TEST_F(CallLog, TwoCharactersFindTheRecordAndItsRowIsMasked) {
  const ContactId rice = finished("独居老人需要米面");
  finished("询问医保报销");
  const auto page = told<api::LogPage>(*desk_, kChen, text("米面"));
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].contact, rice);
  EXPECT_EQ(page.rows[0].person_masked, "张*");
  EXPECT_EQ(page.rows[0].caller_masked, "138****8000");
  EXPECT_EQ(page.rows[0].worker_name, "陈嘉");
  EXPECT_EQ(found(kChen, text("沙面大街")).size(), 2U);  // the address is searched too
  EXPECT_EQ(refusal(*desk_, kChen, text("米")), "SEARCH_TOO_SHORT");
  EXPECT_TRUE(found(kChen, text("面老")).empty());
}

TEST_F(CallLog, WordsMustStandInTheTextNotOnlyTheirPairs) {
  finished("物资");
  const ContactId whole = finished("物资保障组");
  finished("保障组 资保 物资");  // has every pair of the term, not the term
  EXPECT_EQ(found(kChen, text("物资保障组")), std::vector{whole});
}

TEST_F(CallLog, AnotherStationsTextIsNotFoundButTheDistrictsIs) {
  const ContactId here = finished("需要轮椅租借");
  const ContactId there = finished("需要轮椅维修", at_nanyuan());
  EXPECT_EQ(found(kChen, text("轮椅")), std::vector{here});
  EXPECT_EQ(found(kHe, text("轮椅")), std::vector{there});
  EXPECT_EQ(found(kSupervisor, text("轮椅")), std::vector{here});
  EXPECT_EQ(found(kDistrict, text("轮椅")), (std::vector{there, here}));
  api::SearchLog of_nanyuan = text("轮椅");
  of_nanyuan.unit = kNanyuan;
  EXPECT_EQ(found(kDistrict, of_nanyuan), std::vector{there});
  EXPECT_TRUE(found(kChen, of_nanyuan).empty());
  EXPECT_EQ(refusal(*desk_, kOperator, text("轮椅")), "FORBIDDEN");
}

TEST_F(CallLog, APatchOfSeveralStationsIsSearchedAsOneNewestFirst) {
  const ContactId first = finished("孤独倾诉");
  finished("孤独倾诉", at_nanyuan());
  const ContactId second = finished("孤独倾诉", {kHongqiao, LineId{503}, "13500135000", kHe, seconds{4}});
  const ContactId third = finished("孤独倾诉");
  EXPECT_EQ(found(kSupervisor, text("孤独倾诉")), (std::vector{third, second, first}));
  EXPECT_EQ(found(kSupervisor, api::SearchLog{}), (std::vector{third, second, first}));
}

TEST_F(CallLog, AWordInTooManyRowsAsksForANarrowerSearch) {
  const std::int64_t many = static_cast<std::int64_t>(kRowsOpenedMax);
  const auto put = [&](std::int64_t from, std::int64_t to) {
    ASSERT_TRUE(save([&](storage::Transaction& tx) -> Result<> {
      const storage::SearchTokens tokens(tx.keys());
      storage::SearchDocument document{0, clock_.now(), tokens.text("常见词").value()};
      document.tokens.push_back(unit_token(tokens, kShamian));
      for (document.object_id = from; document.object_id <= to; ++document.object_id) index_->put(tx, document);
      return Done{};
    }));
  };
  put(1, many);
  EXPECT_EQ(refusal(*desk_, kChen, text("常见词")), "");
  put(many + 1, many + 1);
  EXPECT_EQ(refusal(*desk_, kChen, text("常见词")), "NARROW_SEARCH");
}

TEST_F(CallLog, WithoutItsAuditRowNothingIsShown) {
  finished("审计");
  writer_->stop();
  EXPECT_EQ(refusal(*desk_, kChen, text("审计")), "SHUTTING_DOWN");
}

TEST_F(CallLog, WhatOneAnsweredForAnotherStationOneFinds) {
  Rang helped = at_nanyuan();
  helped.answered_by = kChen;
  const ContactId for_them = finished("代接：失眠焦虑", helped);
  EXPECT_EQ(found(kChen, text("失眠")), std::vector{for_them});
  EXPECT_EQ(found(kChen, api::SearchLog{}), std::vector{for_them});
}

TEST_F(CallLog, NumbersAreFoundWholeInAnySpellingAndByTheirLastFour) {
  const ContactId contact = finished("找得到");
  finished("别的号码", {.caller = "13700137777"});
  api::SearchLog search;
  search.number = "+86 138-0013-8000";
  EXPECT_EQ(found(kChen, search), std::vector{contact});
  search.number = "";
  search.last_four = "8000";
  EXPECT_EQ(found(kChen, search), std::vector{contact});
  search.last_four = "5678";  // of the person told of in both
  EXPECT_EQ(found(kChen, search).size(), 2U);
  search.last_four = "80a0";
  EXPECT_EQ(refusal(*desk_, kChen, search), "INVALID_ARGUMENT");
  search.last_four = "";
  search.number = "匿名";
  EXPECT_EQ(refusal(*desk_, kChen, search), "NUMBER_NOT_USABLE");
}

TEST_F(CallLog, FiltersAreCombined) {
  const ContactId both = finished("需要奶粉", {}, {NeedKind::kInfantGoods});
  finished("需要奶粉和药", {.caller = "13700137777"}, {NeedKind::kMedicine});
  api::SearchLog search = text("奶粉");
  search.need = NeedKind::kInfantGoods;
  search.last_four = "8000";
  search.outcome = CallOutcome::kAnswered;
  EXPECT_EQ(found(kChen, search), std::vector{both});
  search.text = "";
  EXPECT_EQ(found(kChen, search), std::vector{both});
  search.need_group = casework::NeedGroup::kEmotionalSupport;
  EXPECT_TRUE(found(kChen, search).empty());
  api::SearchLog line;
  line.line = kNanyuanLine;
  EXPECT_TRUE(found(kChen, line).empty());
  api::SearchLog risk;
  risk.risk = casework::RiskLevel::kHigh;
  EXPECT_TRUE(found(kChen, risk).empty());
  api::SearchLog day = text("奶粉");
  day.period = {clock_.now() - minutes{7}, clock_.now()};
  EXPECT_EQ(found(kChen, day).size(), 1U);
}

TEST_F(CallLog, ACallThatNobodyAnsweredStandsInTheLog) {
  unanswered_call({}, CallOutcome::kAbandoned);
  finished("接到了");
  api::SearchLog abandoned;
  abandoned.bucket = KpiBucket::kAbandoned;
  const auto page = told<api::LogPage>(*desk_, kChen, abandoned);
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_FALSE(page.rows[0].contact.is_set());
  EXPECT_EQ(page.rows[0].outcome, CallOutcome::kAbandoned);
  EXPECT_EQ(page.rows[0].waited, Duration{seconds{8}});
  EXPECT_EQ(told<api::LogPage>(*desk_, kChen, api::SearchLog{}).rows.size(), 2U);
}

TEST_F(CallLog, PagesStayStableWhileRowsComeIn) {
  for (int i = 0; i < 5; ++i) finished("翻页记录 " + std::to_string(i));
  for (api::SearchLog search : {api::SearchLog{}, text("翻页")}) {
    search.limit = 2;
    std::set<ContactId> seen;
    std::size_t rows = 0;
    for (int pages = 0; pages < 4; ++pages) {
      const auto page = told<api::LogPage>(*desk_, kChen, search);
      for (const api::LogRow& row : page.rows) seen.insert(row.contact);
      rows += page.rows.size();
      finished("翻页时新来的");
      search.cursor = page.next_cursor;
      if (search.cursor.empty()) break;
    }
    EXPECT_EQ(rows, seen.size());
    EXPECT_GE(rows, 5U);
    EXPECT_EQ(search.cursor, "");
  }
}

TEST_F(CallLog, ACursorOfAnotherSearchIsRefused) {
  for (int i = 0; i < 3; ++i) finished("游标");
  api::SearchLog search = text("游标");
  search.limit = 1;
  search.cursor = told<api::LogPage>(*desk_, kChen, search).next_cursor;
  ASSERT_NE(search.cursor, "");
  api::SearchLog other = search;
  other.text = "翻页";
  EXPECT_EQ(refusal(*desk_, kChen, other), "INVALID_ARGUMENT");
  search.cursor[0] = search.cursor[0] == '1' ? '2' : '1';
  EXPECT_EQ(refusal(*desk_, kChen, search), "INVALID_ARGUMENT");
}

TEST_F(CallLog, ContactsByHandStandBesideCalls) {
  api::RecordManual record;
  record.unit = kShamian;
  record.occurred_at = clock_.now() - hours{1};
  record.channel = Channel::kWalkIn;
  record.fields = fields("来访：申请救助");
  const auto manual = told<api::ContactSaved>(*contacts_, kChen, record).contact;
  const ContactId call = finished("来电");
  EXPECT_EQ(found(kChen, api::SearchLog{}), (std::vector{call, manual}));
  api::SearchLog oldest;
  oldest.oldest_first = true;
  EXPECT_EQ(found(kChen, oldest), (std::vector{manual, call}));
  EXPECT_EQ(found(kChen, text("救助")), std::vector{manual});
}

TEST_F(CallLog, ASearchIsInTheAuditTrailBeforeItsAnswer) {
  finished("审计");
  told<api::LogPage>(*desk_, kChen, text("审计"));
  EXPECT_EQ(audited(AuditAction::kSearched), 1);
  told<api::CsvPage>(*desk_, kLead, api::ExportLog{text("审计")});
  EXPECT_EQ(audited(AuditAction::kExported), 1);
}

TEST_F(CallLog, OnlyThoseWhoMayExportAndCellsCannotBecomeFormulas) {
  finished("导出");
  EXPECT_EQ(refusal(*desk_, kChen, api::ExportLog{}), "FORBIDDEN");
  const auto csv = told<api::CsvPage>(*desk_, kLead, api::ExportLog{}).csv;
  EXPECT_NE(csv.find("记录号"), std::string::npos);
  EXPECT_NE(csv.find("GZ-261120-0001"), std::string::npos);
  EXPECT_EQ(csv.find("13800138000"), std::string::npos);
  api::LogPage page;
  page.rows.emplace_back();
  page.rows[0].worker_name = "=HYPERLINK(\"http://x\"),甲";
  const std::string line = log_csv(page, config_.utc_offset, false);
  EXPECT_NE(line.find("\"'=HYPERLINK(\"\"http://x\"\"),甲\""), std::string::npos) << line;
}

TEST_F(CallLog, ADamagedRowSaysSoAndTheOthersAreServed) {
  const ContactId spoilt = finished("受损");
  const ContactId sound = finished("完好");
  stop();
  tamper("UPDATE contact SET risk = 'high' WHERE id = " + std::to_string(spoilt.value));
  start();
  make_desks();
  const auto page = told<api::LogPage>(*desk_, kChen, api::SearchLog{});
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].contact, sound);
  EXPECT_EQ(page.rows[1].display_number, "ROW_DAMAGED");
  EXPECT_EQ(page.rows[1].person_masked, "");
}

TEST_F(CallLog, ACorrectionIsFoundByItsNewTextAndNoLongerByItsOld) {
  const ContactId contact = finished("需要奶粉");
  told<api::ContactSaved>(*contacts_, kChen, api::CorrectContact{contact, 2, fields("需要尿片"), "记错了"});
  EXPECT_TRUE(found(kChen, text("奶粉")).empty());
  EXPECT_EQ(found(kChen, text("尿片")), std::vector{contact});
}

TEST_F(CallLog, ADraftIsNotFoundByItsText) {
  const casework::Contact draft = answered_call();
  told<api::ContactSaved>(*contacts_, kChen, api::SaveDraft{draft.id, 1, fields("草稿里的话")});
  EXPECT_TRUE(found(kChen, text("草稿")).empty());
}

}  // namespace
}  // namespace kapok::service
