#pragma once

#include <string>
#include <string_view>

#include "casework/contact.h"
#include "core/permission.h"
#include "core/result.h"
#include "service/who.h"
#include "storage/audit_event.h"
#include "storage/transaction.h"

namespace kapok::service {

/// A contact as `may()` judges it: owned by whoever asks when he answered or wrote it, else by its answerer.
/// `assigned`: the record of a caller he is serving now (decision 7).
Object object_of(const casework::Contact& contact, WorkerId asking, bool assigned = false);

/// True when the caller of this contact was passed on to `worker` by transfer (转接) or given to him later, and he
/// talked with him last: he writes at the same record as its answerer, as long as that one could be asked about it
/// (decision 7).
bool took_over(storage::ReadTransaction& tx, const casework::Contact& contact, WorkerId worker, Instant now);

/// How much of one record somebody may read, and by which right.
struct Sight {
  bool masked = true;
  bool break_glass = false;
  Scope scope = Scope::kOther;
  storage::AuditReason reason = storage::AuditReason::kNone;
};

/// Why somebody needs a record he has no daily business with (紧急调阅): a code of AuditReason, a colon and
/// text of at least kBreakGlassTextMin characters, such as `complaint: 家属投诉未回访，需核对`.
struct BreakGlassReason {
  storage::AuditReason code = storage::AuditReason::kOther;
  std::string text;
};

inline constexpr std::size_t kBreakGlassTextMin = 10;
/// A broken glass opens that one record this long (decision 7).
inline constexpr Duration kBreakGlassTime = minutes{30};

/// Refuses INVALID_ARGUMENT for a missing code or too short a text, TEXT_TOO_LONG beyond 200 characters.
Result<BreakGlassReason> parse_break_glass_reason(std::string_view reason);

/// Full for those entitled to content, masked for those entitled to masked rows only. With `glass_broken` those
/// entitled to break the glass read in full. FORBIDDEN for everybody else.
Result<Sight> sight_of(const Who& who, const casework::Contact& contact, bool assigned, bool glass_broken);

/// Takes from a contact everything that names or describes a person.
void mask(casework::Contact& contact);

/// A caller's number as shown in lists.
std::string masked_number(std::string_view raw);

}  // namespace kapok::service
