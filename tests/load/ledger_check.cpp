#include "load/ledger_check.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/core.h>

namespace kapok::load {
namespace {

using Counts = std::array<std::int64_t, kBucketCount>;

std::size_t at(Bucket bucket) { return static_cast<std::size_t>(bucket); }

std::string_view name_of(OrderState state) {
  constexpr std::array<std::string_view, 4> kNames{"dispatched", "accepted", "completed", "returned"};
  return kNames[static_cast<std::size_t>(state)];
}

class Check {
 public:
  Check(const Ledger& ledger, const LogFacts& log, bool shared) : ledger_(ledger), log_(log), shared_(shared) {}

  CheckResult result() {
    for (const LogCall& row : log_.calls) file(row);
    for (const auto& [ref, call] : ledger_.calls()) compare(call);
    match_unnamed();
    for (const LogCall* row : strangers()) stranger(*row);
    bucket_rows();
    contacts();
    referrals();
    return std::move(result_);
  }

 private:
  void problem(std::string sentence) {
    if (++result_.problem_count <= kProblemsMax) result_.problems.push_back(std::move(sentence));
  }

  void file(const LogCall& row) {
    if (row.contact != 0) by_contact_[row.contact].push_back(&row);
    if (row.call == 0) return;
    by_call_[row.call].push_back(&row);
  }

  void compare(const LedgerCall& call) {
    const LogCall* row = row_of(call);
    if (row == nullptr && call.call == 0) {
      unnamed_.push_back(&call);
      return;
    }
    if (call.kept && call.end == CallEnd::kNotYet && row != nullptr && !row->ended) {
      taken_.insert(row->call);
      ++still_owed_;
      return;
    }
    const auto may = expected_buckets(call);
    if (may.empty()) problem(fmt::format("call {} has not ended", call.gw_ref));
    const Bucket first = may.empty() ? Bucket::kFailure : may.front();
    if (row == nullptr) {
      differs(first, fmt::format("call {} ({}) is not in the log", call.gw_ref, call.call));
      return;
    }
    taken_.insert(row->call);
    if (by_call_[row->call].size() > 1)
      differs(first, fmt::format("call {} ({}) stands {} times in the log", call.gw_ref, call.call,
                                 by_call_[row->call].size()));
    settle(call, *row, may, first);
  }

  /// A call whose number the server never told is found by its contact, when the hunt list had it answered.
  const LogCall* row_of(const LedgerCall& call) const {
    if (call.call != 0) {
      const auto found = by_call_.find(call.call);
      return found == by_call_.end() ? nullptr : found->second.front();
    }
    const auto found = call.contact == 0 ? by_contact_.end() : by_contact_.find(call.contact);
    return found == by_contact_.end() ? nullptr : found->second.front();
  }

  void settle(const LedgerCall& call, const LogCall& row, const std::vector<Bucket>& may, Bucket first) {
    if (!row.ended) {
      differs(first, fmt::format("call {} ({}) is still open in the log", call.gw_ref, call.call));
      return;
    }
    const bool agreed = std::find(may.begin(), may.end(), row.bucket) != may.end();
    ++ledger_counts_[at(agreed ? row.bucket : first)];
    ++log_counts_[at(row.bucket)];
    if (agreed) return;
    ++different_[at(first)];
    problem(fmt::format("call {} ({}): ledger {}, log {}; ended by {}{}", call.gw_ref, call.call,
                        kBucketNames[at(first)], kBucketNames[at(row.bucket)], call.hung_up_by,
                        call.restarted ? ", held over a restart" : ""));
  }

  void differs(Bucket bucket, std::string sentence) {
    ++ledger_counts_[at(bucket)];
    ++different_[at(bucket)];
    problem(std::move(sentence));
  }

  /// Calls we cannot name (an arrival that broke off, a caller the hunt list could not help) take up log rows that
  /// nobody else claims, one each.
  void match_unnamed() {
    for (const LedgerCall* call : unnamed_) {
      const auto may = expected_buckets(*call);
      const LogCall* match = nullptr;
      for (const LogCall* row : strangers())
        if (row->ended && std::find(may.begin(), may.end(), row->bucket) != may.end()) match = row;
      const Bucket first = may.empty() ? Bucket::kFailure : may.front();
      if (match == nullptr) {
        differs(first, fmt::format("call {} is not in the log (ledger {})", call->gw_ref, kBucketNames[at(first)]));
        continue;
      }
      taken_.insert(match->call);
      settle(*call, *match, may, first);
    }
  }

  [[nodiscard]] std::vector<const LogCall*> strangers() const {
    std::vector<const LogCall*> found;
    for (const auto& [call, rows] : by_call_)
      if (!taken_.contains(call)) found.push_back(rows.front());
    return found;
  }

  void stranger(const LogCall& row) {
    ++others_;
    if (shared_) return;
    if (row.ended) ++log_counts_[at(row.bucket)];
    if (row.ended) ++different_[at(row.bucket)];
    problem(fmt::format("the log has a call {} ({}) that the ledger does not know", row.call,
                        row.ended ? kBucketNames[at(row.bucket)] : "open"));
  }

  void bucket_rows() {
    CheckRow arrivals{"arrivals O", 0, 0, log_.has_report ? 0 : -1, 0};
    std::vector<CheckRow> rows;
    for (std::size_t bucket = 0; bucket < kBucketCount; ++bucket) {
      CheckRow row{std::string(kBucketNames[bucket]), ledger_counts_[bucket], log_counts_[bucket],
                   log_.has_report ? log_.report[bucket] : -1, different_[bucket]};
      if (log_.has_report && !shared_ && row.report != row.log) {
        ++row.different;
        problem(fmt::format("the day report counts {} in {}, the log {}", row.report, row.what, row.log));
      }
      if (bucket != at(Bucket::kNotOffered)) {
        arrivals.ledger += row.ledger;
        arrivals.log += row.log;
        if (log_.has_report) arrivals.report += row.report;
      }
      rows.push_back(std::move(row));
    }
    arrivals.different = std::abs(arrivals.ledger - arrivals.log);
    if (still_owed_ > 0) result_.rows.push_back({"callbacks still to be made", still_owed_, still_owed_, -1, 0});
    result_.rows.push_back(std::move(arrivals));
    result_.rows.insert(result_.rows.end(), rows.begin(), rows.end());
  }

  void contacts() {
    CheckRow row{"contacts finalised", static_cast<std::int64_t>(ledger_.contacts().size()), 0, -1, 0};
    for (const auto& [id, contact] : ledger_.contacts()) {
      const auto found = by_contact_.find(id);
      const std::size_t times = found == by_contact_.end() ? 0 : found->second.size();
      std::string wrong;
      if (times != 1) wrong = fmt::format("contact {} stands {} times in the log", id, times);
      if (times == 1 && !found->second.front()->finalised) wrong = fmt::format("contact {} is no longer finalised", id);
      if (wrong.empty() && found->second.front()->needs != contact.needs)
        wrong = fmt::format("contact {} has other needs in the log", id);
      if (times > 0 && found->second.front()->finalised) ++row.log;
      if (wrong.empty()) continue;
      ++row.different;
      problem(std::move(wrong));
    }
    result_.rows.push_back(std::move(row));
  }

  void referrals() {
    std::map<std::int64_t, std::vector<OrderState>> listed;
    for (const LogReferral& referral : log_.referrals) listed[referral.referral].push_back(referral.state);
    CheckRow all{"referrals", static_cast<std::int64_t>(ledger_.referrals().size()), 0, -1, 0};
    CheckRow done{"of them completed", 0, 0, -1, 0};
    for (const auto& [id, referral] : ledger_.referrals()) {
      const auto found = listed.find(id);
      const std::size_t times = found == listed.end() ? 0 : found->second.size();
      if (times > 0) ++all.log;
      if (referral.state == OrderState::kCompleted) ++done.ledger;
      if (times > 0 && found->second.front() == OrderState::kCompleted) ++done.log;
      std::string wrong;
      if (times != 1) wrong = fmt::format("referral {} is listed {} times", id, times);
      // Somebody else may have gone further with it.
      if (times == 1 && !shared_ && found->second.front() != referral.state)
        wrong =
            fmt::format("referral {}: ledger {}, list {}", id, name_of(referral.state), name_of(found->second.front()));
      if (wrong.empty()) continue;
      ++all.different;
      problem(std::move(wrong));
    }
    result_.rows.push_back(std::move(all));
    result_.rows.push_back(std::move(done));
    if (shared_ && others_ > 0) result_.rows.push_back({"calls of others", 0, others_, -1, 0});
  }

  const Ledger& ledger_;
  const LogFacts& log_;
  const bool shared_;
  std::map<std::int64_t, std::vector<const LogCall*>> by_call_;
  std::map<std::int64_t, std::vector<const LogCall*>> by_contact_;
  std::set<std::int64_t> taken_;
  std::vector<const LedgerCall*> unnamed_;
  Counts ledger_counts_{};
  Counts log_counts_{};
  Counts different_{};
  std::int64_t others_ = 0;
  std::int64_t still_owed_ = 0;
  CheckResult result_;
};

}  // namespace

CheckResult check_ledger(const Ledger& ledger, const LogFacts& log, bool shared) {
  return Check(ledger, log, shared).result();
}

}  // namespace kapok::load
