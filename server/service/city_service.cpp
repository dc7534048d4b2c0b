#include "service/city_service.h"

#include <chrono>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "core/phone_number.h"
#include "core/planted_fault.h"
#include "service/degraded_mode.h"
#include "service/directory_store.h"
#include "storage/blind_index.h"
#include "storage/state_table.h"

namespace kapok::service {
namespace {

template <class Desk, class X>
concept Answers = requires(Desk& desk, const Asked& asked, const X& x) { desk.handle(asked, x); };

/// Hands the request to the one desk that answers its kind; that there is exactly one is checked by the compiler.
template <class X, class... Desks>
void hand_to_desk(const Asked& asked, const X& x, Desks&... desks) {
  static_assert((static_cast<int>(Answers<Desks, X>) + ...) == 1, "each kind of request has one desk");
  const auto hand = [&](auto& desk) {
    if constexpr (Answers<std::remove_reference_t<decltype(desk)>, X>) desk.handle(asked, x);
  };
  (hand(desks), ...);
}

/// What may be said before signing in.
bool is_greeting(const api::RequestBody& body) {
  return std::holds_alternative<api::Hello>(body) || std::holds_alternative<api::Ping>(body) ||
         std::holds_alternative<api::SignIn>(body) || std::holds_alternative<api::SignInDevice>(body) ||
         std::holds_alternative<api::Resume>(body);
}

constexpr const char* kNoticeKey = "server";

const std::shared_ptr<const Directory>& empty_directory() {
  static const std::shared_ptr<const Directory> kEmpty =
      std::make_shared<Directory>(Tree{}, std::vector<DirectoryLine>{}, std::vector<DirectoryWorker>{});
  return kEmpty;
}

}  // namespace

CityService::CityService(CityParts parts)
    : config_(std::move(parts.config)),
      strand_(boost::asio::make_strand(parts.executor)),
      keys_(parts.keys),
      schema_(parts.schema),
      started_at_(parts.clock.now()),
      log_(parts.log),
      changes_(strand_, parts.writer, parts.clock, config_.city, std::move(parts.encode_reply)),
      office_{config_,      strand_,           parts.clock,
              parts.writer, parts.readers,     changes_,
              clients_,     empty_directory(), [this] { return ids_->next(office_.clock.now()); }},
      repeats_(office_),
      greeting_(office_, [this] { return status_now(); }),
      sign_in_(office_),
      directory_(office_),
      imports_(office_, [this](api::ImportKind kind, auto then) { imported(kind, std::move(then)); }),
      calls_(office_, callers_, parts.log),
      duty_(office_, calls_),
      gateways_(office_, calls_, duty_, parts.keys, parts.log),
      liveness_(
          office_, calls_, [this](WorkerId worker) { return duty_.desks_of(worker); },
          [this](ConnectionId connection) { desk_lost(connection); }),
      watch_(office_, calls_),
      contacts_(office_, parts.search),
      call_log_(office_, parts.search),
      referrals_(office_),
      follow_ups_(office_, [this](FollowUpId callback, WorkerId worker,
                                  std::string number) { return gateways_.dial(callback, worker, std::move(number)); }),
      reports_(office_),
      journal_pruning_(office_),
      audit_(office_) {
  office_.openings->on_many(
      [&log = parts.log](WorkerId worker) { log.write(ops::LogId::kManyRecordsOpened, {{"worker", worker}}); });
  connect_desks();
}

void CityService::connect_desks() {
  sign_in_.on_left([this](ConnectionId connection) { left(connection); });
  calls_.on_store_lost([this] { tell_state(); });
  calls_.on_rebuilt([this] { tell_state(); });
  gateways_.on_dialled(
      [this](const Asked& asked, const api::DialResult& result) { follow_ups_.dialled(asked, result); });
  contacts_.ask_live_caller([this](WorkerId worker) {
    const auto seen = calls_.core().worker(worker);
    const LiveCall* call = seen && !seen->calls.empty() ? calls_.calls().find(seen->calls.front()) : nullptr;
    return call ? parse_phone_number(call->row.caller).canonical : std::string{};
  });
  contacts_.listen([this](const casework::Contact& contact) { follow_contact(contact); });
}

void CityService::follow_contact(const casework::Contact& contact) {
  const bool high =
      contact.fields.risk == casework::RiskLevel::kHigh || contact.fields.risk == casework::RiskLevel::kImminent;
  if (contact.state == casework::ContactState::kDraft) return calls_.risk_noted(contact.id, high);
  calls_.draft_finished(contact.fields.answered_by, contact.id);
  const PhoneNumber caller = parse_phone_number(contact.caller_number);
  if (!can_match(caller)) return;
  const std::string key = storage::blind_index(keys_, storage::BlindKind::kNumber, caller.canonical);
  if (high) callers_.high_risk(key, contact.finalised_at);
  callers_.written_up(
      {key, contact.finalised_at, contact.fields.answered_by, contact.fields.same_worker, contact.fields.language});
}

void CityService::start(std::function<void(Result<>)> then) {
  struct Read {
    std::shared_ptr<const Directory> directory;
    std::int64_t highest_id = 0;
  };
  office_.read<Read>(
      [city = config_.city, now = office_.clock.now()](storage::ReadTransaction& tx) -> Result<Read> {
        auto directory = load_directory(tx, city, now);
        if (!directory) return directory.error();
        return Read{std::move(*directory), storage::read_id_high_water(tx, city)};
      },
      [this, then = std::move(then)](Result<Read> read) {
        if (!read) return then(read.error());
        office_.directory = std::move(read->directory);
        ids_ = std::make_unique<IdAllocator>(config_.city.value, read->highest_id);
        office_.read<Done>(
            [this](storage::ReadTransaction& tx) -> Result<> {
              sign_in_.load(tx);  // the strand waits for `then` and touches no session before it
              return Done{};
            },
            [this, then](Result<> loaded) {
              if (!loaded) return then(loaded.error());
              start_desks(then);
            });
      });
}

void CityService::start_desks(std::function<void(Result<>)> then) {
  calls_.start([this, then](Result<> restarted) {
    if (!restarted) return then(restarted);
    duty_.start([this, then](Result<> on_duty) {
      if (!on_duty) return then(on_duty);
      gateways_.start();
      journal_pruning_.start();
      repeats_.start();
      started_ = true;
      follow_store();
      then(Done{});
    });
  });
}

void CityService::imported(api::ImportKind kind, std::function<void(Result<>)> then) {
  using Loaded = std::shared_ptr<const Directory>;
  office_.read<Loaded>([city = config_.city, now = office_.clock.now()](
                           storage::ReadTransaction& tx) { return load_directory(tx, city, now); },
                       [this, kind, then = std::move(then)](Result<Loaded> loaded) {
                         if (!loaded) return then(loaded.error());
                         office_.directory = std::move(*loaded);
                         if (kind != api::ImportKind::kShifts) {
                           sign_in_.directory_changed();
                           watch_.directory_changed();
                           duty_.directory_changed();  // before routing forgets the desks that this closes
                           calls_.directory_changed();
                           gateways_.directory_changed();
                         }
                         duty_.roster_changed();
                         then(Done{});
                       });
}

void CityService::connected(ConnectionId connection, std::shared_ptr<Outbox> outbox, Peer peer) {
  boost::asio::post(strand_, [this, connection, outbox = std::move(outbox), peer = std::move(peer)]() mutable {
    clients_.add({.connection = connection, .outbox = std::move(outbox), .peer = std::move(peer), .session = nullptr});
  });
}

void CityService::ask(ConnectionId connection, api::Request request, std::function<void(api::Reply)> reply) {
  auto asked = std::make_shared<Question>();
  asked->connection = connection;
  asked->request = std::move(request);
  const bool counted = metrics_ != nullptr && !std::holds_alternative<api::Ping>(asked->request.body);
  asked->reply = counted ? timed(std::move(reply)) : std::move(reply);
  boost::asio::post(strand_, [this, asked] { take_up(asked); });
}

void CityService::take_up(const Asked& asked) {
  KAPOK_HANG_IF_PLANTED(hang_strand);
  Client* client = clients_.find(asked->connection);
  if (client == nullptr) return asked->refuse(ErrorCode::kSessionEnded);
  asked->now = office_.clock.now();
  client->heard_at = std::chrono::steady_clock::now();
  if (client->session && !sign_in_.still_valid(client->session, asked->now)) {
    client->session.reset();
    left(asked->connection);
    return asked->refuse(ErrorCode::kSessionEnded);
  }
  asked->session = client->session;
  if (!started_ && !std::holds_alternative<api::Hello>(asked->request.body))
    return asked->refuse(ErrorCode::kRetryAfter, "the server is starting");
  if (!asked->session && !is_greeting(asked->request.body)) return asked->refuse(ErrorCode::kNotSignedIn);
  if (office_.degraded && !works_when_degraded(asked->request.body))
    return asked->refuse(ErrorCode::kStoreUnavailable, "only calls and drafts work now");
  repeats_.admit(asked, [this](const Asked& admitted) { dispatch(admitted); });
  // Who comes while something is wrong is told like those who were here.
  if (std::holds_alternative<api::Hello>(asked->request.body) && state() != ServerState::kOk)
    clients_.push(asked->connection, notice_of(state()), kNoticeKey);
}

void CityService::dispatch(const Asked& asked) {
  std::visit(
      [&](const auto& x) {
        hand_to_desk(asked, x, greeting_, sign_in_, directory_, imports_, calls_, duty_, gateways_, watch_, contacts_,
                     call_log_, referrals_, follow_ups_, reports_, audit_);
      },
      asked->request.body);
}

void CityService::fell_behind(ConnectionId connection) {
  boost::asio::post(strand_, [this, connection] {
    clients_.push(connection, notice_of(state()), kNoticeKey);
    duty_.fell_behind(connection);
    gateways_.fell_behind(connection);
    watch_.fell_behind(connection);
  });
}

/// Half-open: what its end would have told us is told now; the client, should it live, comes back with Resume.
void CityService::desk_lost(ConnectionId connection) {
  duty_.disconnected(connection);
  if (Client* client = office_.clients.find(connection)) client->outbox->close("DESK_SILENT");
}

void CityService::disconnected(ConnectionId connection) {
  boost::asio::post(strand_, [this, connection] {
    left(connection);
    clients_.remove(connection);
  });
}

/// Ends what the session of a connection had opened on it.
void CityService::left(ConnectionId connection) {
  imports_.disconnected(connection);
  watch_.disconnected(connection);
  duty_.disconnected(connection);
  gateways_.disconnected(connection);
}

void CityService::stop(std::function<void()> then) {
  boost::asio::post(strand_, [this, then = std::move(then)] {
    started_ = false;
    then();
  });
}

void CityService::store_changed() {
  boost::asio::post(strand_, [this] { follow_store(); });
}

void CityService::follow_store() {
  const bool was_away = office_.degraded;
  office_.degraded = office_.writer.state() == storage::StoreState::kDegraded;
  tell_state();
  // What could not be read meanwhile.
  if (was_away && !office_.degraded && started_) duty_.roster_changed();
}

ServerState CityService::state_now() const {
  if (!started_) return ServerState::kStarting;
  const storage::StoreState store = office_.writer.state();
  if (store == storage::StoreState::kNotRecorded || !calls_.running()) return ServerState::kNotRecorded;
  return store == storage::StoreState::kDegraded ? ServerState::kDegraded : ServerState::kOk;
}

void CityService::tell_state() {
  const ServerState now = state_now();
  const ServerState before = state_.exchange(now);
  if (before == now) return;
  if (now == ServerState::kDegraded) log_.write(ops::LogId::kStoreDegraded);
  if (now == ServerState::kNotRecorded) log_.write(ops::LogId::kNotRecorded);
  if (now == ServerState::kOk && before != ServerState::kStarting) log_.write(ops::LogId::kStoreRecovered);
  clients_.each([&](Client& client) { client.outbox->push(notice_of(now), kNoticeKey); });
}

void CityService::look_at_clock() {
  boost::asio::post(strand_, [this] {
    if (!started_) return;
    calls_.look_at_clock();
    duty_.look_at_clock();
    gateways_.look_at_clock();
  });
}

void CityService::ask_for_a_sign(std::function<void()> answer) { boost::asio::post(strand_, std::move(answer)); }

api::Status CityService::status_now() const {
  api::Status status;
  status.version = config_.version;
  status.schema = schema_;
  status.started_at = started_at_;
  status.now = office_.clock.now();
  status.state = name_of(state());
  status.practice_factor = office_.clock.factor();
  status.sessions = static_cast<std::uint32_t>(sign_in_.size());
  status.gateways = static_cast<std::uint32_t>(gateways_.attached());
  if (started_) {
    const auto city = calls_.core().counters(office_.directory->tree().root());
    status.waiting = static_cast<std::uint32_t>(city.calls_waiting);
    status.talking = static_cast<std::uint32_t>(city.calls_talking);
    status.on_duty = static_cast<std::uint32_t>(city.on_duty);
    status.calls_today = watch_.board().unit(*office_.directory, office_.directory->tree().root()).arrived_today;
  }
  return status;
}

}  // namespace kapok::service
