#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/audit_event.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// The hash-chained audit log (decision 26, reliability.md §3.5): hash of row n = BLAKE2b-256 of the hash
/// of row n−1 and the canonical bytes of row n (audit_row.h; 104 at most). An edited, removed, inserted or
/// exchanged row breaks the chain at the first such row. A cut tail and a whole rewrite do not show in the
/// file itself: they show against signed heads kept elsewhere (audit_head.h).
///
/// Free text (reason, query, before and after) is sealed in `audit_detail` and bound by a keyed digest,
/// so that retention can shred it without breaking the chain.
///
/// One object per writer, used on its thread only. Appending happens inside the batch: a row of a
/// rolled-back request is taken back with mark() and rewind().
class AuditChain {
 public:
  struct Mark {
    std::int64_t seq = 0;
    std::string hash;
  };

  /// Continues the chain where the store's last row stands.
  explicit AuditChain(Connection& connection);

  /// Appends one row at tx.now(); its sequence number. `detail` may be empty.
  std::int64_t append(Transaction& tx, const AuditEvent& event, std::string_view detail = {});

  [[nodiscard]] Mark mark() const { return head_; }
  void rewind(Mark mark) { head_ = std::move(mark); }

 private:
  Mark head_;
};

/// Outcome of a check of the whole chain.
struct AuditVerdict {
  std::int64_t rows = 0;              ///< rows found sound, from the start
  std::int64_t details_shredded = 0;  ///< rows whose detail is no longer there
  std::optional<std::int64_t> first_bad_seq;
  std::string what;  ///< one English sentence about the first bad row; empty when sound

  [[nodiscard]] bool sound() const { return !first_bad_seq; }
};

/// Reads the chain from its first row and stops at the first bad one, over any connection of any store;
/// memory is bounded (policy.h kAuditPage). For the whole of a SQLite store, with heads, see audit_verify.h.
AuditVerdict verify_audit_chain(ReadTransaction& tx);

/// What is said of the first bad row.
namespace audit_words {
inline constexpr const char* kNotFollowing = "its hash does not follow from the row and the one before";
inline constexpr const char* kFalseDetail = "its detail is not the one it was written with";
inline constexpr const char* kAddedDetail = "it has a detail it was not written with";
inline constexpr const char* kStrayDetail = "a detail stands without its row";
std::string missing(std::int64_t first, std::int64_t next);
std::string cut(std::int64_t signed_seq);
std::string rewritten(std::int64_t first, std::int64_t signed_seq);
}  // namespace audit_words

}  // namespace kapok::storage
