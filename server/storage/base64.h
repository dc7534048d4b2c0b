#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kapok::storage {

/// base64url without padding: the text form of every ciphertext, digest and MAC (stack.md §5.3).
std::string to_base64(std::string_view bytes);
/// Nothing when the text is not base64url.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace kapok::storage
