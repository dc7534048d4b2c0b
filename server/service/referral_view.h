#pragma once

#include "api/referral.h"
#include "casework/referral.h"
#include "service/who.h"
#include "storage/transaction.h"

namespace kapok::service {

/// An order as `may()` judges it. Owned by whoever asks when he accepted or wrote it.
Object receiving_side(const casework::Referral& referral, WorkerId asking);  ///< unit = to_unit
Object sending_side(const casework::Referral& referral, WorkerId asking);    ///< unit = from_unit

/// Person, address and notes in full: for the station that accepted the order and for its writer and his station; the
/// others see them masked.
bool sees_in_full(const Who& who, const casework::Referral& referral);

/// The order with names, needs and the person. A list shows everybody's masked; `with_events` is the one order that was
/// opened or moved, shown in full to whom sees_in_full allows it, with what happened to it. Damaged contact or needs
/// leave their parts empty: an order stays workable.
api::ReferralView referral_view(storage::ReadTransaction& tx, const Who& who, casework::Referral referral, Instant now,
                                bool with_events);

}  // namespace kapok::service
