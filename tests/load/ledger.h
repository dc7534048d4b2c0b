#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/product_time.h"

/// What the simulated city knows for itself of every call, contact and referral: what it did and what the server
/// acknowledged. It is compared with the server's log at the end (ledger_check.h).
namespace kapok::load {

/// Where an arrival counts (decision 2): O = A + AB + SA + M + F; X stands outside.
enum class Bucket { kAnswered, kAbandoned, kShortAbandoned, kMissed, kFailure, kNotOffered };
inline constexpr std::size_t kBucketCount = 6;
inline constexpr std::array<std::string_view, kBucketCount> kBucketNames{"A", "AB", "SA", "M", "F", "X"};

/// The server's threshold between a short abandonment and an abandonment (routing/policy.h, decision 25).
inline constexpr ProductUs kShortAbandonUs = 5 * kSecondUs;

/// One thing that happened between two moments of ours: when we said it and when the server had acknowledged it.
struct Between {
  ProductUs said = 0;
  ProductUs acknowledged = 0;  ///< 0 = not yet
};

enum class CallEnd { kNotYet, kCallerLeft, kReleased, kBackfilled };

struct LedgerCall {
  std::string gw_ref;
  std::uint64_t number = 0;  ///< names its random streams
  std::string line;          ///< dialled
  std::int64_t call = 0;     ///< 0 until the server told it
  Between arrived;
  Between left;
  int offers = 0;                ///< how often it rang somebody
  bool answered = false;         ///< the server confirmed an answer
  bool answer_doubtful = false;  ///< an answer was reported and the connection broke before it was confirmed
  bool restarted = false;        ///< the server was away while the call was held: its clock stood still
  std::string answered_by;       ///< account, or "phone" and the endpoint
  CallEnd end = CallEnd::kNotYet;
  std::string hung_up_by;        ///< caller, worker, system
  std::string told;              ///< outcome named by the server when it let the caller go
  bool kept = false;             ///< chose to be rung back: until he is reached he is owed a callback
  bool hunted_answered = false;  ///< the hunt list served it and somebody answered
  std::int64_t contact = 0;
};

struct LedgerContact {
  std::int64_t contact = 0;
  std::string account;
  std::vector<int> needs;  ///< kinds, ordered
};

/// The furthest state of an order that the server acknowledged.
enum class OrderState { kDispatched, kAccepted, kCompleted, kReturned };

struct LedgerReferral {
  std::int64_t referral = 0;
  std::int64_t unit = 0;
  OrderState state = OrderState::kDispatched;
};

/// The buckets in which the server may rightly count the call, the likeliest first. More than one where only the
/// server's clock or its roster decides.
std::vector<Bucket> expected_buckets(const LedgerCall& call);

class Ledger {
 public:
  /// A new row; `gw_ref` is unique.
  LedgerCall& arrive(std::string gw_ref, std::uint64_t number, std::string line, ProductUs at);
  /// The server named the call.
  void take(LedgerCall& call, std::int64_t id, ProductUs at);
  /// A worker was rung for the call, or answered it and the server confirmed that. Known by the server's id, which
  /// may reach the worker before the gateway.
  void rang(std::int64_t call);
  void answered(std::int64_t call, const std::string& by, std::int64_t contact);
  /// Null when unknown.
  [[nodiscard]] LedgerCall* by_ref(const std::string& gw_ref);
  [[nodiscard]] LedgerCall* by_call(std::int64_t call);

  void finalise(LedgerContact contact);
  void dispatch(std::int64_t referral, std::int64_t unit);
  void move(std::int64_t referral, OrderState state);

  [[nodiscard]] const std::map<std::string, LedgerCall>& calls() const { return calls_; }
  [[nodiscard]] const std::map<std::int64_t, LedgerContact>& contacts() const { return contacts_; }
  [[nodiscard]] const std::map<std::int64_t, LedgerReferral>& referrals() const { return referrals_; }

  /// Changes whose acknowledgement never came, by what they were; they may or may not have happened.
  std::map<std::string, int> doubtful;
  /// Refusals by code and request.
  std::map<std::string, int> refusals;

 private:
  std::map<std::string, LedgerCall> calls_;
  struct Early {
    int offers = 0;
    bool answered = false;
    std::string by;
    std::int64_t contact = 0;
  };
  std::map<std::int64_t, std::string> refs_;
  std::map<std::int64_t, Early> early_;  ///< of calls that no gateway has named yet
  std::map<std::int64_t, LedgerContact> contacts_;
  std::map<std::int64_t, LedgerReferral> referrals_;
};

}  // namespace kapok::load
