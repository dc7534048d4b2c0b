#pragma once

#include <string>

#include "casework/contact.h"
#include "core/call.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "service/office.h"
#include "storage/transaction.h"

namespace kapok::service {

/// What is known of a contact at the moment its call was answered.
struct NewDraft {
  ContactId contact;  ///< allocated on the strand
  CallId call;
  UnitId unit;  ///< the unit *dialled*
  LineId line;
  Channel channel = Channel::kPhone;
  std::string caller_number;  ///< as shown; empty = withheld
  Instant arrived_at;
  Instant answered_at;
  Instant ended_at;      ///< only of a call told afterwards (Backfill)
  WorkerId answered_by;  ///< unset when a hunt list rang an unknown person's phone
};

/// Opens the draft contact of an answered call, in the transaction that saves the answer, with its limits
/// and its display number. The open callback of the number at the unit is superseded: he got through by
/// himself. Returns the contact at version 1. Refuses VERSION_CONFLICT when the id is taken. Writer thread.
Result<casework::Contact> open_draft(storage::Transaction& tx, const CityConfig& config, const NewDraft& draft);

/// Next display number of the city's day at tx.now(), such as GZ-261121-0042. Writer thread.
std::string take_display_number(storage::Transaction& tx, const CityConfig& config);

}  // namespace kapok::service
