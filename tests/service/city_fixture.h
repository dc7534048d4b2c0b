#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/id_allocator.h"
#include "service/call_desk.h"
#include "service/duty_desk.h"
#include "service/gateway_desk.h"
#include "service/watch_desk.h"
#include "storage/connection.h"
#include "storage/database.h"

namespace kapok::service {

/// Product time that moves only when a test says so. Timers of the desks then sleep for ever; `City::pass`
/// moves it and lets the desks look.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] Duration real_until(Instant at) const override { return at > now_ ? Duration{hours{1}} : Duration{0}; }
  [[nodiscard]] std::uint32_t factor() const override { return 1; }
  void move(Duration by) { now_ = now_ + by; }

 private:
  Instant now_;
};

/// Keeps everything that was pushed to one client, in order.
class RecordingOutbox final : public Outbox {
 public:
  void push(api::Push push, std::string coalesce_key) override {
    pushes.emplace_back(std::move(push), std::move(coalesce_key));
  }
  void close(std::string why) override { closed = std::move(why); }

  template <class P>
  [[nodiscard]] std::vector<P> all() const {
    std::vector<P> found;
    for (const auto& [push, key] : pushes)
      if (const P* one = std::get_if<P>(&push)) found.push_back(*one);
    return found;
  }
  template <class P>
  [[nodiscard]] std::optional<P> last() const {
    const auto found = all<P>();
    return found.empty() ? std::nullopt : std::optional(found.back());
  }
  template <class P>
  [[nodiscard]] std::size_t count() const {
    return all<P>().size();
  }

  std::vector<std::pair<api::Push, std::string>> pushes;
  std::string closed;
};

struct TestClient {
  ConnectionId connection;
  std::shared_ptr<RecordingOutbox> outbox;
  std::shared_ptr<Session> session;
};

/// A small city over a real store in a temporary directory: two stations of one district, one line each and a
/// recorded-only one, three workers with desks, one with a phone, a gateway, a supervisor and one on call with a phone.
/// The strand runs only inside the fixture's functions, on the test's own thread; every wait ends after 20 s.
class City {
 public:
  static constexpr UnitId kCityUnit{1}, kRegion{2}, kDistrict{3}, kStation{10}, kNeighbour{11};
  static constexpr LineId kLine{21}, kNeighbourLine{22}, kRecordedLine{23};
  static constexpr WorkerId kAn{31}, kBai{32}, kChen{33}, kNight{34}, kGate{35}, kSupervisor{36}, kOnCall{37};
  static constexpr const char* kLineNumber = "020-83000010";
  static constexpr const char* kNeighbourNumber = "020-83000011";
  static constexpr const char* kRecordedNumber = "020-83000012";
  static constexpr const char* kCallerNumber = "13800138000";

  City();
  ~City();

  /// Takes the desks down and builds them again over the same store, as a restart does. Clients are gone.
  void restart();

  // Time and turns.
  void pass(Duration by);
  /// Until everything under way has been saved and delivered.
  void settle();
  void run_until(const std::function<bool()>& done);

  // Clients.
  TestClient connect(WorkerId worker);
  void disconnect(const TestClient& client);
  /// As an import does that no longer names the worker's desk.
  void take_desk_away(WorkerId worker);
  /// A worker on duty, at his desk, and ready.
  TestClient on_duty(WorkerId worker);
  TestClient gateway(std::uint64_t epoch = 1);

  /// Asks a desk and waits for the answer.
  template <class Desk, class Body>
  api::Reply ask(Desk& desk, const TestClient& client, Body body) {
    std::optional<api::Reply> answer;
    say(desk, client, std::move(body), [&answer](api::Reply reply) { answer = std::move(reply); });
    run_until([&] { return answer.has_value(); });
    return *answer;
  }
  /// Asks a desk and goes on: nothing is saved from the strand's point of view before it runs again.
  template <class Desk, class Body>
  void say(Desk& desk, const TestClient& client, Body body, std::function<void(api::Reply)> reply = [](auto&&) {}) {
    auto asked = std::make_shared<Question>();
    asked->connection = client.connection;
    asked->session = client.session;
    asked->request.id = ++last_request_;
    asked->request.body = body;
    asked->now = clock.now();
    asked->reply = std::move(reply);
    desk.handle(asked, body);
  }
  /// The code of a refusal, or nothing when it was granted.
  static std::optional<ErrorCode> refusal(const api::Reply& reply) {
    return reply.body ? std::nullopt : std::optional(reply.body.error().code);
  }

  // Calls.
  api::Reply arrive(const TestClient& gateway, const std::string& gw_ref, const std::string& dialled = kLineNumber,
                    const std::string& caller = kCallerNumber);
  api::Reply left(const TestClient& gateway, const std::string& gw_ref, EndedBy by = EndedBy::kCaller);
  static CallId call_of(const api::Reply& reply) { return std::get<api::ArrivalTaken>(reply.body.value()).call; }

  // The store.
  template <class T>
  T stored(const std::function<T(storage::ReadTransaction&)>& look) {
    auto connection = database->connect_reader();
    storage::ReadTransaction tx(**connection, *keys);
    return look(tx);
  }
  storage::CallRow stored_call(CallId call);
  /// Puts a shift on the roster, or changes it, as an import does: in the store, then the roster is read again.
  void put_on_roster(casework::Shift shift);
  casework::Shift roster(WorkerId worker, UnitId unit, Period period, EndpointKind by, ShiftId id);
  casework::Shift stored_shift(ShiftId shift);
  /// Runs text in the store's own transaction: to break a table behind the service's back, and to mend it.
  void run_sql(const std::string& text);
  void break_saving() { run_sql("ALTER TABLE journal RENAME TO journal_away"); }
  void mend_saving() { run_sql("ALTER TABLE journal_away RENAME TO journal"); }

  /// From now on every change that the spool might keep runs twice, the first time in vain: as when the store fails in
  /// the middle of a batch and the working set takes it.
  void apply_twice();

  Office& office() { return *office_; }
  CallDesk& calls() { return desks_->calls; }
  DutyDesk& duty() { return desks_->duty; }
  GatewayDesk& gateways() { return desks_->gateways; }
  WatchDesk& watch() { return desks_->watch; }
  CallerIndex& callers() { return desks_->callers; }

  ManualClock clock{Instant{1'790'128'800'000'000}};  ///< 2026-09-23 10:00 in Guangzhou
  std::unique_ptr<const storage::KeyRing> keys;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<storage::Writer> writer;
  std::unique_ptr<storage::ReaderPool> readers;

 private:
  struct Desks {
    Desks(Office& office, const storage::KeyRing& keys, ops::Log& log)
        : calls(office, callers, log),
          duty(office, calls),
          gateways(office, calls, duty, keys, log),
          watch(office, calls) {}
    CallerIndex callers;
    CallDesk calls;
    DutyDesk duty;
    GatewayDesk gateways;
    WatchDesk watch;
  };

  static std::shared_ptr<const Directory> directory();
  void start();

  std::filesystem::path home_;
  boost::asio::io_context io_;
  CityConfig config_;
  Clients clients_;
  std::ostringstream log_text_;
  ops::Log log_{ops::Severity::kError, log_text_};
  std::unique_ptr<IdAllocator> ids_;
  std::unique_ptr<Changes> changes_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<Desks> desks_;
  std::uint64_t last_connection_ = 0;
  std::uint64_t last_request_ = 0;
};

}  // namespace kapok::service
