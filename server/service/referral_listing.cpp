#include "core/masking.h"
#include "service/list_scope.h"
#include "service/page_cursor.h"
#include "service/referral_desk.h"
#include "service/referral_view.h"
#include "storage/referral_table.h"

/// Incoming, outgoing and overdue orders.
namespace kapok::service {
namespace {

/// In lists the person is masked for everybody, and what was written is not shown (decision 27).
void mask_for_list(api::ReferralView& view, const std::string& person) {
  view.person = mask_name(person);
  view.address.clear();
  view.need_details.assign(view.need_details.size(), {});
  view.referral.note.clear();
  view.referral.outcome.clear();
}

api::ReferralPage page_of(storage::ReadTransaction& tx, const Who& who, const ListScope& scope,
                          storage::ReferralsAsked asked) {
  const auto limit = static_cast<std::size_t>(asked.limit);
  ++asked.limit;
  auto found = storage::ReferralTable::page(tx, asked);
  api::ReferralPage page;
  const bool more = found.rows.size() + found.damaged_ids.size() > limit;
  if (found.rows.size() > limit) found.rows.resize(limit);
  for (const storage::ReferralRow& row : found.rows) {
    casework::Referral referral = storage::ReferralTable::referral_of(row);
    const UnitId unit = asked.outgoing ? referral.from_unit : referral.to_unit;
    if (scope.within.is_set() && !who.directory->tree().is_within(unit, scope.within)) continue;
    api::ReferralView view = referral_view(tx, who, std::move(referral), who.now, false);
    mask_for_list(view, view.person);
    page.referrals.push_back(std::move(view));
  }
  for (const std::int64_t id : found.damaged_ids) {
    api::ReferralView view;
    view.referral.id = ReferralId{id};
    view.display_number = std::string(name_of(ErrorCode::kRowDamaged));
    page.referrals.push_back(std::move(view));
  }
  if (more && !found.rows.empty())
    page.next_cursor = write_page_cursor({found.rows.back().referral.created_at, found.rows.back().id.value});
  return page;
}

}  // namespace

void ReferralDesk::handle(const Asked& asked, const api::ListReferrals& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  const auto from = read_page_cursor(list.cursor);
  if (!from) return asked->refuse(ErrorCode::kInvalidArgument, "cursor");
  auto scope = list_scope(*who, Action::kListReferrals, list.unit);
  if (!scope) return asked->refuse(scope.error());
  storage::ReferralsAsked rows;
  rows.units = scope->units;
  rows.own = scope->own;
  rows.outgoing = list.box == api::ReferralBox::kOutgoing;
  rows.open_only = list.open_only;
  if (list.overdue_only) rows.overdue_at = who->now;
  rows.after_created_at = from->at;
  rows.after_id = ReferralId{from->id};
  rows.limit = page_size(list.limit);
  office_.read<api::ReferralPage>(
      [who = *who, scope = *scope, rows](storage::ReadTransaction& tx) -> Result<api::ReferralPage> {
        return page_of(tx, who, scope, rows);
      },
      [asked](Result<api::ReferralPage> page) {
        if (!page) return asked->refuse(page.error());
        asked->answer(std::move(*page));
      });
}

}  // namespace kapok::service
