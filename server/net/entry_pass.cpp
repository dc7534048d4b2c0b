#include "net/entry_pass.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <vector>

#include "core/check.h"

namespace kapok::net {
namespace {

constexpr std::size_t kPassBytes = 32;

}  // namespace

std::string random_text(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  KAPOK_CHECK(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1);
  std::string text(4 * ((count + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(count));
  text.resize(static_cast<std::size_t>(length));
  while (text.ends_with('=')) text.pop_back();
  for (char& sign : text) sign = sign == '+' ? '-' : sign == '/' ? '_' : sign;
  return text;
}

std::string EntryPasses::issue(std::string session_token, Time now) {
  std::string pass = random_text(kPassBytes);
  const std::lock_guard lock(mutex_);
  forget_old(now);
  held_[pass] = {std::move(session_token), now + kLifetime};
  by_age_.emplace_back(now + kLifetime, pass);
  return pass;
}

std::optional<std::string> EntryPasses::redeem(const std::string& entry_pass, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(entry_pass);
  if (found == held_.end()) return std::nullopt;
  const Held held = std::move(found->second);
  held_.erase(found);
  if (now >= held.until) return std::nullopt;
  return held.session_token;
}

std::size_t EntryPasses::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void EntryPasses::forget_old(Time now) {
  while (!by_age_.empty() && (by_age_.front().first <= now || by_age_.size() >= kHeldMax)) {
    held_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
}

}  // namespace kapok::net
