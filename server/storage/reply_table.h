#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// First answers to requests, so that a repeat hears the same again, also after a restart (decision 24).
///
/// A key is a device session and a sequence number that the client lets rise, with gaps if it likes. Kept for at
/// least 24 h and for at least the 4,096 highest keys of the session; a key from before that is refused, never run
/// again. Replies of a session that has been over for 24 h go altogether: nobody can ask with its keys.
struct RequestKey {
  std::int64_t session = 0;
  std::int64_t sequence = 0;
};

struct ReplyTable {
  /// Nothing: the key is new, run the request. A text: the stored reply (check permission again before
  /// repeating it). kKeyReused: same key, other content. kStaleRequest: older than the window.
  /// kRowDamaged: the stored reply does not open.
  static Result<std::optional<std::string>> find(ReadTransaction& tx, RequestKey key, std::string_view request);

  /// Keeps the reply, sealed, in the same transaction as the change it answers, and lets old ones go.
  /// kKeyReused when the key is taken: look it up first.
  static Result<> keep(Transaction& tx, RequestKey key, std::string_view request, std::string_view reply);

  /// Sessions that ended more than 24 h before `now` and still have replies, oldest first.
  static std::vector<std::int64_t> ended_sessions(ReadTransaction& tx, Instant now, std::int64_t limit);
  /// Takes away what such a session has left, at most 512 replies; true when more may be there.
  static bool let_go(Transaction& tx, std::int64_t session);

  /// Highest sequence kept so far in a session, 0 when none: the client goes on above it.
  static std::int64_t highest_sequence(ReadTransaction& tx, std::int64_t session);
};

}  // namespace kapok::storage
