#include "service/sign_in_throttle.h"

#include <algorithm>

namespace kapok::service {
namespace {

std::string pair_of(const std::string& account, const std::string& address) { return account + '\n' + address; }

}  // namespace

std::optional<Instant> SignInThrottle::locked_until(const std::string& account, const std::string& address,
                                                    Instant now) const {
  const auto found = failures_.find(pair_of(account, address));
  if (found == failures_.end() || found->second.locked_until <= now) return std::nullopt;
  return found->second.locked_until;
}

void SignInThrottle::failed(const std::string& account, const std::string& address, Instant now) {
  if (failures_.size() >= kRemembered) forget_oldest();
  Failures& failures = failures_[pair_of(account, address)];
  if (now - failures.last > kForgotten) failures.count = 0;
  ++failures.count;
  failures.last = now;
  if (failures.count < kFailuresFree) return;
  const int doublings = std::min(failures.count - kFailuresFree, 8);
  failures.locked_until = now + std::min<Duration>(kFirstLock * (1 << doublings), kLongestLock);
}

void SignInThrottle::succeeded(const std::string& account, const std::string& address) {
  failures_.erase(pair_of(account, address));
}

void SignInThrottle::forget_oldest() {
  failures_.erase(std::ranges::min_element(failures_, {}, [](const auto& pair) { return pair.second.last; }));
}

}  // namespace kapok::service
