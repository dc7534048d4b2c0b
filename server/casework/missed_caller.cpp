#include "casework/missed_caller.h"

#include <utility>

#include "core/text.h"

namespace kapok::casework {

Result<MissedCaller> acknowledge(const MissedCaller& entry, std::uint64_t version, WorkerId by, std::string note,
                                 Instant now) {
  if (entry.state == MissedCallerState::kAcknowledged) return Error{ErrorCode::kAlreadyTaken, "a colleague was first"};
  if (version != entry.version)
    return Error{ErrorCode::kVersionConflict, "current version is " + std::to_string(entry.version)};
  if (auto checked = check_note(note, "note"); !checked) return checked.error();
  MissedCaller next = entry;
  next.state = MissedCallerState::kAcknowledged;
  next.acknowledged_by = by;
  next.acknowledged_at = now;
  next.note = std::move(note);
  ++next.version;
  return next;
}

}  // namespace kapok::casework
