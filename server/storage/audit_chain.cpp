#include "storage/audit_chain.h"

#include <vector>

#include "storage/base64.h"
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

constexpr std::size_t kNumbers = 10;  // seq … outcome, as in kPage
constexpr std::size_t kDigestAt = kNumbers, kHashAt = kNumbers + 1, kDetailAt = kNumbers + 2;

const std::vector<CellKind>& page_kinds() {
  static const std::vector<CellKind> kinds = [] {
    std::vector<CellKind> list(kNumbers, CellKind::kInteger);
    list.insert(list.end(), 3, CellKind::kText);
    return list;
  }();
  return kinds;
}

/// Canonical bytes of a row: its numbers, big-endian, then the detail's digest. NULL counts as zero or
/// empty, which no real value is.
std::string canonical_row(const Values& row) {
  std::string bytes;
  for (std::size_t i = 0; i < kNumbers; ++i) {
    const auto value = static_cast<std::uint64_t>(row[i].integer);
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return bytes + row[kDigestAt].text;
}

std::string next_hash(std::string_view previous, const Values& row) {
  return to_base64(plain_digest(std::string(previous) + canonical_row(row)));
}

/// A detail is bound to its row: the same words in another row have another digest.
std::string bound_detail(std::int64_t seq, std::string_view detail) {
  return std::to_string(seq) + '/' + std::string(detail);
}

SealedPlace place_of(std::int64_t seq) { return {"audit_detail", "detail", seq}; }

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
  if (!detail.empty()) row.back() = Cell(stored_digest(tx.keys(), KeyPurpose::kAuditDetail, bound_detail(seq, detail)));
  std::string hash = next_hash(head_.hash, row);
  row.emplace_back(hash);
  tx.connection().run(kAppend, row);
  if (!detail.empty()) tx.connection().run(kAppendDetail, {seq, tx.cipher().seal(place_of(seq), detail)});
  head_ = {seq, std::move(hash)};
  return seq;
}

namespace {

/// Why a row is not the one that was written; empty when it is.
std::string fault_of(ReadTransaction& tx, const AuditChain::Mark& before, const Values& row, AuditVerdict& verdict) {
  const std::int64_t seq = row[0].integer;
  if (seq != before.seq + 1) return "rows " + std::to_string(before.seq + 1) + " and on are missing before it";
  if (row[kHashAt].text != next_hash(before.hash, row))
    return "its hash does not follow from the row and the one before";
  if (row[kDigestAt].null) return row[kDetailAt].null ? "" : "it has a detail it was not written with";
  if (row[kDetailAt].null) return ++verdict.details_shredded, std::string{};
  const auto detail = tx.cipher().open(place_of(seq), row[kDetailAt].text);
  if (!detail ||
      !stored_digest_holds(tx.keys(), KeyPurpose::kAuditDetail, bound_detail(seq, *detail), row[kDigestAt].text))
    return "its detail is not the one it was written with";
  return {};
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
      verdict.what = fault_of(tx, head, row, verdict);
      if (!verdict.what.empty()) {
        verdict.first_bad_seq = row[0].integer;
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
    verdict.what = "a detail stands without its row";
  }
  return verdict;
}

}  // namespace kapok::storage
