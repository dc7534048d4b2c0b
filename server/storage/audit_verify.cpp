#include "storage/audit_verify.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <thread>

#include "storage/audit_scan.h"

namespace kapok::storage {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

/// What one thread found in its range.
struct Part {
  std::int64_t from = kLowest;
  std::int64_t to = kHighest;
  std::int64_t rows = 0;
  std::int64_t details_shredded = 0;
  std::int64_t details_unopened = 0;
  std::optional<std::int64_t> bad_seq;
  std::string what;
  Result<> outcome = Done{};

  void bad(std::int64_t seq, std::string why) {
    if (bad_seq && *bad_seq <= seq) return;
    bad_seq = seq;
    what = std::move(why);
  }
};

/// False when the detail is not the one the row was written with.
bool check_detail(const KeyRing* keys, const ScannedAuditRow& row, Part& part) {
  if (!row.digest) return !row.detail;
  if (!row.detail) return ++part.details_shredded, true;
  if (keys == nullptr) return ++part.details_unopened, true;
  const DetailVerdict verdict = check_audit_detail(*keys, row.seq(), *row.detail, *row.digest);
  if (verdict == DetailVerdict::kKeyGone) ++part.details_unopened;
  return verdict != DetailVerdict::kFalse;
}

/// Goes through a range until its first bad row.
Result<> check_part(const AuditCheck& check, Part& part) {
  auto scan = AuditScan::open(check.database_file);
  if (!scan) return scan.error();
  auto before = (*scan)->before(part.from);
  if (!before) return before.error();
  const auto on_row = [&](const ScannedAuditRow& row) {
    if (row.seq() != before->seq + 1) {
      const std::int64_t missing = std::max<std::int64_t>(before->seq + 1, 1);
      if (row.seq() < missing) return part.bad(row.seq(), audit_words::kNotFollowing), false;
      return part.bad(missing, audit_words::missing(missing, row.seq())), false;
    }
    if (row.hash != audit_hash(before->hash, row.numbers, row.digest.value_or("")))
      return part.bad(row.seq(), audit_words::kNotFollowing), false;
    if (!check_detail(check.keys, row, part)) {
      part.bad(row.seq(), row.digest ? audit_words::kFalseDetail : audit_words::kAddedDetail);
      return false;
    }
    before->seq = row.seq();
    before->hash = row.hash;
    ++part.rows;
    return true;
  };
  const auto on_stray = [&](std::int64_t seq) { part.bad(seq, audit_words::kStrayDetail); };
  return (*scan)->rows(part.from, part.to, on_row, on_stray);
}

std::vector<Part> split(std::int64_t highest, unsigned threads) {
  constexpr std::int64_t kWorthAThread = 10'000;
  const std::int64_t count = std::clamp<std::int64_t>(highest / kWorthAThread, 1, std::max(threads, 1U));
  std::vector<Part> parts(static_cast<std::size_t>(count));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    parts[i].from = highest / count * static_cast<std::int64_t>(i) + 1;
    parts[i - 1].to = parts[i].from - 1;
  }
  return parts;
}

Result<> check_chain(const AuditCheck& check, AuditFindings& found) {
  std::vector<Part> parts = split(found.highest, check.threads);
  {
    std::vector<std::jthread> threads;
    for (Part& part : parts) threads.emplace_back([&check, &part] { part.outcome = check_part(check, part); });
  }
  for (const Part& part : parts) {
    if (!part.outcome) return part.outcome;
    found.chain.rows += part.rows;
    found.chain.details_shredded += part.details_shredded;
    found.details_unopened += part.details_unopened;
    if (!part.bad_seq || (found.chain.first_bad_seq && *found.chain.first_bad_seq <= *part.bad_seq)) continue;
    found.chain.first_bad_seq = part.bad_seq;
    found.chain.what = part.what;
  }
  return Done{};
}

/// Compares the kept heads with the rows, in order.
class HeadCheck {
 public:
  HeadCheck(const AuditCheck& check, AuditScan& scan, AuditFindings& found)
      : check_(check), scan_(scan), found_(found) {}

  Result<> run() {
    for (const FoundHead& line : check_.heads)
      if (auto looked = look(line); !looked) return looked;
    return Done{};
  }

 private:
  void note(const FoundHead& line, const std::string& what) {
    if (found_.notes.size() < kNotesMax)
      found_.notes.push_back(line.file + ", line " + std::to_string(line.line) + ": " + what);
  }

  /// Whether a known key signed these words.
  bool is_genuine(const FoundHead& line) {
    const AuditHead& head = *line.head;
    const auto key = std::find_if(check_.public_keys.begin(), check_.public_keys.end(),
                                  [&](const AuditPublicKey& each) { return each.id() == head.key_id; });
    if (key == check_.public_keys.end()) {
      ++found_.heads_unknown;
      note(line, "signed with key " + head.key_id + ", which was not named");
      return false;
    }
    if (key->signed_it(head)) return true;
    ++found_.heads_false;
    note(line, "was changed: the signature is not of these words");
    return false;
  }

  Result<> look(const FoundHead& line) {
    if (!line.head) return note(line, "cannot be read as a head"), Done{};
    const AuditHead& head = *line.head;
    if (previous_ && head.previous != *previous_)
      note(line, head.previous == "-" ? "heads begin anew here" : "a head before it is missing");
    previous_ = digest_of(head);
    if (!is_genuine(line) || head.at < check_.heads_since) return Done{};
    auto hash = scan_.hash_of(head.seq);
    if (!hash) return hash.error();
    if (head.seq == 0 || (*hash && **hash == head.hash))
      bears_out(head);
    else if (*hash)
      was_rewritten(line);
    else
      bad(std::min(found_.highest, head.seq - 1) + 1, audit_words::cut(head.seq));
    return Done{};
  }

  void bears_out(const AuditHead& head) {
    ++found_.heads_good;
    last_good_ = std::max(last_good_, head.seq);
    if (head.seq < found_.protected_to) return;
    found_.protected_to = head.seq;
    found_.protected_at = head.at;
  }

  /// Where the chain itself broke is the nearer word; where it holds, only the heads bound the place.
  void was_rewritten(const FoundHead& line) {
    const std::int64_t seq = line.head->seq;
    if (found_.chain.first_bad_seq && *found_.chain.first_bad_seq <= seq)
      note(line, "row " + std::to_string(seq) + " no longer has the hash that was signed");
    else
      bad(last_good_ + 1, audit_words::rewritten(last_good_ + 1, seq));
  }

  void bad(std::int64_t seq, std::string what) {
    if (found_.chain.first_bad_seq && *found_.chain.first_bad_seq <= seq) return;
    found_.chain.first_bad_seq = seq;
    found_.chain.what = std::move(what);
  }

  const AuditCheck& check_;
  AuditScan& scan_;
  AuditFindings& found_;
  std::optional<std::string> previous_;
  std::int64_t last_good_ = 0;
};

}  // namespace

Result<AuditFindings> verify_audit(const AuditCheck& check) {
  auto scan = AuditScan::open(check.database_file);
  if (!scan) return scan.error();
  AuditFindings found;
  const auto highest = (*scan)->highest();
  if (!highest) return highest.error();
  found.highest = *highest;
  if (auto checked = check_chain(check, found); !checked) return checked.error();
  if (auto checked = HeadCheck(check, **scan, found).run(); !checked) return checked.error();
  // Numbers run from 1 without gaps, so this many are sound before the first bad one.
  if (found.chain.first_bad_seq)
    found.chain.rows = std::clamp<std::int64_t>(*found.chain.first_bad_seq - 1, 0, found.highest);
  return found;
}

}  // namespace kapok::storage
