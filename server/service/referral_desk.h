#pragma once

#include <functional>

#include "api/referral.h"
#include "casework/referral.h"
#include "service/office.h"
#include "service/who.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Orders between units: made from a contact's needs, accepted by the first who takes them, returned inside the accept
/// window, dispatched again, completed, withdrawn. Strand only; each move is read, judged and written in one
/// transaction on the writer thread, with its event, the states of its needs and its audit row.
///
/// Of many who accept at once one wins; the others hear ALREADY_TAKEN with the winner's name and time. The age of
/// an order never starts anew (domain.md §2.2).
class ReferralDesk {
 public:
  explicit ReferralDesk(Office& office) : office_(office) {}

  void handle(const Asked& asked, const api::CreateReferral& create);
  void handle(const Asked& asked, const api::ListReferrals& list);
  void handle(const Asked& asked, const api::ShowReferral& show);
  void handle(const Asked& asked, const api::AcceptReferral& accept);
  void handle(const Asked& asked, const api::ReturnReferral& give_back);
  void handle(const Asked& asked, const api::RedispatchReferral& redispatch);
  void handle(const Asked& asked, const api::CompleteReferral& complete);
  void handle(const Asked& asked, const api::WithdrawReferral& withdraw);

 private:
  using Move = std::function<Result<casework::ReferralMoved>(storage::Transaction&, const Who&,
                                                             const casework::Referral&, Scope&)>;
  void move(const Asked& asked, ReferralId id, Move move);

  Office& office_;
};

}  // namespace kapok::service
