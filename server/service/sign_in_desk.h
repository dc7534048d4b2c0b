#pragma once

#include <map>
#include <memory>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "service/office.h"
#include "service/sign_in_throttle.h"
#include "storage/credential_table.h"
#include "storage/session_table.h"

namespace kapok::service {

/// Who is who: sign-in with a password or an enrolled device, resuming, signing out, passwords and devices.
/// Strand only; passwords are hashed on two threads of its own (reliability.md §3.3), at most 64 waiting.
///
/// A wrong account and a wrong password are told apart neither by the answer nor by its time. A session lasts
/// 12 hours, 30 days for gateways, and survives a restart; only the digest of its token is stored. A new password ends
/// all other sessions of its person, whatever they were begun with; an enrolled device may sign in again.
class SignInDesk {
 public:
  static constexpr Duration kSessionTime = hours{12};
  static constexpr Duration kGatewaySessionTime = hours{24 * 30};
  static constexpr int kHashingMax = 64;

  explicit SignInDesk(Office& office) : office_(office) {}
  ~SignInDesk() { hashing_.join(); }

  /// Takes back the sessions that have not ended; before the first request.
  void load(storage::ReadTransaction& tx);

  void handle(const Asked& asked, const api::SignIn& x);
  void handle(const Asked& asked, const api::SignInDevice& x);
  void handle(const Asked& asked, const api::Resume& x);
  void handle(const Asked& asked, const api::SignOut& x);
  void handle(const Asked& asked, const api::SetPassword& x);
  void handle(const Asked& asked, const api::EnrolDevice& x);

  /// Sessions follow what an import changed of their people; those of people who left end.
  void directory_changed();

  /// Called for each connection whose session ends or is replaced while it stays open: what was opened on it by
  /// that session (desk, watch, gateway, upload) ends too.
  void on_left(std::function<void(ConnectionId)> left) { left_ = std::move(left); }

  /// False, and the session is over, when its time has passed.
  bool still_valid(const std::shared_ptr<Session>& session, Instant now);

  [[nodiscard]] std::size_t size() const { return by_digest_.size(); }

 private:
  void check_password(const Asked& asked, api::SignIn x, storage::CredentialRow credential);
  void refuse_sign_in(const Asked& asked, const std::string& account, WorkerId worker);
  /// `password_hash`: with which he signed in, and which must still hold when the session is saved; empty for a device.
  void begin_session(const Asked& asked, WorkerId worker, DeviceId device, std::string password_hash);
  void attach(const Asked& asked, const std::shared_ptr<Session>& session, const std::string& token);
  std::shared_ptr<Session> session_of(const storage::SessionRow& row) const;
  static void describe(Session& session, const Directory& directory, const DirectoryWorker& person);
  api::SignedIn signed_in(const Session& session, const std::string& token) const;
  bool take_hashing_place(const Asked& asked);
  std::string address_of(const Asked& asked);
  void leave(Client& client);
  void end_others(WorkerId worker, SessionId kept);

  Office& office_;
  SignInThrottle throttle_;
  std::function<void(ConnectionId)> left_;
  std::map<std::string, std::shared_ptr<Session>> by_digest_;
  int hashing_now_ = 0;
  boost::asio::thread_pool hashing_{2};
};

}  // namespace kapok::service
