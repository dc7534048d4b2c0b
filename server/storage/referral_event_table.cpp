#include "storage/referral_event_table.h"

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Events = Table<ReferralEventRow>;

const Sql kOfReferral = Events::select_sql("WHERE referral_id = :referral ORDER BY referral_version, id");

}  // namespace

template class Table<ReferralEventRow>;

Result<> ReferralEventTable::append(Transaction& tx, ReferralEventId id, ReferralId referral,
                                    const casework::ReferralEvent& event) {
  ReferralEventRow row;
  row.id = id;
  row.city = tx.city();
  row.referral = referral;
  row.event = event;
  return Events::save(tx, row);
}

Selection<ReferralEventRow> ReferralEventTable::of_referral(ReadTransaction& tx, ReferralId referral) {
  return Events::select(tx, kOfReferral, {referral});
}

}  // namespace kapok::storage
