#pragma once

#include "core/call.h"

namespace kapok::casework {

/// What an ended call leaves to be done (decision 25).
enum class AfterUnanswered {
  kNothing,      ///< answered, or a test
  kCountedOnly,  ///< hung up within the short-abandon threshold: no task (domain.md §0.10)
  kCallback,
  kMissedEntry,  ///< nobody to ring: withheld or unusable number
};

/// Failures of ours count as unanswered: whoever was lost on a restart is rung back too.
constexpr AfterUnanswered after_unanswered(CallOutcome outcome, bool number_usable) {
  switch (bucket_of(outcome)) {
    case KpiBucket::kAnswered:
    case KpiBucket::kNotOffered:
      return AfterUnanswered::kNothing;
    case KpiBucket::kShortAbandoned:
      return AfterUnanswered::kCountedOnly;
    case KpiBucket::kAbandoned:
    case KpiBucket::kMissed:
    case KpiBucket::kFailure:
      break;
  }
  return number_usable ? AfterUnanswered::kCallback : AfterUnanswered::kMissedEntry;
}

}  // namespace kapok::casework
