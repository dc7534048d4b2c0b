#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/local_time.h"
#include "service/asked.h"
#include "service/changes.h"
#include "service/clients.h"
#include "service/clock.h"
#include "service/directory.h"
#include "service/drafts.h"
#include "service/office.h"
#include "service/unanswered.h"
#include "storage/audit_chain.h"
#include "storage/call_table.h"
#include "storage/contact_table.h"
#include "storage/search_index.h"
#include "storage/store_fixture.h"
#include "storage/unit_table.h"

namespace kapok::service {

class HandClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] Duration real_until(Instant at) const override { return at > now_ ? at - now_ : Duration{0}; }
  [[nodiscard]] std::uint32_t factor() const override { return 1; }
  void set(Instant now) { now_ = now; }
  void advance(Duration by) { now_ = now_ + by; }

 private:
  Instant now_ = from_local(CivilDay{std::chrono::year{2026} / 11 / 20}, hours{10}, kChinaOffset);  // a Friday
};

inline constexpr UnitId kCityUnit{1};
inline constexpr UnitId kLiwan{10};
inline constexpr UnitId kYuexiu{11};
inline constexpr UnitId kShamian{100};
inline constexpr UnitId kShamianPoint{1001};
inline constexpr UnitId kNanyuan{101};
inline constexpr UnitId kHongqiao{110};
inline constexpr LineId kShamianLine{500};
inline constexpr LineId kShamianManualLine{501};
inline constexpr LineId kNanyuanLine{502};

inline constexpr WorkerId kChen{1};        ///< worker at Shamian
inline constexpr WorkerId kLead{2};        ///< station lead at Shamian
inline constexpr WorkerId kHe{3};          ///< worker at Nanyuan
inline constexpr WorkerId kSupervisor{4};  ///< patch: Shamian and Hongqiao
inline constexpr WorkerId kDistrict{5};    ///< district lead of Liwan
inline constexpr WorkerId kEvaluator{6};
inline constexpr WorkerId kOperator{7};
inline constexpr WorkerId kNanyuanLead{8};
inline constexpr WorkerId kAuditor{9};

/// How a call came in, and who took it.
struct Rang {
  UnitId unit = kShamian;
  LineId line = kShamianLine;
  std::string caller = "13800138000";
  WorkerId answered_by = kChen;
  Duration waited = seconds{8};
};

/// A small city over a real store in a temporary directory, with a clock moved by hand and a strand run by the test.
class RecordsTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    build_directory();
    start();
  }
  void TearDown() override {
    stop();
    StoreTest::TearDown();
  }

  void start() {
    readers_ = storage::ReaderPool::start(*database_, *keys_).value();
    changes_ = std::make_unique<Changes>(io_.get_executor(), *writer_, clock_, config_.city,
                                         [](const api::Reply&) { return std::string{}; });
    office_ = std::make_unique<Office>(Office{config_, io_.get_executor(), clock_, *writer_, *readers_, *changes_,
                                              clients_, directory_of_city_, [this] { return ++last_id_; }});
  }
  void stop() {
    if (readers_) readers_->stop();
    readers_.reset();
  }

  /// Asks as that person, waits for the answer.
  template <class Desk, class Body>
  Result<api::ReplyBody> ask(Desk& desk, WorkerId worker, Body body) {
    auto answered = std::make_shared<std::optional<api::Reply>>();
    begin(desk, worker, std::move(body), answered);
    wait([&] { return answered->has_value(); });
    return (*answered)->body;
  }
  /// The answer, which has to be of that kind.
  template <class Wanted, class Desk, class Body>
  Wanted told(Desk& desk, WorkerId worker, Body body) {
    auto reply = ask(desk, worker, std::move(body));
    EXPECT_TRUE(reply) << name_of(reply.error().code) << " " << reply.error().detail;
    if (!reply || !std::holds_alternative<Wanted>(*reply)) return Wanted{};
    return std::get<Wanted>(*reply);
  }
  /// The code with which it is refused, "" when it is not.
  template <class Desk, class Body>
  std::string refusal(Desk& desk, WorkerId worker, Body body) {
    auto reply = ask(desk, worker, std::move(body));
    return reply ? std::string{} : std::string(name_of(reply.error().code));
  }

  template <class Desk, class Body>
  void begin(Desk& desk, WorkerId worker, Body body, std::shared_ptr<std::optional<api::Reply>> answered) {
    auto question = std::make_shared<Question>();
    question->session = session(worker);
    question->request.body = body;
    question->now = clock_.now();
    question->reply = [answered](api::Reply reply) { *answered = std::move(reply); };
    desk.handle(question, std::get<Body>(question->request.body));
  }

  void wait(const std::function<bool()>& done) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "no answer";
      io_.run_one_for(std::chrono::milliseconds(50));
    }
  }

  std::shared_ptr<Session> session(WorkerId worker) {
    auto& session = sessions_[worker];
    if (session) return session;
    const DirectoryWorker& person = *directory_of_city_->worker(worker);
    session = std::make_shared<Session>();
    session->id = SessionId{9'000 + worker.value};
    session->worker = worker;
    session->name = person.name;
    session->unit = person.unit;
    session->subject = {worker, person.roles, person.unit, person.patch, true};
    return session;
  }

  Result<> save(std::function<Result<>(storage::Transaction&)> apply) {
    return write(std::move(apply), clock_.now()).result;
  }

  /// A call answered now, with its open draft at version 1.
  casework::Contact answered_call(const Rang& rang = {}) {
    casework::Contact opened;
    const CallId call{++last_id_};
    const ContactId contact{++last_id_};
    const auto saved = save([&](storage::Transaction& tx) -> Result<> {
      auto draft = open_draft(tx, config_,
                              {contact,
                               call,
                               rang.unit,
                               rang.line,
                               Channel::kPhone,
                               rang.caller,
                               clock_.now() - rang.waited,
                               clock_.now(),
                               {},
                               rang.answered_by});
      if (!draft) return draft.error();
      opened = *draft;
      storage::CallRow row = call_row(call, rang);
      row.worker = rang.answered_by;
      row.answered_at = clock_.now();
      row.ended_at = clock_.now() + minutes{3};
      row.outcome = CallOutcome::kAnswered;
      row.contact = contact;
      return storage::CallTable::save(tx, row);
    });
    EXPECT_TRUE(saved) << saved.error().detail;
    return opened;
  }
  /// A call that ended now without an answer, and what was left of it.
  LeftToDo unanswered_call(const Rang& rang, CallOutcome outcome, bool high_risk = false) {
    LeftToDo left;
    const CallId call{++last_id_};
    const EndedCall ended{call,
                          rang.unit,
                          rang.line,
                          rang.caller,
                          clock_.now(),
                          outcome,
                          high_risk,
                          FollowUpId{++last_id_},
                          MissedCallerId{++last_id_}};
    const auto saved = save([&](storage::Transaction& tx) -> Result<> {
      storage::CallRow row = call_row(call, rang);
      row.ended_at = clock_.now();
      row.outcome = outcome;
      if (auto kept = storage::CallTable::save(tx, row); !kept) return kept;
      auto made = record_unanswered(tx, config_, ended);
      if (!made) return made.error();
      left = *made;
      return Done{};
    });
    EXPECT_TRUE(saved) << saved.error().detail;
    return left;
  }

  storage::CallRow call_row(CallId id, const Rang& rang) {
    storage::CallRow row;
    row.id = id;
    row.city = config_.city;
    row.episode = id;
    row.line = rang.line;
    row.unit = rang.unit;
    row.caller = rang.caller;
    row.state = CallState::kEnded;
    row.arrived_at = clock_.now() - rang.waited;
    row.waited = rang.waited;
    return row;
  }

  /// A finished text that names its needs.
  static casework::ContactFields fields(std::string summary, std::vector<casework::NeedKind> needs = {},
                                        std::string name = "张伟强") {
    casework::ContactFields f;
    f.type = casework::ContactType::kSelf;
    f.person_name = std::move(name);
    f.person_number = "13912345678";
    f.address = "沙面大街54号";
    f.summary = std::move(summary);
    f.risk = casework::RiskLevel::kNone;
    for (const casework::NeedKind kind : needs) {
      casework::Need need;
      need.kind = kind;
      f.needs.push_back(need);
    }
    return f;
  }

  long long count(const std::string& table) {
    long long rows = -1;
    read([&](storage::ReadTransaction& tx) {
      rows = std::stoll(tx.connection().text_of("SELECT COUNT(*) FROM " + table));
    });
    return rows;
  }
  /// How often that was written to the audit trail.
  long long audited(storage::AuditAction action) {
    return count("audit WHERE action = " + std::to_string(static_cast<int>(action)));
  }

  CityConfig config_;
  HandClock clock_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_ = make_work_guard(io_);
  Clients clients_;
  std::shared_ptr<const Directory> directory_of_city_;
  std::unique_ptr<storage::SearchIndex> index_ = storage::make_fts5_index();
  std::unique_ptr<storage::ReaderPool> readers_;
  std::unique_ptr<Changes> changes_;
  std::unique_ptr<Office> office_;
  std::map<WorkerId, std::shared_ptr<Session>> sessions_;
  std::int64_t last_id_ = 100'000;

 private:
  static DirectoryWorker person(WorkerId id, std::string name, UnitId unit, std::vector<RoleGrant> roles,
                                std::vector<UnitId> patch = {}) {
    DirectoryWorker worker;
    worker.id = id;
    worker.account = "w" + std::to_string(id.value);
    worker.name = std::move(name);
    worker.unit = unit;
    worker.roles = std::move(roles);
    worker.patch = std::move(patch);
    return worker;
  }

  void build_directory() {
    std::vector<Unit> units{{kCityUnit, {}, UnitKind::kCity, "4401", "广州市", "Guangzhou"},
                            {kLiwan, kCityUnit, UnitKind::kDistrict, "440103", "荔湾区", "Liwan"},
                            {kYuexiu, kCityUnit, UnitKind::kDistrict, "440104", "越秀区", "Yuexiu"},
                            {kShamian, kLiwan, UnitKind::kStation, "440103001", "沙面街道", "Shamian"},
                            {kShamianPoint, kShamian, UnitKind::kPoint, "440103001001", "翠洲社区", "Cuizhou"},
                            {kNanyuan, kLiwan, UnitKind::kStation, "440103002", "南源街道", "Nanyuan"},
                            {kHongqiao, kYuexiu, UnitKind::kStation, "440104001", "洪桥街道", "Hongqiao"}};
    ASSERT_TRUE(save([&](storage::Transaction& tx) -> Result<> {
      for (const Unit& unit : units) {
        storage::UnitRow row;
        row.id = unit.id;
        row.city = config_.city;
        row.parent = unit.parent;
        row.kind = unit.kind;
        row.code = unit.code;
        if (auto saved = storage::UnitTable::save(tx, row); !saved) return saved;
      }
      return Done{};
    }));
    std::vector<DirectoryLine> lines{
        {kShamianLine, kShamian, "+862081210001", "沙面热线", LineMode::kTrunk, false, true},
        {kShamianManualLine, kShamian, "+862081210002", "沙面旧线", LineMode::kRecordedOnly, false, true},
        {kNanyuanLine, kNanyuan, "+862081210003", "南源热线", LineMode::kTrunk, false, true}};
    std::vector<DirectoryWorker> people{
        person(kChen, "陈嘉", kShamian, {{Role::kWorker, kShamian}}),
        person(kLead, "李敏", kShamian, {{Role::kWorker, kShamian}, {Role::kStationLead, kShamian}}),
        person(kHe, "何强", kNanyuan, {{Role::kWorker, kNanyuan}}),
        person(kSupervisor, "督导周", kLiwan, {{Role::kSupervisor, kLiwan}}, {kShamian, kHongqiao}),
        person(kDistrict, "组长吴", kLiwan, {{Role::kDistrictLead, kLiwan}}),
        person(kEvaluator, "评估郑", kCityUnit, {{Role::kEvaluator, kCityUnit}}),
        person(kOperator, "运维冯", kCityUnit, {{Role::kSystemOperator, kCityUnit}}),
        person(kAuditor, "审计许", kCityUnit, {{Role::kAuditor, kCityUnit}}),
        person(kNanyuanLead, "副站长杨", kNanyuan, {{Role::kWorker, kNanyuan}, {Role::kStationLead, kNanyuan}})};
    directory_of_city_ =
        std::make_shared<const Directory>(Tree::build(std::move(units)).value(), std::move(lines), std::move(people));
  }
};

}  // namespace kapok::service
