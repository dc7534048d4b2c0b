#include "service/audit_desk.h"

#include "service/call_log_desk.h"
#include "service/contact_desk.h"
#include "service/records_fixture.h"

namespace kapok::service {
namespace {

using api::ReadingHow;
using storage::AuditAction;

class Readings : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    contacts_ = std::make_unique<ContactDesk>(*office_, *index_);
    log_ = std::make_unique<CallLogDesk>(*office_, *index_);
    desk_ = std::make_unique<AuditDesk>(*office_);
  }

  ContactId finished(const Rang& rang = {}, std::string summary = "独居老人需要米面") {
    const casework::Contact draft = answered_call(rang);
    told<api::ContactSaved>(*contacts_, rang.answered_by,
                            api::FinaliseContact{draft.id, 1, fields(std::move(summary)), {}});
    return draft.id;
  }
  void open(WorkerId who, ContactId contact) {
    told<api::ContactView>(*contacts_, who, api::ShowContact{contact, {}, false, {}});
  }
  void search(WorkerId who, std::string words) {
    api::SearchLog search;
    search.text = std::move(words);
    told<api::LogPage>(*log_, who, search);
  }

  static api::ListReadings of(ContactId contact) {
    api::ListReadings list;
    list.record = contact.value;
    return list;
  }
  static api::ListReadings listing(api::ReadingList which) {
    api::ListReadings list;
    list.list = which;
    return list;
  }
  api::ReadingPage page(WorkerId who, const api::ListReadings& list) {
    return told<api::ReadingPage>(*desk_, who, list);
  }
  /// How each of the page came to see it, newest first, with who.
  static std::vector<std::pair<WorkerId, ReadingHow>> short_of(const api::ReadingPage& page) {
    std::vector<std::pair<WorkerId, ReadingHow>> rows;
    for (const auto& row : page.rows) rows.emplace_back(row.worker, row.how);
    return rows;
  }

  std::unique_ptr<ContactDesk> contacts_;
  std::unique_ptr<CallLogDesk> log_;
  std::unique_ptr<AuditDesk> desk_;
};

TEST_F(Readings, WhoWroteSearchedAndOpenedARecordStandsInOneListNewestFirst) {
  const ContactId rice = finished();
  const ContactId other = finished({}, "询问医保报销");
  search(kLead, "米面");
  search(kLead, "医保");
  open(kSupervisor, rice);
  open(kChen, other);
  const auto found = page(kAuditor, of(rice));
  const std::vector<std::pair<WorkerId, ReadingHow>> expected{{kSupervisor, ReadingHow::kOpened},
                                                              {kLead, ReadingHow::kSearchHit},
                                                              {kChen, ReadingHow::kChanged},   // finalised
                                                              {kChen, ReadingHow::kChanged}};  // begun by answering
  EXPECT_EQ(short_of(found), expected);
  EXPECT_EQ(found.rows[0].worker_name, "督导周");
  EXPECT_EQ(found.rows[0].unit_zh, "荔湾区");
  EXPECT_EQ(found.rows[0].roles, std::vector{Role::kSupervisor});
  EXPECT_EQ(found.rows[0].scope, Scope::kPatch);
  EXPECT_EQ(found.rows[0].record_number, "GZ-261120-0001");
  EXPECT_TRUE(found.rows[1].text.empty()) << "what was searched for may name others";
  EXPECT_TRUE(found.next_cursor.empty());
}

TEST_F(Readings, AskingIsInTheTrailBeforeTheAnswer) {
  const ContactId contact = finished();
  page(kAuditor, of(contact));
  EXPECT_EQ(audited(AuditAction::kAuditRead), 1);
  EXPECT_EQ(short_of(page(kAuditor, of(contact)))[0], std::pair(kAuditor, ReadingHow::kOpened));
  writer_->stop();
  EXPECT_EQ(refusal(*desk_, kAuditor, of(contact)), "SHUTTING_DOWN");
}

TEST_F(Readings, AuditorsAskOfTheCitySupervisorsOfTheirPatchOthersOfNothing) {
  const ContactId shamian = finished();
  const ContactId nanyuan = finished({kNanyuan, kNanyuanLine, "13600136000", kHe, seconds{4}});
  EXPECT_EQ(refusal(*desk_, kAuditor, of(nanyuan)), "");
  EXPECT_EQ(refusal(*desk_, kSupervisor, of(shamian)), "");
  EXPECT_EQ(refusal(*desk_, kSupervisor, of(nanyuan)), "FORBIDDEN");
  for (const WorkerId other : {kChen, kLead, kDistrict, kEvaluator, kOperator})
    EXPECT_EQ(refusal(*desk_, other, of(shamian)), "FORBIDDEN") << other.value;
}

TEST_F(Readings, ARecordThatIsNotThereAndHalfAQuestionAreRefused) {
  EXPECT_EQ(refusal(*desk_, kAuditor, of(ContactId{77})), "UNKNOWN_CONTACT");
  EXPECT_EQ(refusal(*desk_, kAuditor, api::ListReadings{}), "INVALID_ARGUMENT");
  api::ListReadings wrong = of(finished());
  wrong.cursor = "x";
  EXPECT_EQ(refusal(*desk_, kAuditor, wrong), "INVALID_ARGUMENT");
}

TEST_F(Readings, PagesGoOnWhereTheLastOneEnded) {
  const ContactId contact = finished();
  for (int i = 0; i < 5; ++i) {
    open(kSupervisor, contact);
    clock_.advance(minutes{16});
  }
  api::ListReadings list = of(contact);
  list.limit = 2;
  std::vector<std::int64_t> seqs;
  for (int i = 0; i < 10; ++i) {
    const auto found = page(kAuditor, list);
    for (const auto& row : found.rows)
      if (row.worker != kAuditor) seqs.push_back(row.seq);
    if (found.next_cursor.empty()) break;
    list.cursor = found.next_cursor;
  }
  EXPECT_EQ(seqs.size(), 7U);  // begun, finalised, opened five times
  EXPECT_TRUE(std::is_sorted(seqs.rbegin(), seqs.rend()));
}

TEST_F(Readings, APeriodCutsBothEnds) {
  const ContactId contact = finished();
  clock_.advance(hours{2});
  open(kLead, contact);
  const Instant opened = clock_.now();
  clock_.advance(hours{2});
  open(kSupervisor, contact);
  api::ListReadings list = of(contact);
  list.period = {opened - minutes{30}, opened + minutes{30}};
  EXPECT_EQ(short_of(page(kAuditor, list)), (std::vector{std::pair(kLead, ReadingHow::kOpened)}));
}

TEST_F(Readings, OfAPersonAreThoseOfAllRecordsAboutHisNumber) {
  const ContactId first = finished();
  const ContactId second = finished({}, "询问医保报销");
  const ContactId foreign = finished({kShamian, kShamianLine, "13700137000", kChen, seconds{4}}, "别人");
  for (const ContactId each : {first, second, foreign}) open(kSupervisor, each);
  api::ListReadings list;
  list.kind = api::RecordKind::kPerson;
  list.number = "138 0013 8000";
  int opened = 0;
  for (const auto& row : page(kAuditor, list).rows) {
    EXPECT_NE(row.record, foreign.value);
    opened += row.how == ReadingHow::kOpened ? 1 : 0;
  }
  EXPECT_EQ(opened, 2);
}

TEST_F(Readings, ManyOpeningsAreListedAndTheStopIsNotForAssignedRecords) {
  const ContactId contact = finished();
  const ContactId another = finished({}, "别的");
  RecordOpenings::Opening opening{SessionId{1}, kSupervisor, storage::AuditObject::kContact, 0, false};
  for (int i = 0; i < 199; ++i) {
    opening.id = 1'000'000 + i;
    office_->openings->judge(opening, clock_.now());
  }
  open(kSupervisor, contact);
  for (int i = 0; i < 200; ++i) {
    opening.id = 2'000'000 + i;
    office_->openings->judge(opening, clock_.now());
  }
  EXPECT_EQ(refusal(*contacts_, kSupervisor, api::ShowContact{another, {}, false, {}}), "LOCKED_OUT");
  const auto alerts = page(kAuditor, listing(api::ReadingList::kAlerts));
  EXPECT_EQ(short_of(alerts), (std::vector{std::pair(kSupervisor, ReadingHow::kStopped),
                                           std::pair(kSupervisor, ReadingHow::kManyOpened)}));
  EXPECT_EQ(short_of(page(kAuditor, of(another)))[0], std::pair(kSupervisor, ReadingHow::kRefused));
  const casework::Contact own = answered_call({.answered_by = kSupervisor});
  open(kSupervisor, own.id);
}

TEST_F(Readings, BrokenGlassesAreListedWithTheirReasonForTheSupervisorOfThePatch) {
  const ContactId contact = finished();
  told<api::ContactView>(*contacts_, kDistrict,
                         api::ShowContact{contact, {}, true, "complaint: 家属投诉未回访，需核对"});
  const auto found = page(kSupervisor, listing(api::ReadingList::kBrokenGlass));
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.rows[0].worker, kDistrict);
  EXPECT_EQ(found.rows[0].reason, "complaint");
  EXPECT_EQ(found.rows[0].text, "家属投诉未回访，需核对");
  EXPECT_EQ(found.rows[0].record, contact.value);
  EXPECT_EQ(refusal(*desk_, kChen, listing(api::ReadingList::kBrokenGlass)), "FORBIDDEN");
}

TEST(Showed, FindsAnIdAmongThoseShownAndNowhereElse) {
  const std::string text = "from=1 to=77 text=shown=12 reason=55 scope=10 shown=1001 1002 ";
  EXPECT_TRUE(showed(text, {1002}));
  EXPECT_TRUE(showed(text, {5, 1001}));
  for (const std::int64_t id : {100, 12, 55, 77, 10, 1, 2}) EXPECT_FALSE(showed(text, {id})) << id;
  EXPECT_FALSE(showed("", {1}));
  EXPECT_FALSE(showed("shown=", {0}));
}

}  // namespace
}  // namespace kapok::service
