#include "service/city_fixture.h"

#include <chrono>

#include "core/phone_number.h"
#include "service/apply_twice.h"
#include "storage/audit_chain.h"
#include "storage/shift_table.h"

namespace kapok::service {
namespace {

std::string canonical(const char* number) { return parse_phone_number(number).canonical; }

DirectoryWorker person(WorkerId id, std::string account, UnitId unit, Role role,
                       std::vector<DirectoryEndpoint> endpoints) {
  DirectoryWorker worker;
  worker.id = id;
  worker.account = std::move(account);
  worker.name = "社工" + worker.account;
  worker.unit = unit;
  worker.roles = {{.role = role, .unit = unit}};
  worker.endpoints = std::move(endpoints);
  return worker;
}

}  // namespace

std::shared_ptr<const Directory> City::directory() {
  const auto tree = Tree::build({{kCityUnit, {}, UnitKind::kCity, "4401", "广州市", "Guangzhou"},
                                 {kRegion, kCityUnit, UnitKind::kRegion, "R1", "一区域", "Region 1"},
                                 {kDistrict, kRegion, UnitKind::kDistrict, "440103", "荔湾区", "Liwan"},
                                 {kStation, kDistrict, UnitKind::kStation, "440103001", "沙面街道", "Shamian"},
                                 {kNeighbour, kDistrict, UnitKind::kStation, "440103002", "岭南街道", "Lingnan"}});
  std::vector<DirectoryLine> lines = {
      {.id = kLine, .unit = kStation, .number = canonical(kLineNumber), .name_zh = "沙面热线"},
      {.id = kNeighbourLine, .unit = kNeighbour, .number = canonical(kNeighbourNumber), .name_zh = "岭南热线"},
      {.id = kRecordedLine,
       .unit = kStation,
       .number = canonical(kRecordedNumber),
       .name_zh = "登记热线",
       .mode = LineMode::kRecordedOnly}};
  const auto desk = [](std::int64_t id) { return DirectoryEndpoint{EndpointId{id}, EndpointKind::kDesk, "", 1}; };
  std::vector<DirectoryWorker> workers = {
      person(kAn, "an", kStation, Role::kWorker, {desk(41)}),
      person(kBai, "bai", kStation, Role::kWorker, {desk(42)}),
      person(kChen, "chen", kNeighbour, Role::kWorker, {desk(43)}),
      person(kNight, "night", kStation, Role::kWorker,
             {{EndpointId{44}, EndpointKind::kPhone, canonical("13900139000"), 1}}),
      person(kGate, "gate", kCityUnit, Role::kGateway, {}),
      person(kSupervisor, "supervisor", kDistrict, Role::kDistrictLead, {}),
      person(kOnCall, "oncall", kCityUnit, Role::kDutySupervisor,
             {{EndpointId{47}, EndpointKind::kPhone, canonical("13900139007"), 1}})};
  return std::make_shared<Directory>(tree.value(), std::move(lines), std::move(workers));
}

City::City() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kapok-service-XXXXXX").string();
  home_ = ::mkdtemp(pattern.data());
  if (!storage::KeyRing::create_file(home_ / "keys")) std::abort();
  keys = storage::KeyRing::load(home_ / "keys").value();
  database = storage::Database::create(home_ / "data", clock.now()).value();
  writer = storage::Writer::start(*database, *keys).value();
  readers = storage::ReaderPool::start(*database, *keys).value();
  ids_ = std::make_unique<IdAllocator>(config_.city.value, 0);
  const boost::asio::any_io_executor strand = boost::asio::make_strand(io_);
  changes_ = std::make_unique<Changes>(strand, *writer, clock, config_.city,
                                       [](const api::Reply& reply) { return std::to_string(reply.body.ok()); });
  office_ = std::make_unique<Office>(Office{.config = config_,
                                            .strand = strand,
                                            .clock = clock,
                                            .writer = *writer,
                                            .readers = *readers,
                                            .changes = *changes_,
                                            .clients = clients_,
                                            .directory = directory(),
                                            .next_id = [this] { return ids_->next(clock.now()); }});
  start();
}

City::~City() {
  readers->stop();
  writer->stop();
  desks_.reset();
  readers.reset();
  writer.reset();
  database.reset();
  std::filesystem::remove_all(home_);
}

void City::start() {
  desks_ = std::make_unique<Desks>(*office_, *keys, log_);
  bool started = false;
  desks_->calls.start([&](const Result<>& calls) {
    EXPECT_TRUE(calls.ok());
    desks_->duty.start([&](const Result<>& duty) {
      EXPECT_TRUE(duty.ok());
      desks_->gateways.start();
      started = true;
    });
  });
  run_until([&] { return started; });
}

void City::restart() {
  settle();
  desks_.reset();
  io_.restart();
  std::vector<ConnectionId> gone;
  clients_.each([&](const Client& client) { gone.push_back(client.connection); });
  for (const ConnectionId connection : gone) clients_.remove(connection);
  start();
}

void City::run_until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "nothing happened for 20 s";
      std::abort();
    }
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(20));
  }
}

void City::settle() {
  // What is under way may lead to something new, which is under way in its turn.
  for (int round = 0; round < 3; ++round) {
    bool passed = false;
    office_->changes.save(
        storage::WriteClass::kReadAudit, [](storage::Transaction&) -> Result<> { return Done{}; },
        [&](const storage::WriteOutcome&) { passed = true; });
    run_until([&] { return passed; });
  }
}

void City::pass(Duration by) {
  clock.move(by);
  calls().look_at_clock();
  duty().look_at_clock();
  gateways().look_at_clock();
  settle();
}

TestClient City::connect(WorkerId worker) {
  TestClient client;
  client.connection = ConnectionId{++last_connection_};
  client.outbox = std::make_shared<RecordingOutbox>();
  const DirectoryWorker& person = *office_->directory->worker(worker);
  client.session = std::make_shared<Session>();
  client.session->id = SessionId{ids_->next(clock.now())};
  client.session->worker = worker;
  client.session->unit = person.unit;
  client.session->account = person.account;
  client.session->subject.worker = worker;
  client.session->subject.roles = person.roles;
  client.session->subject.own_station = person.unit;
  clients_.add({client.connection, client.outbox, {}, client.session});
  return client;
}

void City::take_desk_away(WorkerId worker) {
  const Directory& now = *office_->directory;
  std::vector<DirectoryWorker> people = now.workers();
  for (DirectoryWorker& person : people)
    if (person.id == worker)
      std::erase_if(person.endpoints, [](const auto& endpoint) { return endpoint.kind == EndpointKind::kDesk; });
  office_->directory = std::make_shared<Directory>(now.tree(), now.lines(), std::move(people));
  duty().directory_changed();
  calls().directory_changed();
  settle();
}

void City::disconnect(const TestClient& client) {
  clients_.remove(client.connection);
  watch().disconnected(client.connection);
  duty().disconnected(client.connection);
  gateways().disconnected(client.connection);
  settle();
}

TestClient City::on_duty(WorkerId worker) {
  TestClient client = connect(worker);
  EXPECT_EQ(refusal(ask(duty(), client, api::TakeDuty{})), std::nullopt);
  EXPECT_EQ(refusal(ask(duty(), client, api::OpenDesk{})), std::nullopt);
  EXPECT_EQ(refusal(ask(duty(), client, api::SetReady{true})), std::nullopt);
  return client;
}

TestClient City::gateway(std::uint64_t epoch) {
  TestClient client = connect(kGate);
  const auto attached = ask(
      gateways(), client,
      api::AttachGateway{.name = "test",
                         .kind = "native",
                         .capabilities = {api::GatewayCapability::kHoldsCaller, api::GatewayCapability::kRingsEndpoint},
                         .offers_max = 64,
                         .epoch = epoch});
  EXPECT_EQ(refusal(attached), std::nullopt);
  return client;
}

api::Reply City::arrive(const TestClient& gateway, const std::string& gw_ref, const std::string& dialled,
                        const std::string& caller) {
  return ask(gateways(), gateway,
             api::Arrived{.gw_ref = gw_ref, .dialled = dialled, .caller = caller, .at = clock.now()});
}

api::Reply City::left(const TestClient& gateway, const std::string& gw_ref, EndedBy by) {
  return ask(gateways(), gateway, api::Left{.gw_ref = gw_ref, .by = by, .cause = "", .at = clock.now()});
}

storage::CallRow City::stored_call(CallId call) {
  return stored<storage::CallRow>([&](storage::ReadTransaction& tx) {
    auto row = storage::CallTable::get(tx, call);
    EXPECT_TRUE(row.ok());
    return row.ok() ? *row : storage::CallRow{};
  });
}

void City::put_on_roster(casework::Shift shift) {
  bool saved = false;
  office_->changes.save(
      storage::WriteClass::kCaseWork, [&](storage::Transaction& tx) { return storage::ShiftTable::save(tx, shift); },
      [&](const storage::WriteOutcome& outcome) {
        EXPECT_TRUE(outcome.result.ok());
        saved = true;
      });
  run_until([&] { return saved; });
  duty().roster_changed();
  run_until([&] {
    const casework::Shift* known = duty().roster().find(shift.id);
    return known != nullptr && known->version >= shift.version;
  });
  settle();
}

casework::Shift City::roster(WorkerId worker, UnitId unit, Period period, EndpointKind by, ShiftId id) {
  casework::Shift shift;
  shift.id = id;
  shift.worker = worker;
  shift.units = {unit};
  shift.period = period;
  shift.by = by;
  put_on_roster(shift);
  return shift;
}

casework::Shift City::stored_shift(ShiftId shift) {
  return stored<casework::Shift>(
      [&](storage::ReadTransaction& tx) { return storage::ShiftTable::get(tx, shift).value(); });
}

void City::apply_twice() { service::apply_twice(*changes_); }

void City::run_sql(const std::string& text) {
  bool done = false;
  office_->changes.save(
      storage::WriteClass::kCallEvent,
      [&](storage::Transaction& tx) -> Result<> {
        tx.connection().run_text(text);
        return Done{};
      },
      [&](const storage::WriteOutcome& outcome) {
        EXPECT_TRUE(outcome.result.ok());
        done = true;
      });
  run_until([&] { return done; });
}

}  // namespace kapok::service
