#pragma once

#include <string>
#include <vector>

#include "api/contact.h"
#include "casework/contact.h"
#include "core/result.h"
#include "service/drafts.h"
#include "service/id_stock.h"
#include "service/who.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Gives every need of a rewritten text its identity. State and referral are the server's and always taken from what is
/// stored. A need that names an id must be one of the stored; one without id is the stored need at its place
/// when the kind is the same, else new. Refuses INVALID_ARGUMENT for an id that is not of this contact or named twice.
Result<> adopt_needs(const std::vector<casework::Need>& stored, std::vector<casework::Need>& needs, IdStock& ids);

/// UNKNOWN_UNIT, or INVALID_ARGUMENT for a unit that is neither a station nor a point.
Result<> check_destination(const Directory& directory, UnitId to_unit);

/// Limits of a request's lists, checked before ids are taken for them.
Result<> check_dispatches(const Directory& directory, const std::vector<casework::Need>& needs,
                          const std::vector<api::Dispatch>& dispatches);

/// Ids that adopt_needs and dispatch_needs may take.
std::size_t ids_needed(std::size_t needs, std::size_t dispatches);

/// Makes the orders of a contact's needs and marks the needs as referred; `contact` is to be saved after it, in the
/// same transaction. The receiving unit must be a station or a point. Refuses WRONG_STATE for a need that another
/// open order carries. Returns the orders made.
Result<std::vector<casework::ReferralMoved>> dispatch_needs(storage::Transaction& tx, const CityConfig& config,
                                                            const Who& who, casework::Contact& contact,
                                                            const std::vector<api::Dispatch>& dispatches, IdStock& ids);

/// Writes what dispatch_needs made, after the contact was saved, each with its first event and its audit row.
Result<std::vector<ReferralId>> save_dispatched(storage::Transaction& tx, const Who& who,
                                                const std::vector<casework::ReferralMoved>& made, IdStock& ids);

}  // namespace kapok::service
