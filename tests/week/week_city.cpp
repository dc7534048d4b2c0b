#include "week/week_city.h"

#include <stdlib.h>

#include <future>
#include <utility>

#include <fmt/core.h>
#include <boost/asio/post.hpp>

#include "core/csv.h"
#include "core/id_allocator.h"
#include "protocol/codec.h"
#include "service/imports.h"
#include "service/password.h"
#include "storage/connection.h"
#include "storage/credential_table.h"
#include "storage/migrations.h"
#include "storage/people_table.h"

namespace kapok::week {
namespace {

using namespace std::chrono_literals;

constexpr CityId kNumber{1};
/// Nothing here waits for more than the disk.
constexpr auto kSilenceMax = 60s;
/// A desk with an offer must be heard of within six real seconds (service/desk_liveness.h).
constexpr auto kPingEvery = 2s;
constexpr const char* kGateway = "gateway";
constexpr const char* kLogReader = "centre";

constexpr const char* kRegions =
    "city_code,city_zh,city_en,region_code,region_zh,region_en,district_code,district_zh,district_en,invented\n"
    "4401,广州市,Guangzhou,4401R1,中部区域,Central,440103,荔湾区,Liwan,yes\n";
constexpr const char* kStations =
    "code,district_code,district_zh,district_en,name_zh,name_en,kind\n"
    "440103001,440103,荔湾区,Liwan,沙面街道,Shamian Subdistrict,street\n";
constexpr const char* kLines =
    "number,name_zh,name_en,unit_code,mode,crisis,invented\n"
    "020-00100001,沙面热线,Shamian line,440103001,trunk,no,yes\n";

std::string people_csv(const std::vector<WeekCity::Person>& people) {
  std::string csv = "account,name_zh,unit_code,roles,languages,endpoints,invented\n";
  for (const auto& person : people) csv += person.account + ",陈嘉,440103001,worker,cantonese,desk,yes\n";
  csv += fmt::format("{},何静,4401,city_centre,,,yes\n", kLogReader);
  return csv + fmt::format("{},网关,4401,gateway,,,yes\n", kGateway);
}

std::string iso(Instant at) {
  const LocalTime local = to_local(at, kChinaOffset);
  const auto seconds = local.since_midnight.count() / 1'000'000;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00", static_cast<int>(local.day.year()),
                     static_cast<unsigned>(local.day.month()), static_cast<unsigned>(local.day.day()), seconds / 3600,
                     seconds / 60 % 60, seconds % 60);
}

std::string shifts_csv(const std::vector<WeekCity::Person>& people) {
  std::string csv = "account,unit_codes,by,starts_at,ends_at,invented\n";
  for (const auto& person : people)
    for (const Period& shift : person.shifts)
      csv += fmt::format("{},440103001,desk,{},{},yes\n", person.account, iso(shift.from), iso(shift.to));
  return csv;
}

std::string token_of(const std::string& account) { return "device of " + account; }

template <class T>
T must(Result<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + result.error().detail);
  return std::move(result).value();
}

Result<> enrol_everybody(storage::Transaction& tx, service::IdStock& ids) {
  for (const auto& person : storage::WorkerTable::all(tx, kNumber).rows) {
    storage::DeviceRow device;
    device.id = ids.take<DeviceId>();
    device.city = kNumber;
    device.worker = person.id;
    device.label = person.account;
    device.token_hash = service::token_digest(token_of(person.account));
    device.enrolled_at = tx.now();
    if (auto done = storage::DeviceTable::save(tx, device); !done) return done;
  }
  return Done{};
}

}  // namespace

/// Where pushes to a client arrive: on the strand, which runs on the caller's thread.
struct WeekCity::Ears final : service::Outbox {
  explicit Ears(OnPush heard) : heard_(std::move(heard)) {}
  void push(api::Push push, std::string) override {
    if (heard_) heard_(push);
  }
  void close(std::string why) override { closed = std::move(why); }

  std::string closed;

 private:
  OnPush heard_;
};

WeekCity::WeekCity(const std::filesystem::path& parent, Instant now, const std::vector<Person>& people) : clock_(now) {
  std::string pattern = (parent / "kapok-week-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory in " + parent.string());
  home_.path = pattern;
  if (!storage::KeyRing::create_file(home_.path / "keys")) throw std::runtime_error("no keys");
  keys_ = must(storage::KeyRing::load(home_.path / "keys"), "keys");
  must(storage::Database::create(home_.path / "data", now), "a new store").reset();
  database_ = must(storage::Database::open(home_.path / "data", now), "the store");
  search_ = storage::make_fts5_index();
  writer_ = must(storage::Writer::start(*database_, *keys_), "the writer");
  readers_ = must(storage::ReaderPool::start(*database_, *keys_, 1), "the reader");
  fill(people);
  open();
}

WeekCity::~WeekCity() {
  try {
    close();
  } catch (const std::exception&) {
    // It has fallen silent, and whoever uses it has been told so already. Its threads end before it does.
    readers_->stop();
    writer_->stop();
  }
}

/// As `kapokctl import` would: the same rows by the same code.
void WeekCity::fill(const std::vector<Person>& people) {
  IdAllocator next_id(static_cast<std::int32_t>(kNumber.value), 0);
  const auto take_id = [&] { return next_id.next(clock_.now()); };
  std::size_t rows = 10;
  for (const Person& person : people) rows += 1 + person.shifts.size();
  std::promise<Result<>> saved;
  const auto take = [&](storage::Transaction& tx) -> Result<> {
    service::IdStock ids(take_id, rows * service::kIdsPerRow);
    const service::ImportInto into{tx, kNumber, kChinaOffset, ids, {}};
    using Kind = api::ImportKind;
    const std::vector<std::pair<Kind, std::string>> files{{Kind::kRegions, kRegions},
                                                          {Kind::kStations, kStations},
                                                          {Kind::kLines, kLines},
                                                          {Kind::kPeople, people_csv(people)},
                                                          {Kind::kShifts, shifts_csv(people)}};
    for (const auto& [kind, text] : files) {
      auto table = read_csv(text);
      if (!table) return table.error();
      const auto report = service::import_file(into, kind, std::move(*table));
      if (!report) return report.error();
      if (!service::may_commit(*report)) return {ErrorCode::kImportRefused, report->problems.front().reason};
    }
    return enrol_everybody(tx, ids);
  };
  must(writer_->submit({.cls = storage::WriteClass::kCaseWork,
                        .city = kNumber,
                        .at = clock_.now(),
                        .apply = take,
                        .done = [&](const storage::WriteOutcome& outcome) { saved.set_value(outcome.result); }}),
       "importing people");
  must(saved.get_future().get(), "importing people");
}

void WeekCity::open() {
  service::CityParts parts{.executor = io_.get_executor(),
                           .clock = clock_,
                           .writer = *writer_,
                           .readers = *readers_,
                           .keys = *keys_,
                           .search = *search_,
                           .log = log_,
                           .encode_reply = protocol::encode_reply_body,
                           .config = {},
                           .schema = 1};
  city_ = std::make_unique<service::CityService>(std::move(parts));
  const auto outcome = std::make_shared<std::optional<Result<>>>();
  city_->start([outcome](Result<> done) { *outcome = std::move(done); });
  run_until([outcome] { return outcome->has_value(); });
  must(**outcome, "starting the city");
}

/// What is awaited may come after this has given up, so callbacks share what they write.
void WeekCity::run_until(const std::function<bool()>& done) {
  const auto give_up = std::chrono::steady_clock::now() + kSilenceMax;
  while (!done()) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("the city has been silent for a minute");
    io_.run_one_for(1s);
  }
}

void WeekCity::move_to(Instant at) {
  keep_alive();
  const bool due = clock_.next_timer() && *clock_.next_timer() <= at;
  clock_.move_to(due ? *clock_.next_timer() : at);
  if (!due) return;
  quiet_ = false;
  city_->look_at_clock();
  settle();
}

/// Real time passes too, and desks that say nothing in it are taken for dead.
void WeekCity::keep_alive() {
  for (const Client& client : clients_)
    if (std::chrono::steady_clock::now() - client->spoke_at >= kPingEvery) ask(client, api::Ping{});
}

/// What was read or written may lead to more of it, so until a round in which nothing but the round itself was saved.
void WeekCity::settle() {
  while (!quiet_) {
    const std::uint64_t before = writer_->figures().requests;
    readers_passed();
    writer_passed();
    quiet_ = writer_->figures().requests == before + 1;
  }
}

/// There is one reader: when it comes to this look, those before it are over, and the strand hears of them first.
void WeekCity::readers_passed() {
  const auto passed = std::make_shared<bool>(false);
  const auto sign = [this, passed] { city_->ask_for_a_sign([passed] { *passed = true; }); };
  must(readers_->submit({.read = [sign](auto&) { sign(); }, .failed = [sign](const Error&) { sign(); }}), "a look");
  run_until([passed] { return *passed; });
}

/// The least urgent of writes, so it is the last of those that wait.
void WeekCity::writer_passed() {
  const auto passed = std::make_shared<bool>(false);
  must(writer_->submit(
           {.cls = storage::WriteClass::kReadAudit,
            .city = kNumber,
            .at = clock_.now(),
            .apply = [](storage::Transaction&) -> Result<> { return Done{}; },
            .done = [this,
                     passed](const storage::WriteOutcome&) { city_->ask_for_a_sign([passed] { *passed = true; }); }}),
       "a write");
  run_until([passed] { return *passed; });
}

api::Reply WeekCity::ask(const Client& client, api::RequestBody body) { return ask(client, std::move(body), {}); }

api::Reply WeekCity::change(const Client& client, api::RequestBody body) {
  return ask(client, std::move(body), ++client->last_key);
}

api::Reply WeekCity::ask(const Client& client, api::RequestBody body, std::optional<std::uint64_t> key) {
  const Ears& ears = static_cast<const Ears&>(*client->outbox);
  if (!ears.closed.empty()) throw std::runtime_error("the city closed a connection: " + ears.closed);
  api::Request request;
  request.id = ++last_request_;
  request.key = key;
  request.body_bytes = std::to_string(body.index());
  request.body = std::move(body);
  const auto answer = std::make_shared<std::optional<api::Reply>>();
  client->spoke_at = std::chrono::steady_clock::now();
  quiet_ = false;
  city_->ask(client->connection, std::move(request), [answer](api::Reply reply) { *answer = std::move(reply); });
  run_until([answer] { return answer->has_value(); });
  return std::move(**answer);
}

Client WeekCity::sign_in(const std::string& account, OnPush on_push) {
  auto client = std::make_shared<WeekClient>();
  client->connection = service::ConnectionId{++last_connection_};
  client->outbox = std::make_shared<Ears>(std::move(on_push));
  city_->connected(client->connection, client->outbox, {});
  granted<api::Welcome>(ask(client, api::Hello{1, 1, "kapok-week", {}}), "Hello");
  const auto signed_in = granted<api::SignedIn>(ask(client, api::SignInDevice{token_of(account)}), "SignInDevice");
  client->last_key = signed_in.last_key;
  clients_.push_back(client);
  return client;
}

Client WeekCity::gateway(OnPush on_push) {
  const Client client = sign_in(kGateway, std::move(on_push));
  const api::AttachGateway attach{
      .name = "week",
      .kind = "native",
      .capabilities = {api::GatewayCapability::kHoldsCaller, api::GatewayCapability::kRingsEndpoint},
      .offers_max = 1'000,
      .epoch = 1};
  granted<api::GatewayAttached>(ask(client, attach), "AttachGateway");
  granted<Done>(ask(client, api::KnownBegin{}), "KnownBegin");
  granted<Done>(ask(client, api::KnownEnd{}), "KnownEnd");
  return client;
}

Client WeekCity::log_reader() { return sign_in(kLogReader, {}); }

Client WeekCity::worker(const std::string& account, OnPush on_push) {
  const Client client = sign_in(account, std::move(on_push));
  granted<api::DeskState>(change(client, api::TakeDuty{}), "TakeDuty");
  granted<api::DeskState>(ask(client, api::OpenDesk{}), "OpenDesk");
  granted<api::DeskState>(change(client, api::SetReady{true}), "SetReady");
  return client;
}

void WeekCity::leave(const Client& client) {
  std::erase(clients_, client);
  quiet_ = false;
  city_->disconnected(client->connection);
  settle();
}

void WeekCity::close() {
  if (!city_) return;
  const auto stopped = std::make_shared<bool>(false);
  city_->stop([stopped] { *stopped = true; });
  run_until([stopped] { return *stopped; });
  readers_->stop();
  writer_->stop();
  figures_ = writer_->figures();
  clients_.clear();
  city_.reset();
  readers_.reset();
  writer_.reset();
}

storage::ReplayedJournal WeekCity::replay_journal() {
  auto connection = must(database_->connect_reader(), "the journal");
  storage::ReadTransaction tx(*connection, *keys_);
  return storage::replay_journal(tx, kNumber, {Instant{1}, Instant{INT64_MAX}});
}

storage::AuditFindings WeekCity::verify_audit() {
  storage::AuditCheck check;
  check.database_file = database_->store_file();
  check.keys = keys_.get();
  return must(storage::verify_audit(check), "the audit chain");
}

std::uintmax_t WeekCity::store_bytes() const { return std::filesystem::file_size(database_->store_file()); }

}  // namespace kapok::week
