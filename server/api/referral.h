#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "casework/referral.h"
#include "core/id.h"
#include "core/instant.h"

/// Orders between units (服务工单).
namespace kapok::api {

struct CreateReferral {
  ContactId contact;
  std::vector<NeedId> needs;
  UnitId to_unit;
  casework::Urgency urgency = casework::Urgency::kNormal;
  std::string note;
};

enum class ReferralBox { kIncoming, kOutgoing };

struct ListReferrals {
  UnitId unit;  ///< a subtree
  ReferralBox box = ReferralBox::kIncoming;
  bool open_only = true;
  bool overdue_only = false;
  std::string cursor;
  std::uint32_t limit = 50;
};

struct ShowReferral {
  ReferralId referral;
};

struct AcceptReferral {
  ReferralId referral;
  std::uint64_t version = 0;
};

struct ReturnReferral {
  ReferralId referral;
  std::uint64_t version = 0;
  casework::ReturnReason reason = casework::ReturnReason::kOutOfArea;
  std::string note;
};

/// Sends a returned referral to another unit; the clock goes on.
struct RedispatchReferral {
  ReferralId referral;
  std::uint64_t version = 0;
  UnitId to_unit;
  std::string note;
};

struct CompleteReferral {
  ReferralId referral;
  std::uint64_t version = 0;
  casework::ClosureResult result = casework::ClosureResult::kSolved;
  std::string note;
};

struct WithdrawReferral {
  ReferralId referral;
  std::uint64_t version = 0;
  std::string reason;
};

struct ReferralEventView {
  Instant at;
  std::string by_name;
  std::string what;  ///< state name
  std::string unit_zh;
  std::string note;
};

struct ReferralView {
  casework::Referral referral;
  std::string display_number;
  std::string from_unit_zh;
  std::string to_unit_zh;
  std::string owner_name;
  std::string person;              ///< masked in lists; else full for the station that accepted it and the writer
  std::string address;             ///< likewise
  std::vector<std::string> needs;  ///< stable names of need kinds
  std::vector<std::string> needs_zh;
  std::vector<std::string> need_details;
  bool overdue = false;
  std::vector<ReferralEventView> events;  ///< only in ShowReferral
};

struct ReferralPage {
  std::vector<ReferralView> referrals;
  std::string next_cursor;
};

}  // namespace kapok::api
