#include "storage/referral_table.h"

#include <charconv>

#include "storage/name_list.h"
#include "storage/table.h"

namespace kapok::storage {
namespace {

using Referrals = Table<ReferralRow>;

#define KAPOK_BELOW_TOP                                                                 \
  "(WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id = :top UNION ALL SELECT " \
  "u.id FROM unit u JOIN below b ON u.parent_id = b.id) SELECT id FROM below)"
#define KAPOK_PAGE                                                                                      \
  " AND (:overdue = 0 OR (state = 'dispatched' AND accept_by < :at))"                                   \
  " AND (created_at > :created OR (created_at = :created_again AND id > :id)) ORDER BY created_at, id " \
  "LIMIT :limit"

const Sql kIncoming = Referrals::select_sql("WHERE to_unit IN " KAPOK_BELOW_TOP
                                            " AND (:open = 0 OR state IN ('dispatched', 'accepted'))" KAPOK_PAGE);
const Sql kOutgoing =
    Referrals::select_sql("WHERE from_unit IN " KAPOK_BELOW_TOP
                          " AND (:open = 0 OR state IN ('dispatched', 'accepted', 'returned'))" KAPOK_PAGE);
const Sql kOfContact("SELECT id FROM referral WHERE contact_id = :contact ORDER BY created_at, id");

#undef KAPOK_PAGE
#undef KAPOK_BELOW_TOP

}  // namespace

template class Table<ReferralRow>;

Result<> ReferralTable::save(Transaction& tx, const casework::Referral& referral) {
  KAPOK_CHECK(referral.version >= 1);
  ReferralRow row;
  row.id = referral.id;
  row.city = tx.city();
  row.version = static_cast<std::int64_t>(referral.version) - 1;
  row.referral = referral;
  std::vector<std::string> ids;
  for (const NeedId need : referral.needs) ids.push_back(std::to_string(need.value));
  row.need_ids = join_list(ids);
  return Referrals::save(tx, row);
}

Result<casework::Referral> ReferralTable::get(ReadTransaction& tx, ReferralId id) {
  auto row = Referrals::get(tx, id, ErrorCode::kUnknownReferral);
  if (!row) return row.error();
  return referral_of(*row);
}

Selection<ReferralRow> ReferralTable::page(ReadTransaction& tx, const ReferralsAsked& asked) {
  const Values in{asked.top,
                  asked.open_only ? 1 : 0,
                  asked.overdue_at.is_set() ? 1 : 0,
                  asked.overdue_at.us,
                  asked.after_created_at.us,
                  asked.after_created_at.us,
                  asked.after_id.value,
                  asked.limit};
  return Referrals::select(tx, asked.outgoing ? kOutgoing : kIncoming, in);
}

std::vector<ReferralId> ReferralTable::of_contact(ReadTransaction& tx, ContactId contact) {
  std::vector<ReferralId> ids;
  tx.connection().query(kOfContact, {contact}, {CellKind::kInteger},
                        [&](const Values& row) { ids.push_back(ReferralId{row.front().integer}); });
  return ids;
}

casework::Referral ReferralTable::referral_of(const ReferralRow& row) {
  casework::Referral referral = row.referral;
  referral.id = row.id;
  referral.version = static_cast<std::uint64_t>(row.version);
  referral.needs.clear();
  for (const std::string& id : split_list(row.need_ids)) {
    std::int64_t value = 0;
    std::from_chars(id.data(), id.data() + id.size(), value);
    referral.needs.push_back(NeedId{value});
  }
  return referral;
}

}  // namespace kapok::storage
