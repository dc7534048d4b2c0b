#include "casework/need.h"

#include "core/text.h"

namespace kapok::casework {

Result<> check_needs(const std::vector<Need>& needs) {
  if (needs.size() > kNeedsPerContactMax)
    return Error{ErrorCode::kInvalidArgument,
                 "needs takes at most " + std::to_string(kNeedsPerContactMax) + " entries"};
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const std::string field = "needs[" + std::to_string(i) + "]";
    if (auto checked = check_note(needs[i].detail, field + ".detail", kReasonCharsMax); !checked) return checked;
    if (needs[i].quantity > kNeedQuantityMax)
      return Error{ErrorCode::kInvalidArgument, field + ".quantity takes at most " + std::to_string(kNeedQuantityMax)};
  }
  return Done{};
}

}  // namespace kapok::casework
