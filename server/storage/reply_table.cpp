#include "storage/reply_table.h"

#include <algorithm>
#include <limits>

#include "storage/connection.h"
#include "storage/keyed_digest.h"
#include "storage/policy.h"
#include "storage/scanned_table.h"

namespace kapok::storage {
namespace {

const Sql kFind("SELECT digest, reply FROM reply WHERE session_id = :session AND sequence = :sequence");
const Sql kWindow("SELECT highest, let_go FROM reply_window WHERE session_id = :session");
const Sql kKeep(
    "INSERT INTO reply (session_id, sequence, at, digest, reply) VALUES (:session, :sequence, :at, :digest, :reply) "
    "ON CONFLICT (session_id, sequence) DO NOTHING");
// Both only rise, whatever the writer of this batch knew of the session: a key let go of is never new again.
const Sql kMoveWindow(
    "INSERT INTO reply_window (session_id, highest, let_go) VALUES (:session, :highest, :let_go) "
    "ON CONFLICT (session_id) DO UPDATE SET "
    "highest = CASE WHEN excluded.highest > reply_window.highest THEN excluded.highest ELSE reply_window.highest END, "
    "let_go = CASE WHEN excluded.let_go > reply_window.let_go THEN excluded.let_go ELSE reply_window.let_go END");
const Sql kOldest("SELECT at FROM reply WHERE session_id = :session ORDER BY sequence LIMIT 1");
const Sql kFirstYoung("SELECT MIN(sequence) FROM reply WHERE session_id = :session AND at >= :since");
const Sql kNewest("SELECT sequence FROM reply WHERE session_id = :session ORDER BY sequence DESC LIMIT 1 OFFSET :skip");
const Sql kAtMost("SELECT sequence FROM reply WHERE session_id = :session ORDER BY sequence LIMIT 1 OFFSET :skip");
const Sql kLetGo("DELETE FROM reply WHERE session_id = :session AND sequence <= :last");

const Sql kEnded(
    "SELECT session.id FROM reply_window JOIN session ON session.id = reply_window.session_id "
    "WHERE COALESCE(session.ended_at, session.expires_at) < :since ORDER BY session.id LIMIT :limit");
const Sql kForgetWindow("DELETE FROM reply_window WHERE session_id = :session");

struct Window {
  std::int64_t highest = 0;
  std::int64_t let_go = 0;  ///< everything up to here is gone for good
};

Window window_of(ReadTransaction& tx, std::int64_t session) {
  const auto row = tx.connection().first(kWindow, {session}, {CellKind::kInteger, CellKind::kInteger});
  return row ? Window{(*row)[0].integer, (*row)[1].integer} : Window{};
}

/// The session is part of the table's name, because a sealed value knows one row number only.
std::string sealed_table(RequestKey key) { return "reply:" + std::to_string(key.session); }

const Sql kScanPage(
    "SELECT session_id, sequence, reply FROM reply WHERE (session_id, sequence) > (:session, :sequence) ORDER "
    "BY session_id, sequence LIMIT :limit");
const Sql kScanFind("SELECT reply FROM reply WHERE session_id = :session AND sequence = :sequence");
const Sql kReseal(
    "UPDATE reply SET reply = :reply WHERE session_id = :session AND sequence = :sequence AND reply = :before");
const SealedColumn kSealed{
    "reply",    "reply",  &kScanPage,
    &kScanFind, &kReseal, [](RowKey key) {
                             return std::pair(sealed_table({key.id, key.part}), key.part); }};
const bool kScanned =
    register_scanned({"reply",
                      [](ReadTransaction& tx, RowKey after, std::int64_t limit, bool reseal) {
                        return scan_sealed_column(kSealed, tx, after, limit, reseal);
                      },
                      [](ReadTransaction& tx, RowKey key) { return look_at_sealed_column(kSealed, tx, key); }});

std::optional<std::int64_t> sequence_of(ReadTransaction& tx, const Sql& sql, const Values& in) {
  const auto row = tx.connection().first(sql, in, {CellKind::kInteger});
  if (!row || row->front().null) return std::nullopt;
  return row->front().integer;
}

/// How far replies may go: older than 24 h AND not among the newest 4,096, without leaving holes. Usually nothing:
/// sessions of people are over before their first reply is a day old.
std::int64_t last_to_let_go(Transaction& tx, std::int64_t session, std::int64_t let_go) {
  if (tx.connection().is_partial()) return let_go;  // does not know which replies are young
  const Instant since = tx.now() - kReplyKept;
  const auto oldest_at = sequence_of(tx, kOldest, {session});
  if (!oldest_at || Instant{*oldest_at} >= since) return let_go;
  const auto beyond = sequence_of(tx, kNewest, {session, kReplyWindowMin});
  if (!beyond) return let_go;
  std::int64_t last = *beyond;
  if (const auto young = sequence_of(tx, kFirstYoung, {session, since})) last = std::min(last, *young - 1);
  if (const auto enough = sequence_of(tx, kAtMost, {session, kRepliesLetGoMax - 1})) last = std::min(last, *enough);
  return std::max(last, let_go);
}

}  // namespace

Result<std::optional<std::string>> ReplyTable::find(ReadTransaction& tx, RequestKey key, std::string_view request) {
  const auto row = tx.connection().first(kFind, {key.session, key.sequence}, {CellKind::kText, CellKind::kText});
  if (!row) {
    if (key.sequence <= window_of(tx, key.session).let_go)
      return Error{ErrorCode::kStaleRequest, "sequence is older than the window"};
    return std::optional<std::string>{};
  }
  if (!stored_digest_holds(tx.keys(), KeyPurpose::kRequestDigest, request, (*row)[0].text))
    return Error{ErrorCode::kKeyReused, "sequence was used for another request"};
  const std::string table = sealed_table(key);
  auto reply = tx.cipher().open({table, "reply", key.sequence}, (*row)[1].text);
  if (!reply) return reply.error();
  return std::optional<std::string>(std::move(reply).value());
}

Result<> ReplyTable::keep(Transaction& tx, RequestKey key, std::string_view request, std::string_view reply) {
  const std::string table = sealed_table(key);
  const std::string sealed = tx.cipher().seal({table, "reply", key.sequence}, reply);
  if (tx.connection().run(kKeep, {key.session, key.sequence, tx.now(),
                                  lasting_digest(tx.keys(), KeyPurpose::kRequestDigest, request), sealed}) != 1)
    return Error{ErrorCode::kKeyReused, "sequence was used for another request"};
  Window window = window_of(tx, key.session);
  window.highest = std::max(window.highest, key.sequence);
  const std::int64_t last = last_to_let_go(tx, key.session, window.let_go);
  if (last > window.let_go) tx.connection().run_sweep(kLetGo, {key.session, last});
  tx.connection().run(kMoveWindow, {key.session, window.highest, last});
  return Done{};
}

std::vector<std::int64_t> ReplyTable::ended_sessions(ReadTransaction& tx, Instant now, std::int64_t limit) {
  std::vector<std::int64_t> ended;
  tx.connection().query(kEnded, {now - kReplyKept, limit}, {CellKind::kInteger},
                        [&](const Values& cells) { ended.push_back(cells.front().integer); });
  return ended;
}

bool ReplyTable::let_go(Transaction& tx, std::int64_t session) {
  const auto enough = sequence_of(tx, kAtMost, {session, kRepliesLetGoMax - 1});
  tx.connection().run_sweep(kLetGo, {session, enough.value_or(std::numeric_limits<std::int64_t>::max())});
  if (!enough) tx.connection().run_sweep(kForgetWindow, {session});
  return enough.has_value();
}

std::int64_t ReplyTable::highest_sequence(ReadTransaction& tx, std::int64_t session) {
  return window_of(tx, session).highest;
}

}  // namespace kapok::storage
