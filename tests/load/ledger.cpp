#include "load/ledger.h"

#include <algorithm>

namespace kapok::load {
namespace {

Bucket bucket_told(const std::string& outcome) {
  if (outcome == "answered") return Bucket::kAnswered;
  if (outcome == "abandoned") return Bucket::kAbandoned;
  if (outcome == "short_abandoned") return Bucket::kShortAbandoned;
  if (outcome == "test") return Bucket::kNotOffered;
  if (outcome == "missed" || outcome == "missed_nobody_on_duty") return Bucket::kMissed;
  return Bucket::kFailure;
}

/// The server measures from when it took the arrival to when it took the departure; we know bounds of both.
std::vector<Bucket> of_caller_who_left(const LedgerCall& call) {
  const ProductUs left_by = call.left.acknowledged != 0 ? call.left.acknowledged : call.left.said;
  const ProductUs longest = left_by - call.arrived.said;
  const ProductUs taken_by = call.arrived.acknowledged != 0 ? call.arrived.acknowledged : left_by;
  const ProductUs shortest = call.restarted ? 0 : call.left.said - taken_by;
  std::vector<Bucket> may;
  if (longest > kShortAbandonUs) may.push_back(Bucket::kAbandoned);
  // Whether anybody was on duty is for the server to say, but only of one for whom nobody rang.
  if (longest > kShortAbandonUs && call.offers == 0) may.push_back(Bucket::kMissed);
  if (shortest <= kShortAbandonUs) may.push_back(Bucket::kShortAbandoned);
  return may;
}

}  // namespace

std::vector<Bucket> expected_buckets(const LedgerCall& call) {
  if (call.answered) return {Bucket::kAnswered};
  std::vector<Bucket> may;
  switch (call.end) {
    case CallEnd::kBackfilled:
      may = {call.hunted_answered ? Bucket::kAnswered : Bucket::kMissed};
      break;
    case CallEnd::kReleased:
      may = {bucket_told(call.told)};
      break;
    case CallEnd::kCallerLeft:
      may = of_caller_who_left(call);
      break;
    case CallEnd::kNotYet:
      if (call.kept) may = {Bucket::kMissed};  // given up by the server after we had closed
      break;
  }
  const bool listed = std::find(may.begin(), may.end(), Bucket::kAnswered) != may.end();
  if (call.answer_doubtful && !listed) may.push_back(Bucket::kAnswered);
  return may;
}

LedgerCall& Ledger::arrive(std::string gw_ref, std::uint64_t number, std::string line, ProductUs at) {
  LedgerCall& call = calls_[gw_ref];
  call.gw_ref = std::move(gw_ref);
  call.number = number;
  call.line = std::move(line);
  call.arrived.said = at;
  return call;
}

void Ledger::take(LedgerCall& call, std::int64_t id, ProductUs at) {
  if (call.arrived.acknowledged == 0) call.arrived.acknowledged = at;
  call.call = id;
  refs_[id] = call.gw_ref;
  const auto early = early_.extract(id);
  if (early.empty()) return;
  call.offers += early.mapped().offers;
  if (early.mapped().answered) answered(id, early.mapped().by, early.mapped().contact);
}

void Ledger::rang(std::int64_t call) {
  LedgerCall* known = by_call(call);
  ++(known != nullptr ? known->offers : early_[call].offers);
}

void Ledger::answered(std::int64_t call, const std::string& by, std::int64_t contact) {
  LedgerCall* known = by_call(call);
  if (known == nullptr) {
    Early& early = early_[call];
    early = {early.offers, true, by, contact};
    return;
  }
  known->answered = true;
  if (!by.empty()) known->answered_by = by;
  if (contact != 0) known->contact = contact;
}

LedgerCall* Ledger::by_ref(const std::string& gw_ref) {
  const auto found = calls_.find(gw_ref);
  return found == calls_.end() ? nullptr : &found->second;
}

LedgerCall* Ledger::by_call(std::int64_t call) {
  const auto found = refs_.find(call);
  return found == refs_.end() ? nullptr : by_ref(found->second);
}

void Ledger::finalise(LedgerContact contact) {
  std::sort(contact.needs.begin(), contact.needs.end());
  const std::int64_t id = contact.contact;
  contacts_[id] = std::move(contact);
}

void Ledger::dispatch(std::int64_t referral, std::int64_t unit) {
  referrals_.try_emplace(referral, LedgerReferral{referral, unit, OrderState::kDispatched});
}

void Ledger::move(std::int64_t referral, OrderState state) {
  const auto found = referrals_.find(referral);
  if (found != referrals_.end()) found->second.state = state;
}

}  // namespace kapok::load
