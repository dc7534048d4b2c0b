#include "service/whole_city_fixture.h"

#include <atomic>
#include <chrono>
#include <future>
#include <utility>

#include "core/csv.h"
#include "core/id_allocator.h"
#include "service/imports.h"
#include "service/password.h"
#include "storage/credential_table.h"
#include "storage/people_table.h"
#include "storage/take_in.h"

namespace kapok::service {
namespace {

constexpr CityId kNumber{1};
constexpr std::size_t kSmallSpoolBytes = 4 * 1024 * 1024;

constexpr const char* kRegions =
    "city_code,city_zh,city_en,region_code,region_zh,region_en,district_code,district_zh,district_en,invented\n"
    "4401,广州市,Guangzhou,4401R1,中部区域,Central,440103,荔湾区,Liwan,yes\n";
constexpr const char* kStations =
    "code,district_code,district_zh,district_en,name_zh,name_en,kind\n"
    "440103001,440103,荔湾区,Liwan,沙面街道,Shamian Subdistrict,street\n"
    "440103002,440103,荔湾区,Liwan,岭南街道,Lingnan Subdistrict,street\n";
constexpr const char* kLines =
    "number,name_zh,name_en,unit_code,mode,crisis,invented\n"
    "020-00100001,沙面热线,Shamian line,440103001,trunk,no,yes\n"
    "020-00100002,岭南热线,Lingnan line,440103002,trunk,no,yes\n";
constexpr const char* kPeople =
    "account,name_zh,unit_code,roles,languages,endpoints,invented\n"
    "an,陈嘉,440103001,worker,cantonese,desk,yes\n"
    "bai,李敏,440103001,worker;station_lead,cantonese,desk;phone:020-02000001,yes\n"
    "chen,黄明,440103002,worker,cantonese,desk,yes\n"
    "su,张慧,440103002,worker;supervisor,cantonese,desk,yes\n"
    "centre,何静,4401,city_centre,,,yes\n"
    "gateway,网关,4401,gateway,,,yes\n";

}  // namespace

WholeCity::WholeCity() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kapok-city-XXXXXX").string();
  home_ = ::mkdtemp(pattern.data());
  if (!storage::KeyRing::create_file(home_ / "keys")) std::abort();
  keys_ = storage::KeyRing::load(home_ / "keys").value();
  storage::Database::create(home_ / "data", clock.now()).value().reset();
  search_ = storage::make_fts5_index();
  open_store();
  import_people();
  open_city();
}

WholeCity::~WholeCity() {
  close();
  std::filesystem::remove_all(home_);
}

void WholeCity::open_store() {
  const auto take_in = [this](storage::Connection& store) -> Result<> {
    spool_ = storage::Spool::open(home_ / "other-disk", *keys_, kSmallSpoolBytes).value();
    const auto taken = storage::take_in_all(store, *keys_, *spool_);
    return taken ? Result<>(Done{}) : taken.error();
  };
  database_ = storage::Database::open(home_ / "data", clock.now(), take_in).value();
  database_->fail_when([this](storage::FaultPoint at) { return (failing_ & (1u << static_cast<unsigned>(at))) != 0; });
  storage::WriterParts parts;
  parts.on_state = [this](storage::StoreState) {
    if (CityService* city = told_.load()) city->store_changed();
  };
  parts.spool = spool_.get();
  parts.reopen_pause = std::chrono::milliseconds(20);
  writer_ = storage::Writer::start(*database_, *keys_, std::move(parts)).value();
  readers_ = storage::ReaderPool::start(*database_, *keys_).value();
}

void WholeCity::open_city() {
  io_ = std::make_unique<boost::asio::io_context>();
  city_ = std::make_unique<CityService>(
      CityParts{.executor = io_->get_executor(),
                .clock = clock,
                .writer = *writer_,
                .readers = *readers_,
                .keys = *keys_,
                .search = *search_,
                .log = log_,
                .encode_reply = [](const api::Reply& reply) { return std::to_string(reply.body.ok()); },
                .config = {},
                .schema = 1});
  told_ = city_.get();
  bool started = false;
  city_->start([&](const Result<>& outcome) {
    EXPECT_TRUE(outcome.ok());
    started = true;
  });
  run_until([&] { return started; });
}

void WholeCity::close() {
  readers_->stop();
  writer_->stop();
  told_ = nullptr;
  city_.reset();
  io_.reset();
  readers_.reset();
  writer_.reset();
  database_.reset();
  spool_.reset();
}

void WholeCity::restart() {
  close();
  open_store();
  open_city();
}

void WholeCity::import_people() {
  IdAllocator next_id(static_cast<std::int32_t>(kNumber.value), 0);
  const auto take_id = [&] { return next_id.next(clock.now()); };
  std::promise<bool> saved;
  const auto take = [&](storage::Transaction& tx) -> Result<> {
    IdStock ids(take_id, 1'000);
    const ImportInto into{tx, kNumber, kChinaOffset, ids, {}};
    for (const auto& [kind, text] : {std::pair(api::ImportKind::kRegions, kRegions),
                                     {api::ImportKind::kStations, kStations},
                                     {api::ImportKind::kLines, kLines},
                                     {api::ImportKind::kPeople, kPeople}}) {
      const auto report = import_file(into, kind, read_csv(text).value());
      if (!report) return report.error();
    }
    for (const auto& person : storage::WorkerTable::all(tx, kNumber).rows) {
      storage::DeviceRow device;
      device.id = DeviceId{take_id()};
      device.city = kNumber;
      device.worker = person.id;
      device.label = person.account;
      device.token_hash = token_digest(token_of(person.account));
      device.enrolled_at = tx.now();
      if (auto done = storage::DeviceTable::save(tx, device); !done) return done;
    }
    return Done{};
  };
  EXPECT_TRUE(
      writer_->submit({.cls = storage::WriteClass::kCaseWork,
                       .city = kNumber,
                       .at = clock.now(),
                       .apply = take,
                       .done = [&](const storage::WriteOutcome& outcome) { saved.set_value(outcome.result.ok()); }}));
  EXPECT_TRUE(saved.get_future().get());
}

void WholeCity::run_until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "nothing happened for 30 s";
      std::abort();
    }
    io_->restart();
    io_->run_one_for(std::chrono::milliseconds(20));
  }
}

TestClient WholeCity::connect() {
  TestClient client;
  client.connection = ConnectionId{++last_connection_};
  client.outbox = std::make_shared<RecordingOutbox>();
  city_->connected(client.connection, client.outbox, {});
  EXPECT_EQ(refusal(ask(client, api::Hello{1, 1, "test", {}})), std::nullopt);
  return client;
}

void WholeCity::disconnect(const TestClient& client) {
  city_->disconnected(client.connection);
  ask(connect(), api::Ping{});
}

api::Reply WholeCity::ask(const TestClient& client, api::RequestBody body, std::optional<std::uint64_t> key) {
  api::Request request;
  request.id = ++last_request_;
  request.key = key;
  request.body_bytes = std::to_string(body.index());
  request.body = std::move(body);
  // Answers come from the strand, which runs in run_until() alone.
  auto answer = std::make_shared<std::optional<api::Reply>>();
  city_->ask(client.connection, std::move(request), [answer](api::Reply reply) { *answer = std::move(reply); });
  run_until([&] { return answer->has_value(); });
  return **answer;
}

TestClient WholeCity::sign_in(const std::string& account) {
  const TestClient client = connect();
  EXPECT_EQ(refusal(ask(client, api::SignInDevice{token_of(account)})), std::nullopt);
  return client;
}

TestClient WholeCity::on_duty(const std::string& account) {
  const TestClient client = sign_in(account);
  EXPECT_EQ(refusal(change(client, api::TakeDuty{})), std::nullopt);
  EXPECT_EQ(refusal(ask(client, api::OpenDesk{})), std::nullopt);
  EXPECT_EQ(refusal(change(client, api::SetReady{true})), std::nullopt);
  return client;
}

TestClient WholeCity::gateway(std::uint64_t epoch) {
  const TestClient client = sign_in("gateway");
  EXPECT_EQ(refusal(ask(client, api::AttachGateway{.name = "test",
                                                   .kind = "native",
                                                   .capabilities = {api::GatewayCapability::kHoldsCaller,
                                                                    api::GatewayCapability::kRingsEndpoint},
                                                   .offers_max = 64,
                                                   .epoch = epoch})),
            std::nullopt);
  return client;
}

api::Reply WholeCity::arrive(const TestClient& gateway, const std::string& gw_ref, const std::string& caller) {
  return ask(gateway, api::Arrived{.gw_ref = gw_ref, .dialled = kLineNumber, .caller = caller, .at = clock.now()});
}

api::Reply WholeCity::accept(const TestClient& worker) {
  run_until([&] { return worker.outbox->count<api::OfferShown>() > 0; });
  const api::OfferView offer = worker.outbox->last<api::OfferShown>()->offer;
  return change(worker, api::AcceptOffer{offer.offer, offer.epoch});
}

}  // namespace kapok::service
