#include "storage/need_table.h"

#include <algorithm>

#include "storage/table.h"

namespace kapok::storage {
namespace {

using Needs = Table<NeedRow>;

const Sql kOfContact = Needs::select_sql("WHERE contact_id = :contact ORDER BY position, id");

casework::Need need_of(const NeedRow& row) {
  casework::Need need = row.need;
  need.id = row.id;
  return need;
}

Result<> erase_vanished(Transaction& tx, const std::vector<NeedRow>& stored, const std::vector<casework::Need>& kept) {
  for (const NeedRow& row : stored) {
    const bool still = std::any_of(kept.begin(), kept.end(), [&](const casework::Need& n) { return n.id == row.id; });
    if (still) continue;
    if (auto erased = Needs::erase(tx, row); !erased) return erased;
  }
  return Done{};
}

}  // namespace

template class Table<NeedRow>;

Result<> NeedTable::replace(Transaction& tx, ContactId contact, const std::vector<casework::Need>& needs) {
  const auto stored = Needs::select(tx, kOfContact, {contact});
  if (!stored.damaged_ids.empty()) return Error{ErrorCode::kRowDamaged, "a need of this contact"};
  if (auto erased = erase_vanished(tx, stored.rows, needs); !erased) return erased;
  for (std::size_t at = 0; at < needs.size(); ++at) {
    KAPOK_CHECK(needs[at].id.is_set());
    NeedRow row;
    row.id = needs[at].id;
    row.city = tx.city();
    for (const NeedRow& old : stored.rows)
      if (old.id == row.id) row = old;
    const bool same = row.version > 0 && row.position == at && need_of(row) == needs[at];
    if (same) continue;
    row.contact = contact;
    row.position = static_cast<std::uint32_t>(at);
    row.need = needs[at];
    if (auto saved = Needs::save(tx, row); !saved) return saved;
  }
  return Done{};
}

Result<std::vector<casework::Need>> NeedTable::of_contact(ReadTransaction& tx, ContactId contact) {
  const auto stored = Needs::select(tx, kOfContact, {contact});
  if (!stored.damaged_ids.empty()) return Error{ErrorCode::kRowDamaged, "a need of this contact"};
  std::vector<casework::Need> needs;
  needs.reserve(stored.rows.size());
  for (const NeedRow& row : stored.rows) needs.push_back(need_of(row));
  return needs;
}

std::vector<casework::NeedKind> NeedTable::kinds_of_contact(ReadTransaction& tx, ContactId contact) {
  std::vector<casework::NeedKind> kinds;
  for (const NeedRow& row : Needs::select(tx, kOfContact, {contact}).rows) kinds.push_back(row.need.kind);
  return kinds;
}

}  // namespace kapok::storage
