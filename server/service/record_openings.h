#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <tuple>

#include "core/id.h"
#include "core/instant.h"
#include "storage/audit_event.h"

namespace kapok::service {

/// Opening the same record again within this time in one session is one reading (decision 27).
inline constexpr Duration kOpeningTime = minutes{15};
/// Openings of one person within an hour (decision 27, reliability.md §3.1): so many are told to those who watch over
/// the audit trail, so many more are refused. Records he is assigned to count for neither.
inline constexpr std::size_t kOpeningsAlert = 200;
inline constexpr std::size_t kOpeningsMax = 400;
inline constexpr Duration kOpeningsCounted = hours{1};

/// Who opened which record of late: one audit row per session, record and 15 minutes, and a limit for those who open
/// one record after the other. In memory: after a restart counting begins anew. Strand only.
class RecordOpenings {
 public:
  struct Opening {
    SessionId session;
    WorkerId worker;
    storage::AuditObject object = storage::AuditObject::kContact;
    std::int64_t id = 0;
    bool assigned = false;

    [[nodiscard]] auto key() const { return std::tuple(session, object, id); }
  };

  enum class Verdict {
    kSeenBefore,  ///< within 15 minutes: no further row
    kNew,         ///< audit it, then show it
    kMany,        ///< the same, and say that these are many
    kStopped,     ///< refuse it; the first of an hour is told
    kStoppedAgain,
  };

  /// Counts the opening at once, so that many asked for together count too.
  Verdict judge(const Opening& opening, Instant now);
  /// Its audit row was committed.
  void audited(const Opening& opening, Instant now);

  /// Told on kMany and kStopped.
  void on_many(std::function<void(WorkerId)> told) { on_many_ = std::move(told); }

 private:
  struct Counted {
    std::deque<Instant> at;
    Instant many_told;
    Instant stop_told;
  };
  Verdict count(Counted& counted, Instant now) const;
  void forget_old(Instant now);

  std::map<std::tuple<SessionId, storage::AuditObject, std::int64_t>, Instant> audited_at_;
  std::map<WorkerId, Counted> counted_;
  std::function<void(WorkerId)> on_many_;
};

}  // namespace kapok::service
