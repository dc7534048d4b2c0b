#pragma once

#include <functional>
#include <utility>

#include "service/office.h"

namespace kapok::service {

/// Versions this server speaks (DESIGN §7).
inline constexpr std::uint32_t kProtocolVersionMin = 1;
inline constexpr std::uint32_t kProtocolVersionMax = 1;
inline constexpr std::uint32_t kFrameBytesMax = 64 * 1024;
inline constexpr std::uint32_t kPingIntervalMs = 5'000;

/// The first word of a conversation, its pulse, and how the server is. Strand only.
class GreetingDesk {
 public:
  GreetingDesk(Office& office, std::function<api::Status()> status) : office_(office), status_(std::move(status)) {}

  /// The highest version both sides speak, or VERSION_NOT_SUPPORTED.
  void handle(const Asked& asked, const api::Hello& x);
  void handle(const Asked& asked, const api::Ping& x);
  void handle(const Asked& asked, const api::GetStatus& x);

 private:
  Office& office_;
  std::function<api::Status()> status_;
};

}  // namespace kapok::service
