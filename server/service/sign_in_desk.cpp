#include "service/sign_in_desk.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "core/text.h"
#include "service/password.h"
#include "storage/audit_chain.h"
#include "storage/reply_table.h"

namespace kapok::service {
namespace {

constexpr std::size_t kPasswordBytesMax = 1024;

/// Checked in place of the password of an account that does not exist, so that both take the same time.
const std::string& nobodys_hash() {
  static const std::string kHash = password_hash(random_token());
  return kHash;
}

bool has_role(const DirectoryWorker& worker, Role role) {
  return std::ranges::any_of(worker.roles, [&](const RoleGrant& grant) { return grant.role == role; });
}

void audit(storage::Transaction& tx, storage::AuditAction action, WorkerId actor, SessionId session,
           storage::AuditOutcome outcome = storage::AuditOutcome::kDone) {
  tx.audit().append(tx, {.actor = actor,
                         .session = session,
                         .action = action,
                         .object = storage::AuditObject::kSession,
                         .object_id = session.value,
                         .scope = Scope::kOwn,
                         .outcome = outcome});
}

/// A password that was changed while it was being checked lets nobody in.
bool still_holds(storage::Transaction& tx, WorkerId worker, const std::string& password_hash) {
  const auto found = storage::CredentialTable::find(tx, worker);
  return found && *found && (*found)->password_hash == password_hash;
}

Result<> end_sessions(storage::Transaction& tx, WorkerId worker, SessionId kept) {
  for (storage::SessionRow& row : storage::SessionTable::live_of(tx, worker, tx.now()).rows) {
    if (row.id == kept) continue;
    row.ended_at = tx.now();
    if (auto saved = storage::SessionTable::save(tx, row); !saved) return saved;
  }
  return Done{};
}

}  // namespace

void SignInDesk::load(storage::ReadTransaction& tx) {
  for (const auto& row : storage::SessionTable::live(tx, office_.config.city, office_.clock.now()).rows) {
    auto session = session_of(row);
    if (!session) continue;  // the person has left
    session->last_key = static_cast<std::uint64_t>(storage::ReplyTable::highest_sequence(tx, row.id.value));
    by_digest_[row.token_hash] = std::move(session);
  }
}

void SignInDesk::handle(const Asked& asked, const api::SignIn& x) {
  if (const auto account = check_line(x.account, "account", kNameCharsMax); !account)
    return asked->refuse(account.error());
  if (x.password.size() > kPasswordBytesMax)
    return asked->refuse(ErrorCode::kTextTooLong, "password: at most 1024 bytes");
  if (const auto until = throttle_.locked_until(x.account, address_of(asked), asked->now)) {
    const auto wait_s = std::chrono::ceil<seconds>(*until - asked->now).count();
    return asked->refuse(ErrorCode::kLockedOut, "try again in " + std::to_string(wait_s) + " s");
  }
  const auto* worker = office_.directory->worker_by_account(x.account);
  const WorkerId id = worker ? worker->id : WorkerId{};
  using Found = std::optional<storage::CredentialRow>;
  office_.read<Found>(
      [id](storage::ReadTransaction& tx) -> Result<Found> {
        if (!id.is_set()) return Found{};
        return storage::CredentialTable::find(tx, id);
      },
      [this, asked, x](Result<Found> found) {
        if (!found) return asked->refuse(found.error());
        check_password(asked, x, found->value_or(storage::CredentialRow{}));
      });
}

bool SignInDesk::take_hashing_place(const Asked& asked) {
  if (hashing_now_ >= kHashingMax) {
    asked->refuse(ErrorCode::kRetryAfter, "many are signing in; try again in a few seconds");
    return false;
  }
  ++hashing_now_;
  return true;
}

void SignInDesk::check_password(const Asked& asked, api::SignIn x, storage::CredentialRow credential) {
  if (!take_hashing_place(asked)) return;
  boost::asio::post(hashing_, [this, asked, x = std::move(x), credential = std::move(credential)] {
    const bool known = !credential.password_hash.empty();
    const bool right = password_matches(known ? credential.password_hash : nobodys_hash(), x.password) && known;
    boost::asio::post(office_.strand, [this, asked, right, account = x.account, worker = credential.id,
                                       hash = credential.password_hash]() mutable {
      --hashing_now_;
      if (!right) return refuse_sign_in(asked, account, worker);
      throttle_.succeeded(account, address_of(asked));
      begin_session(asked, worker, DeviceId{}, std::move(hash));
    });
  });
}

void SignInDesk::refuse_sign_in(const Asked& asked, const std::string& account, WorkerId worker) {
  throttle_.failed(account, address_of(asked), asked->now);
  office_.changes.save(
      storage::WriteClass::kReadAudit,
      [worker](storage::Transaction& tx) -> Result<> {
        audit(tx, storage::AuditAction::kSignInRefused, worker, SessionId{}, storage::AuditOutcome::kRefused);
        return Done{};
      },
      [asked](const auto&) { asked->refuse(ErrorCode::kWrongCredentials); });
}

void SignInDesk::handle(const Asked& asked, const api::SignInDevice& x) {
  // A token cannot be guessed: wrong ones from an address are throttled, but never keep the right ones of its
  // neighbours out (decision 30).
  const bool throttled = throttle_.locked_until("", address_of(asked), asked->now).has_value();
  using Found = std::optional<storage::DeviceRow>;
  office_.read<Found>([digest = token_digest(x.device_token)](
                          storage::ReadTransaction& tx) { return storage::DeviceTable::find_by_token(tx, digest); },
                      [this, asked, throttled](Result<Found> found) {
                        if (!found) return asked->refuse(found.error());
                        if (!*found && throttled) return asked->refuse(ErrorCode::kLockedOut);
                        if (!*found) return refuse_sign_in(asked, "", WorkerId{});
                        begin_session(asked, (*found)->worker, (*found)->id, {});
                      });
}

void SignInDesk::begin_session(const Asked& asked, WorkerId worker, DeviceId device, std::string password_hash) {
  const auto* person = office_.directory->worker(worker);
  if (person == nullptr) return asked->refuse(ErrorCode::kWrongCredentials);
  storage::SessionRow row;
  row.id = SessionId{office_.next_id()};
  row.city = office_.config.city;
  row.worker = worker;
  row.device = device;
  row.created_at = asked->now;
  row.expires_at = asked->now + (has_role(*person, Role::kGateway) ? kGatewaySessionTime : kSessionTime);
  const std::string token = random_token();
  row.token_hash = token_digest(token);
  office_.changes.save(
      storage::WriteClass::kCaseWork,
      [row, password_hash = std::move(password_hash)](storage::Transaction& tx) mutable -> Result<> {
        if (!password_hash.empty() && !still_holds(tx, row.worker, password_hash)) return ErrorCode::kWrongCredentials;
        audit(tx, storage::AuditAction::kSignIn, row.worker, row.id);
        return storage::SessionTable::save(tx, row);
      },
      [this, asked, row, token](const storage::WriteOutcome& outcome) {
        if (!outcome.result) return asked->refuse(outcome.result.error());
        auto session = session_of(row);
        if (!session) return asked->refuse(ErrorCode::kWrongCredentials);
        by_digest_[row.token_hash] = session;
        attach(asked, session, token);
      });
}

void SignInDesk::attach(const Asked& asked, const std::shared_ptr<Session>& session, const std::string& token) {
  Client* client = office_.clients.find(asked->connection);
  if (client == nullptr) return asked->refuse(ErrorCode::kSessionEnded);
  if (client->session && client->session != session) leave(*client);
  client->session = session;
  asked->answer(signed_in(*session, token), api::Saved::kStore);
}

void SignInDesk::handle(const Asked& asked, const api::Resume& x) {
  const auto found = by_digest_.find(token_digest(x.session_token));
  if (found == by_digest_.end() || !still_valid(found->second, asked->now))
    return asked->refuse(ErrorCode::kSessionEnded);
  attach(asked, found->second, x.session_token);
}

void SignInDesk::handle(const Asked& asked, const api::SignOut&) {
  const auto session = asked->session;
  if (!session) return asked->refuse(ErrorCode::kNotSignedIn);
  office_.changes.save(asked, {.apply = [id = session->id](storage::Transaction& tx) -> Result<api::ReplyBody> {
                                 auto row = storage::SessionTable::get(tx, id);
                                 if (!row) return row.error();
                                 row->ended_at = tx.now();
                                 audit(tx, storage::AuditAction::kSignOut, row->worker, id);
                                 if (const auto saved = storage::SessionTable::save(tx, *row); !saved)
                                   return saved.error();
                                 return api::ReplyBody{Done{}};
                               },
                               .deliver =
                                   [this, session](const api::ReplyBody&) {
                                     std::erase_if(by_digest_,
                                                   [&](const auto& pair) { return pair.second == session; });
                                     office_.clients.each_of(session->id, [this](Client& client) { leave(client); });
                                   }});
}

void SignInDesk::leave(Client& client) {
  client.session.reset();
  if (left_) left_(client.connection);
}

void SignInDesk::handle(const Asked& asked, const api::SetPassword& x) {
  const auto* worker = office_.directory->worker(x.worker);
  if (worker == nullptr) return asked->refuse(ErrorCode::kUnknownWorker);
  const bool own = asked->session && asked->session->worker == worker->id;
  const Action action = own ? Action::kSetOwnPassword : Action::kManageWorkers;
  if (!office_.require(asked, action, {.unit = worker->unit, .owner = worker->id})) return;
  if (x.password.size() > kPasswordBytesMax)
    return asked->refuse(ErrorCode::kTextTooLong, "password: at most 1024 bytes");
  if (const auto fits = acceptable_password(x.password, worker->account); !fits) return asked->refuse(fits.error());
  if (!take_hashing_place(asked)) return;
  boost::asio::post(hashing_, [this, asked, x] {
    boost::asio::post(office_.strand, [this, asked, id = x.worker, hash = password_hash(x.password)] {
      --hashing_now_;
      auto apply = [asked, id, hash, city = office_.config.city](storage::Transaction& tx) -> Result<api::ReplyBody> {
        auto found = storage::CredentialTable::find(tx, id);
        if (!found) return found.error();
        storage::CredentialRow row = found->value_or(storage::CredentialRow{});
        row.id = id;
        row.city = city;
        row.password_hash = hash;
        row.changed_at = tx.now();
        audit(tx, storage::AuditAction::kCredentialChanged, asked->session->worker, asked->session->id);
        if (const auto saved = storage::CredentialTable::save(tx, row); !saved) return saved.error();
        if (const auto ended = end_sessions(tx, id, asked->session->id); !ended) return ended.error();
        return api::ReplyBody{Done{}};
      };
      office_.changes.save(
          asked, {.apply = std::move(apply),
                  .deliver = [this, id, kept = asked->session->id](const api::ReplyBody&) { end_others(id, kept); }});
    });
  });
}

void SignInDesk::end_others(WorkerId worker, SessionId kept) {
  std::erase_if(by_digest_, [&](const auto& pair) {
    Session& session = *pair.second;
    if (session.worker != worker || session.id == kept) return false;
    session.expires_at = Instant{};  // still_valid refuses what is under way over an open connection
    office_.clients.each_of(session.id, [this](Client& client) { leave(client); });
    return true;
  });
}

void SignInDesk::handle(const Asked& asked, const api::EnrolDevice& x) {
  const auto* worker = office_.directory->worker(x.worker);
  if (worker == nullptr) return asked->refuse(ErrorCode::kUnknownWorker);
  if (!office_.require(asked, Action::kManageWorkers, {.unit = worker->unit, .owner = worker->id})) return;
  if (const auto label = check_line(x.label, "label", kNameCharsMax); !label) return asked->refuse(label.error());
  const std::string token = random_token();
  storage::DeviceRow row;
  row.id = DeviceId{office_.next_id()};
  row.city = office_.config.city;
  row.worker = x.worker;
  row.label = x.label;
  row.token_hash = token_digest(token);
  row.enrolled_at = asked->now;
  auto apply = [asked, row, token](storage::Transaction& tx) mutable -> Result<api::ReplyBody> {
    audit(tx, storage::AuditAction::kCredentialChanged, asked->session->worker, asked->session->id);
    if (const auto saved = storage::DeviceTable::save(tx, row); !saved) return saved.error();
    return api::ReplyBody{api::DeviceEnrolled{row.id, token}};
  };
  office_.changes.save(asked, {.apply = std::move(apply), .deliver = {}});
}

bool SignInDesk::still_valid(const std::shared_ptr<Session>& session, Instant now) {
  if (now < session->expires_at) return true;
  std::erase_if(by_digest_, [&](const auto& pair) { return pair.second == session; });
  return false;
}

std::shared_ptr<Session> SignInDesk::session_of(const storage::SessionRow& row) const {
  const auto* person = office_.directory->worker(row.worker);
  if (person == nullptr) return nullptr;
  auto session = std::make_shared<Session>();
  session->id = row.id;
  session->device = row.device;
  session->worker = row.worker;
  session->expires_at = row.expires_at;
  describe(*session, *office_.directory, *person);
  return session;
}

void SignInDesk::describe(Session& session, const Directory& directory, const DirectoryWorker& person) {
  session.name = person.name;
  session.account = person.account;
  session.unit = person.unit;
  session.subject = {.worker = person.id,
                     .roles = person.roles,
                     .own_station = directory.tree().desk_of(person.unit),
                     .patch_stations = person.patch,
                     .second_factor = false};
}

void SignInDesk::directory_changed() {
  std::erase_if(by_digest_, [&](const auto& pair) {
    const auto* person = office_.directory->worker(pair.second->worker);
    if (person != nullptr) {
      describe(*pair.second, *office_.directory, *person);
      return false;
    }
    pair.second->expires_at = Instant{};  // still_valid refuses what comes over an open connection
    office_.clients.each_of(pair.second->id, [this](Client& client) { leave(client); });
    return true;
  });
}

api::SignedIn SignInDesk::signed_in(const Session& session, const std::string& token) const {
  api::SignedIn answer;
  answer.session = session.id;
  answer.session_token = token;
  answer.worker = session.worker;
  answer.name = session.name;
  answer.account = session.account;
  answer.unit = session.unit;
  if (const auto* unit = office_.directory->tree().find(session.unit)) {
    answer.unit_zh = unit->name_zh;
    answer.unit_en = unit->name_en;
  }
  for (const RoleGrant& grant : session.subject.roles)
    answer.roles.push_back({grant.role, grant.unit, office_.directory->unit_zh(grant.unit)});
  answer.expires_at = session.expires_at;
  answer.last_key = session.last_key;
  return answer;
}

std::string SignInDesk::address_of(const Asked& asked) {
  const Client* client = office_.clients.find(asked->connection);
  return client ? client->peer.address : std::string{};
}

}  // namespace kapok::service
