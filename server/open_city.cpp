#include "open_city.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "city_backup.h"
#include "core/id_allocator.h"
#include "open_audit.h"
#include "open_care.h"
#include "open_spool.h"
#include "protocol/codec.h"
#include "service/city_service.h"
#include "service/product_clock.h"
#include "storage/connection.h"
#include "storage/database.h"
#include "storage/migrations.h"
#include "storage/state_table.h"
#include "storage/store_care.h"
#include "storage/store_layout.h"

namespace kapok {
namespace {

/// A city and all it stands on, in the order in which they are made; taken down the other way round.
class OpenCity final : public service::Service {
 public:
  std::unique_ptr<storage::KeyRing> keys;
  std::unique_ptr<storage::Spool> spool;
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<storage::Writer> writer;
  std::unique_ptr<storage::ReaderPool> readers;
  std::unique_ptr<storage::SearchIndex> search;
  std::unique_ptr<service::ProductClock> clock;
  std::unique_ptr<storage::StoreCare> care;
  std::unique_ptr<storage::AuditHeadWriter> audit_heads;
  std::unique_ptr<storage::BackupKeeper> backup;
  std::unique_ptr<service::CityService> city;
  int schema = 0;
  ops::Metrics* metrics = nullptr;                         ///< null until they are asked for
  std::atomic<service::CityService*> listening = nullptr;  ///< to the writer, once it is there

  /// The writer's thread ends before the city it speaks to.
  ~OpenCity() override {
    care.reset();
    if (writer) writer->stop();
  }

  void connected(service::ConnectionId connection, std::shared_ptr<service::Outbox> outbox,
                 service::Peer peer) override {
    city->connected(connection, std::move(outbox), std::move(peer));
  }
  void ask(service::ConnectionId connection, api::Request request, std::function<void(api::Reply)> reply) override {
    city->ask(connection, std::move(request), std::move(reply));
  }
  void fell_behind(service::ConnectionId connection) override { city->fell_behind(connection); }
  void disconnected(service::ConnectionId connection) override { city->disconnected(connection); }
};

struct StoreFacts {
  int schema = 0;
  bool practice = false;
  std::int64_t highest_id = 0;
};

Result<StoreFacts> read_facts(storage::Database& database, const storage::KeyRing& keys, CityId city) {
  auto connection = database.connect_reader();
  if (!connection) return connection.error();
  storage::ReadTransaction tx(**connection, keys);
  return StoreFacts{storage::schema_version(**connection),
                    storage::read_state_value(tx, storage::kPracticeState) == "yes",
                    storage::read_id_high_water(tx, city)};
}

/// A wall clock that is further behind than this was set back (reliability.md §2.2, Clock jump).
constexpr Duration kClockSkewMax = seconds{2};

/// The latest product time the store knows of: that of the newest id (decision 4).
Instant last_persisted(std::int64_t highest_id) {
  return highest_id == 0 ? Instant{} : kIdEpoch + milliseconds{split_id(highest_id).milliseconds};
}

service::CityConfig city_config(const Config& config) {
  service::CityConfig city;
  city.city = CityId{config.city_number};
  city.city_zh = config.city_zh;
  city.city_en = config.city_en;
  city.code = config.city_code;
  city.utc_offset = UtcOffset{config.utc_offset_min};
  city.version = KAPOK_VERSION;
  return city;
}

Instant wall_now() {
  return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

Result<> open_store(OpenCity& open, const Config& config, ops::Log& log) {
  auto keys = storage::KeyRing::load(storage::key_file_of(config.data_dir));
  if (!keys) return keys.error();
  open.keys = std::move(*keys);
  auto store = open_store_with_spool(config, *open.keys, wall_now(), log);
  if (!store) return store.error();
  open.spool = std::move(store->spool);
  open.database = std::move(store->database);

  const auto facts = read_facts(*open.database, *open.keys, CityId{config.city_number});
  if (!facts) return facts.error();
  open.schema = facts->schema;
  if (config.practice_factor > 1 && !facts->practice)
    return {ErrorCode::kInvalidArgument, "--practice-clock needs a store made by `kapokctl init --practice`"};
  open.clock = std::make_unique<service::ProductClock>(last_persisted(facts->highest_id),
                                                       static_cast<std::uint32_t>(config.practice_factor));

  storage::WriterParts parts;
  parts.on_state = [&open](storage::StoreState) {
    if (service::CityService* city = open.listening) city->store_changed();
  };
  parts.on_conflict = [&log](std::int64_t, const auto&) { log.write(ops::LogId::kSpoolConflict); };
  parts.spool = open.spool.get();
  auto writer = storage::Writer::start(*open.database, *open.keys, std::move(parts));
  if (!writer) return writer.error();
  open.writer = std::move(*writer);
  auto readers =
      storage::ReaderPool::start(*open.database, *open.keys, static_cast<std::size_t>(config.reader_threads));
  if (!readers) return readers.error();
  open.readers = std::move(*readers);
  open.search = storage::make_fts5_index();
  return Done{};
}

/// The machine's clock was set back while the server was down: product time goes on from what was last saved.
void warn_of_skew(const service::Clock& clock, ops::Log& log) {
  const auto wall = std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
  const Duration ahead = clock.now() - Instant{wall.count()};
  if (clock.factor() == 1 && ahead > kClockSkewMax) log.write(ops::LogId::kClockSkewed, {{"behind", ahead}});
}

ops::WriterLook writer_look(const storage::Writer& writer) {
  const auto look = writer.activity();
  using Doing = storage::WriterActivity::Doing;
  return {look.doing == Doing::kWorking, look.doing == Doing::kSyncing, look.since};
}

void show_writer(const storage::Writer& writer, ops::Metrics& metrics) {
  using ops::MetricId;
  const storage::WriterFigures figures = writer.figures();
  const auto total = [&](MetricId id, std::uint64_t of) { metrics.count_up_to(id, static_cast<double>(of)); };
  total(MetricId::kCommits, figures.commits);
  total(MetricId::kCommitFailures, figures.failed_commits);
  total(MetricId::kSavedRequests, figures.requests);
  total(MetricId::kSpooledBatches, figures.spooled);
  total(MetricId::kSpoolConflicts, figures.conflicts);
  total(MetricId::kNotRecorded, figures.not_recorded);
  metrics.set(MetricId::kLastCommitTime, std::chrono::duration<double>(figures.last_commit).count());
  metrics.set(MetricId::kSpoolWaiting, static_cast<double>(figures.spool_waiting));
  metrics.set(MetricId::kSpoolBytes, static_cast<double>(figures.spool_bytes_used));
}

Result<std::unique_ptr<storage::BackupKeeper>> open_backup(OpenCity& open, const Config& config, ops::Log& log) {
  return start_backup(config,
                      {.database = *open.database,
                       .keys = *open.keys,
                       .writer = *open.writer,
                       .product_now = [&clock = *open.clock] { return clock.now(); },
                       .wall_now = wall_now},
                      open.clock->factor(), log);
}

/// Runs `io` until the city has read itself back.
Result<> start_city(boost::asio::io_context& io, service::CityService& city) {
  std::optional<Result<>> outcome;
  city.start([&outcome](Result<> started) { outcome = std::move(started); });
  const auto busy = boost::asio::make_work_guard(io);
  while (!outcome) io.run_one();
  return *outcome;
}

std::unique_ptr<service::CityService> make_city(boost::asio::io_context& io, OpenCity& open, const Config& config,
                                                ops::Log& log) {
  return std::make_unique<service::CityService>(service::CityParts{.executor = io.get_executor(),
                                                                   .clock = *open.clock,
                                                                   .writer = *open.writer,
                                                                   .readers = *open.readers,
                                                                   .keys = *open.keys,
                                                                   .search = *open.search,
                                                                   .log = log,
                                                                   .encode_reply = protocol::encode_reply_body,
                                                                   .config = city_config(config),
                                                                   .schema = static_cast<std::uint32_t>(open.schema)});
}

OpenedService as_service(std::unique_ptr<OpenCity> open) {
  OpenedService opened;
  OpenCity* city = open.get();
  opened.state = [city] { return std::string(name_of(city->city->state())); };
  opened.ask_strand = [city](std::function<void()> answer) { city->city->ask_for_a_sign(std::move(answer)); };
  opened.writer = [city] { return writer_look(*city->writer); };
  opened.count_into = [city](ops::Metrics& metrics) {
    city->city->count_into(metrics);
    city->metrics = &metrics;
  };
  opened.refresh_metrics = [city](std::function<void()> done) {
    if (city->metrics != nullptr) show_writer(*city->writer, *city->metrics);
    city->city->refresh_metrics(std::move(done));
  };
  opened.stop = [city](std::function<void()> done) {
    city->city->stop([city, done = std::move(done)] {
      city->backup->stop();
      city->care->stop();
      city->readers->stop();
      city->writer->stop();
      city->audit_heads->stop();
      done();
    });
  };
  opened.service = std::move(open);
  return opened;
}

}  // namespace

Result<OpenedService> open_city(boost::asio::io_context& io, const Config& config, ops::Log& log) {
  auto open = std::make_unique<OpenCity>();
  if (const auto stored = open_store(*open, config, log); !stored) return stored.error();
  warn_of_skew(*open->clock, log);
  auto care = open_care(config, *open->database, *open->writer, *open->keys, *open->clock, log);
  if (!care) return care.error();
  open->care = std::move(*care);
  open->city = make_city(io, *open, config, log);
  open->listening = open->city.get();
  if (const auto started = start_city(io, *open->city); !started) return started.error();

  auto heads = open_audit_heads(config, *open->database, *open->clock, log);
  if (!heads) return heads.error();
  open->audit_heads = std::move(*heads);

  auto backup = open_backup(*open, config, log);
  if (!backup) return backup.error();
  open->backup = std::move(*backup);

  return as_service(std::move(open));
}

}  // namespace kapok
