#include "storage/referral_table.h"

#include <charconv>

#include "storage/name_list.h"
#include "storage/table.h"

namespace kapok::storage {
namespace {

using Referrals = Table<ReferralRow>;

// Orders one owns, accepted by oneself or written by oneself, are listed wherever they went.
#define KAPOK_PAGE                                                                                          \
  " AND (:overdue = 0 OR (state = 'dispatched' AND accept_by < :at)) "                                      \
  "AND (created_at > :created OR (created_at = :created_same AND id > :id)) ORDER BY created_at, id LIMIT " \
  ":limit"

const Sql kIncoming = Referrals::select_sql(
    "WHERE (to_unit IN " KAPOK_UNIT_SET
    " OR (CAST(:own AS BIGINT) <> 0 AND owner = :owner)) AND (:open = 0 OR state IN ('dispatched', "
    "'accepted'))" KAPOK_PAGE);
const Sql kOutgoing = Referrals::select_sql(
    "WHERE (from_unit IN " KAPOK_UNIT_SET
    " OR (CAST(:own AS BIGINT) <> 0 AND written_by = :writer)) AND (:open = 0 OR state IN ('dispatched', "
    "'accepted', 'returned'))" KAPOK_PAGE);
const Sql kOfContact("SELECT id FROM referral WHERE contact_id = :contact ORDER BY created_at, id");

#undef KAPOK_PAGE

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
  Values in;
  append_units(in, asked.units);
  for (const std::int64_t value :
       {asked.own.value, asked.own.value, std::int64_t{asked.open_only}, std::int64_t{asked.overdue_at.is_set()},
        asked.overdue_at.us, asked.after_created_at.us, asked.after_created_at.us, asked.after_id.value, asked.limit})
    in.emplace_back(value);
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
