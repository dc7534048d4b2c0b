#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "casework/callback.h"
#include "casework/missed_caller.h"
#include "core/id.h"
#include "core/instant.h"

/// What nobody answered: callbacks and missed-caller entries.
namespace kapok::api {

struct ListCallbacks {
  UnitId unit;  ///< a subtree
  bool open_only = true;
  std::string cursor;
  std::uint32_t limit = 50;
};

struct ClaimCallback {
  FollowUpId callback;
  std::uint64_t version = 0;
};

/// The gateway rings the worker first, then the number, which is never shown.
struct DialCallback {
  FollowUpId callback;
  std::uint64_t version = 0;
};

struct CallbackDone {
  FollowUpId callback;
  std::uint64_t version = 0;
  std::string note;
};

struct CallbackAttempted {
  FollowUpId callback;
  std::uint64_t version = 0;
  casework::AttemptResult result = casework::AttemptResult::kNoAnswer;
};

struct CallbackView {
  FollowUpId callback;
  std::uint64_t version = 0;
  casework::CallbackState state = casework::CallbackState::kScheduled;
  UnitId unit;
  std::string unit_zh;
  std::string caller_masked;
  Instant due_at;
  bool overdue = false;
  std::uint32_t unanswered_arrivals = 0;  ///< how often this number tried
  std::uint32_t attempts = 0;             ///< how often we rang back
  std::string owner_name;
  CallId last_call;
};

struct CallbackPage {
  std::vector<CallbackView> callbacks;
  std::string next_cursor;
};

struct ListMissed {
  UnitId unit;
  bool open_only = true;
  std::string cursor;
  std::uint32_t limit = 50;
};

struct AcknowledgeMissed {
  MissedCallerId missed;
  std::uint64_t version = 0;
  std::string note;
};

struct MissedView {
  MissedCallerId missed;
  std::uint64_t version = 0;
  casework::MissedCallerState state = casework::MissedCallerState::kOpen;
  UnitId unit;
  std::string unit_zh;
  std::string line_zh;
  Instant at;
  std::string why;  ///< withheld or unusable number
  std::string acknowledged_by_name;
};

struct MissedPage {
  std::vector<MissedView> missed;
  std::string next_cursor;
};

}  // namespace kapok::api
