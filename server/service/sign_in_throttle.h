#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/instant.h"

namespace kapok::service {

/// Slows down guessing of passwords (decision 30, reliability.md §3.3). Failures count per account and device
/// address together, so that an attacker elsewhere cannot lock a duty worker out; never permanent: 5 failures
/// lock for a minute, each further one doubles it, at most 15 minutes. A success forgets. Remembers at most
/// `kRemembered` pairs, the oldest go first. Strand only.
class SignInThrottle {
 public:
  static constexpr int kFailuresFree = 5;
  static constexpr Duration kFirstLock = minutes{1};
  static constexpr Duration kLongestLock = minutes{15};
  static constexpr Duration kForgotten = hours{1};
  static constexpr std::size_t kRemembered = 20'000;

  /// When the pair may try again; nothing = now.
  [[nodiscard]] std::optional<Instant> locked_until(const std::string& account, const std::string& address,
                                                    Instant now) const;
  void failed(const std::string& account, const std::string& address, Instant now);
  void succeeded(const std::string& account, const std::string& address);

 private:
  struct Failures {
    int count = 0;
    Instant last;
    Instant locked_until;
  };
  void forget_oldest();

  std::map<std::string, Failures> failures_;
};

}  // namespace kapok::service
