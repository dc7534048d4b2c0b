#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace kapok::net {

/// `count` random bytes as base64url without padding, from the operating system's source.
std::string random_text(std::size_t count);

/// Passes with which a page opens its WebSocket: given out by an HTTPS request that the session's cookie came with,
/// presented in the first frames and never in an address, good for 30 s and one use (reliability.md §3.3). The page
/// never learns the session token behind it. At most `kHeldMax` wait to be used; the oldest goes first. Any thread.
class EntryPasses {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr auto kLifetime = std::chrono::seconds(30);
  static constexpr std::size_t kHeldMax = 20'000;

  /// 256 random bits.
  std::string issue(std::string session_token, Time now);

  /// The session token, once; nothing for a pass that is unknown, used or too old.
  std::optional<std::string> redeem(const std::string& entry_pass, Time now);

  [[nodiscard]] std::size_t held() const;

 private:
  struct Held {
    std::string session_token;
    Time until;
  };
  void forget_old(Time now);

  mutable std::mutex mutex_;
  std::map<std::string, Held> held_;
  std::deque<std::pair<Time, std::string>> by_age_;
};

}  // namespace kapok::net
