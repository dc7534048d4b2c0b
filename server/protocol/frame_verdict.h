#pragma once

#include <cstdint>
#include <string_view>

#include "core/error_code.h"

namespace kapok::protocol {

/// Why the library could not read a client's frame: it says only that it could not.
struct FrameVerdict {
  std::uint64_t request_id = 0;  ///< 0 when it stands behind what cannot be read
  ErrorCode code = ErrorCode::kBadFrame;
};

/// TEXT_NOT_UTF8 when the frame is a well-formed ClientFrame but for a text that is not UTF-8; else BAD_FRAME.
/// Only for frames that failed: it walks the bytes once more.
FrameVerdict judge_unreadable(std::string_view frame);

}  // namespace kapok::protocol
