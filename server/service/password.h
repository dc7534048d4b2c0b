#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace kapok::service {

/// Passwords, Argon2id through libsodium (reliability.md §3.3). Blocking for about 35 ms: hashing threads only.
///
/// `password_hash` refuses nothing; `acceptable_password` refuses fewer than 12 code points, the account itself
/// and well-known passwords, with a reason fit for the person who typed it.
std::string password_hash(std::string_view password);
bool password_matches(std::string_view hash, std::string_view password);
Result<> acceptable_password(std::string_view password, std::string_view account);

/// 256 random bits as base64url text; what is stored is `token_digest` alone.
std::string random_token();
std::string token_digest(std::string_view token);

}  // namespace kapok::service
