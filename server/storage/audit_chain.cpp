#include "storage/audit_chain.h"

#include <vector>

#include "storage/audit_row.h"
#include "storage/connection.h"
#include "storage/keyed_digest.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

const Sql kLast("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
const Sql kAppend(
    "INSERT INTO audit (seq, at, actor_id, session_id, action, object_kind, object_id, scope, reason, outcome, "
    "detail_digest, "
    "hash) VALUES (:seq, :at, :actor_id, :session_id, :action, :object_kind, :object_id, :scope, :reason, :outcome, "
    ":detail_digest, :hash)");
const Sql kAppendDetail("INSERT INTO audit_detail (seq, detail) VALUES (:seq, :detail)");
const Sql kPage(
    "SELECT a.seq, a.at, a.actor_id, a.session_id, a.action, a.object_kind, a.object_id, a.scope, a.reason, a.outcome, "
    "a.detail_digest, a.hash, d.detail FROM audit a LEFT JOIN audit_detail d ON d.seq = a.seq WHERE a.seq > :after "
    "ORDER BY a.seq LIMIT :limit");
const Sql kStrayDetail(
    "SELECT MIN(d.seq) FROM audit_detail d LEFT JOIN audit a ON a.seq = d.seq WHERE a.seq IS NULL OR a.detail_digest "
    "IS NULL");

constexpr std::size_t kNumbers = kAuditNumbers;  // seq … outcome, as in kPage
constexpr std::size_t kDigestAt = kNumbers, kHashAt = kNumbers + 1, kDetailAt = kNumbers + 2;

const std::vector<CellKind>& page_kinds() {
  static const std::vector<CellKind> kinds = [] {
    std::vector<CellKind> list(kNumbers, CellKind::kInteger);
    list.insert(list.end(), 3, CellKind::kText);
    return list;
  }();
  return kinds;
}

std::string next_hash(std::string_view previous, const Values& row) {
  AuditNumbers numbers;
  for (std::size_t i = 0; i < kNumbers; ++i) numbers[i] = row[i].integer;
  return audit_hash(previous, numbers, row[kDigestAt].text);
}

}  // namespace

AuditChain::AuditChain(Connection& connection) {
  if (const auto last = connection.first(kLast, {}, {CellKind::kInteger, CellKind::kText}))
    head_ = {(*last)[0].integer, (*last)[1].text};
}

std::int64_t AuditChain::append(Transaction& tx, const AuditEvent& event, std::string_view detail) {
  const std::int64_t seq = head_.seq + 1;
  Values row{seq,
             tx.now(),
             event.actor,
             event.session,
             static_cast<int>(event.action),
             static_cast<int>(event.object),
             event.object_id,
             static_cast<int>(event.scope),
             static_cast<int>(event.reason),
             static_cast<int>(event.outcome),
             Cell(CellKind::kText)};
  if (!detail.empty())
    row.back() = Cell(lasting_digest(tx.keys(), KeyPurpose::kAuditDetail, bound_audit_detail(seq, detail)));
  std::string hash = next_hash(head_.hash, row);
  row.emplace_back(hash);
  tx.connection().run(kAppend, row);
  if (!detail.empty()) tx.connection().run(kAppendDetail, {seq, tx.cipher().seal(audit_detail_place(seq), detail)});
  head_ = {seq, std::move(hash)};
  return seq;
}

namespace {

struct Fault {
  std::int64_t seq = 0;
  std::string what;
};

/// Nothing when the row is the one that was written.
std::optional<Fault> fault_of(ReadTransaction& tx, const AuditChain::Mark& before, const Values& row,
                              AuditVerdict& verdict) {
  const std::int64_t seq = row[0].integer;
  if (seq > before.seq + 1) return Fault{before.seq + 1, audit_words::missing(before.seq + 1, seq)};
  if (row[kHashAt].text != next_hash(before.hash, row)) return Fault{seq, audit_words::kNotFollowing};
  if (row[kDigestAt].null) {
    if (row[kDetailAt].null) return std::nullopt;
    return Fault{seq, audit_words::kAddedDetail};
  }
  if (row[kDetailAt].null) return ++verdict.details_shredded, std::nullopt;
  if (check_audit_detail(tx.keys(), seq, row[kDetailAt].text, row[kDigestAt].text) == DetailVerdict::kFalse)
    return Fault{seq, audit_words::kFalseDetail};
  return std::nullopt;
}

}  // namespace

AuditVerdict verify_audit_chain(ReadTransaction& tx) {
  AuditVerdict verdict;
  AuditChain::Mark head;
  bool more = true;
  while (more && verdict.sound()) {
    std::int64_t rows = 0;
    tx.connection().query(kPage, {head.seq, kAuditPage}, page_kinds(), [&](const Values& row) {
      ++rows;
      if (!verdict.sound()) return;
      if (auto fault = fault_of(tx, head, row, verdict)) {
        verdict.first_bad_seq = fault->seq;
        verdict.what = std::move(fault->what);
        return;
      }
      head = {row[0].integer, row[kHashAt].text};
      ++verdict.rows;
    });
    more = rows == kAuditPage;
  }
  if (!verdict.sound()) return verdict;
  const auto stray = tx.connection().first(kStrayDetail, {}, {CellKind::kInteger});
  if (stray && !stray->front().null) {
    verdict.first_bad_seq = stray->front().integer;
    verdict.what = audit_words::kStrayDetail;
  }
  return verdict;
}

namespace audit_words {

std::string missing(std::int64_t first, std::int64_t next) {
  if (next == first + 1) return "it is missing; row " + std::to_string(next) + " stands next";
  return "rows " + std::to_string(first) + " to " + std::to_string(next - 1) + " are missing";
}

std::string cut(std::int64_t signed_seq) {
  return "the tail was cut: row " + std::to_string(signed_seq) + " was signed and is no longer there";
}

std::string rewritten(std::int64_t first, std::int64_t signed_seq) {
  return "written anew: the head signed at row " + std::to_string(signed_seq) + " shows another hash; rows from " +
         std::to_string(first) + " to there are not to be trusted";
}

}  // namespace audit_words

}  // namespace kapok::storage
