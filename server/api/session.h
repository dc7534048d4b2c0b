#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/role.h"

/// Who is speaking: the first frames of every conversation (proto/README.md, "Signing in").
namespace kapok::api {

/// First frame of a client. The server answers Welcome with the highest common version or
/// VERSION_NOT_SUPPORTED and closes.
struct Hello {
  std::uint32_t version_min = 0;
  std::uint32_t version_max = 0;
  std::string client;  ///< program and version, for the log
  std::vector<std::string> capabilities;
};

struct Welcome {
  std::uint32_t version = 0;
  std::string server;
  std::string city_zh;
  std::string city_en;
  CityId city;
  std::int32_t utc_offset_min = 0;
  Instant now;
  std::uint32_t practice_factor = 1;  ///< 1 = real time; above 1 every screen says 演练
  std::uint32_t frame_bytes_max = 0;
  std::uint32_t ping_interval_ms = 0;
  std::vector<std::string> capabilities;
};

struct SignIn {
  std::string account;
  std::string password;
  std::string totp;          ///< empty unless asked for with SECOND_FACTOR_NEEDED
  std::string device_label;  ///< where this is, as the person would name it
};

/// A device enrolled for one person; demonstration workers and gateways sign in this way (decision 32).
struct SignInDevice {
  std::string device_token;
};

/// Takes up a session again after the connection broke.
struct Resume {
  std::string session_token;
  /// A browser knows no token: the connection puts the session's in place of the pass before the service is asked.
  std::string entry_pass = {};
};

struct SignOut {};

struct Ping {};

struct Pong {
  Instant now;
};

struct RoleAt {
  Role role = Role::kWorker;
  UnitId unit;
  std::string unit_zh;
};

struct SignedIn {
  SessionId session;
  std::string session_token;
  WorkerId worker;
  std::string name;
  std::string account;
  UnitId unit;
  std::string unit_zh;
  std::string unit_en;
  std::vector<RoleAt> roles;
  Instant expires_at;
  std::uint64_t last_key = 0;   ///< highest idempotency key seen in this session; the client goes on above it
  std::string entry_pass = {};  ///< for a browser, in place of the token; set by `net/`, never by the service
};

struct SetPassword {
  WorkerId worker;
  std::string password;
};

struct EnrolDevice {
  WorkerId worker;
  std::string label;
};

struct DeviceEnrolled {
  DeviceId device;
  std::string device_token;  ///< shown once
};

}  // namespace kapok::api
