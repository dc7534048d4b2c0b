#include <algorithm>
#include <cctype>

#include "core/phone_number.h"
#include "core/text.h"
#include "service/contact_desk.h"
#include "service/list_scope.h"
#include "service/log_rows.h"
#include "service/opening_audit.h"
#include "storage/call_leg_table.h"
#include "storage/call_table.h"
#include "storage/contact_correction_table.h"
#include "storage/contact_table.h"
#include "storage/name_list.h"
#include "storage/need_table.h"
#include "storage/referral_table.h"

/// Opening one record and listing unfinished ones.
namespace kapok::service {

/// One record as read, with the right by which it is shown.
struct ContactDesk::Shown {
  api::ContactView view;
  Sight sight;
  bool assigned = false;
};

namespace {

struct Asking {
  ContactId contact;
  std::string display_number;
  bool glass_broken = false;
  std::string live_caller;
};

bool is_about(const casework::Contact& contact, const std::string& canonical) {
  if (canonical.empty()) return false;
  return parse_phone_number(contact.caller_number).canonical == canonical ||
         parse_phone_number(contact.fields.person_number).canonical == canonical;
}

/// Decision 7: the records of a caller whom one serves now, or whose contact one has not finished.
bool is_assigned(storage::ReadTransaction& tx, const Who& who, const casework::Contact& contact,
                 const std::string& live_caller) {
  if (casework::is_assigned(contact, who.worker, who.now)) return true;
  if (took_over(tx, contact, who.worker, who.now) || is_about(contact, live_caller)) return true;
  const auto drafts = storage::ContactTable::drafts_of_worker(tx, who.worker, kDraftsListedMax);
  return std::any_of(drafts.rows.begin(), drafts.rows.end(), [&](const storage::ContactRow& row) {
    return is_about(contact, parse_phone_number(row.contact.caller_number).canonical);
  });
}

void put_names(api::ContactView& view, const Directory& directory) {
  const casework::Contact& contact = view.contact;
  view.display_number = contact.display_number;
  view.unit_zh = directory.unit_zh(contact.unit);
  view.line_zh = directory.line_zh(contact.line);
  view.answered_by_name = directory.worker_name(contact.fields.answered_by);
  view.written_by_name = directory.worker_name(contact.written_by);
  view.reviewed_by_name = directory.worker_name(contact.reviewed_by);
}

void put_corrections(api::ContactView& view, storage::ReadTransaction& tx, const Directory& directory) {
  const auto found = storage::ContactCorrectionTable::of_contact(tx, view.contact.id);
  for (const auto& row : found.rows)
    view.corrections.push_back({row.at, directory.worker_name(row.by), view.masked ? std::string{} : row.reason,
                                storage::split_list(row.changed_fields)});
  for (std::size_t i = 0; i < found.damaged_ids.size(); ++i)
    view.corrections.push_back({Instant{}, std::string(name_of(ErrorCode::kRowDamaged)), {}, {}});
}

/// Who talked with the caller, one after the other.
void put_talks(api::ContactView& view, storage::ReadTransaction& tx, const Directory& directory) {
  if (!view.contact.call.is_set()) return;
  for (const storage::CallLegRow& leg : storage::CallLegTable::of_call(tx, view.contact.call).rows) {
    if (!leg.answered_at.is_set()) continue;
    api::Talk talk{directory.worker_name(leg.worker),
                   leg.reason.value_or(routing::OfferReason::kRing),
                   leg.answered_at,
                   leg.ended_at,
                   leg.transfer_kind,
                   directory.worker_name(leg.transfer_to),
                   leg.transfer_end};
    if (talk.passed_to.empty()) talk.passed_to = directory.unit_zh(leg.transfer_unit);
    view.talks.push_back(std::move(talk));
  }
}

api::ContactView view_of(storage::ReadTransaction& tx, const Who& who, casework::Contact contact, bool masked) {
  api::ContactView view;
  view.masked = masked;
  if (contact.call.is_set()) {
    if (const auto call = storage::CallTable::get(tx, contact.call)) {
      view.outcome = call->outcome;
      contact.ended_at = call->ended_at;
    }
  }
  view.caller_number =
      masked ? masked_number(contact.caller_number) : written(parse_phone_number(contact.caller_number));
  if (masked) mask(contact);
  view.contact = std::move(contact);
  put_names(view, *who.directory);
  put_corrections(view, tx, *who.directory);
  put_talks(view, tx, *who.directory);
  view.referrals = storage::ReferralTable::of_contact(tx, view.contact.id);
  return view;
}

/// Without the store only the records of those whom one serves now are read (decision 18).
template <class Shown>
bool out_of_reach(const Result<Shown>& shown) {
  return shown ? !shown->assigned : shown.error().code == ErrorCode::kUnknownContact;
}

std::string upper(std::string_view text) {
  std::string out(trimmed(text));
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

Result<ContactId> which(storage::ReadTransaction& tx, CityId city, const Asking& asking) {
  if (asking.contact.is_set()) return asking.contact;
  return storage::ContactTable::find_display_number(tx, city, upper(asking.display_number));
}

}  // namespace

void ContactDesk::handle(const Asked& asked, const api::ShowContact& show) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  BreakGlassReason glass;
  if (show.break_glass) {
    auto parsed = parse_break_glass_reason(show.reason);
    if (!parsed) return asked->refuse(parsed.error());
    glass = std::move(*parsed);
  } else if (auto checked = check_line(show.reason, "reason", kReasonCharsMax); !checked) {
    return asked->refuse(checked.error());
  } else {
    glass.text = show.reason;
  }
  const auto before = glass_until_.find({who->session, show.contact});
  const bool still_broken = before != glass_until_.end() && asked->now < before->second;
  Asking asking{show.contact, show.display_number, show.break_glass || still_broken,
                live_caller_ ? live_caller_(who->worker) : std::string{}};
  office_.read_at_hand<Shown>(
      [asking, who = *who, city = office_.config.city](storage::ReadTransaction& tx) -> Result<Shown> {
        const auto id = which(tx, city, asking);
        if (!id) return id.error();
        auto contact = storage::ContactTable::get(tx, *id);
        if (!contact) return contact.error();
        const bool assigned = is_assigned(tx, who, *contact, asking.live_caller);
        const auto sight = sight_of(who, *contact, assigned, asking.glass_broken);
        if (!sight) return sight.error();
        return Shown{view_of(tx, who, std::move(*contact), sight->masked), *sight, assigned};
      },
      [this, asked, who = *who, glass](Result<Shown> shown, bool whole) {
        if (!whole && out_of_reach(shown)) return asked->refuse(ErrorCode::kStoreUnavailable);
        if (!shown) return asked->refuse(shown.error());
        answer_shown(asked, who, std::move(*shown), glass);
      });
}

void ContactDesk::answer_shown(const Asked& asked, const Who& who, Shown shown, const BreakGlassReason& glass) {
  std::erase_if(glass_until_, [now = asked->now](const auto& entry) { return now >= entry.second; });
  const std::pair key{who.session, shown.view.contact.id};
  OpeningAsked opening;
  opening.opening = {who.session, who.worker, storage::AuditObject::kContact, key.second.value, shown.assigned};
  if (shown.assigned) opening.degraded = storage::Degraded::kAllowed;
  opening.scope = shown.sight.scope;
  opening.text = glass.text;
  opening.breaks_glass = shown.sight.break_glass && !glass_until_.contains(key);
  if (opening.breaks_glass) opening.reason = glass.code;
  auto opened = [this, key, breaks = opening.breaks_glass, until = asked->now + kBreakGlassTime] {
    if (breaks) glass_until_[key] = until;
  };
  answer_opened(office_, asked, who, std::move(opening), std::move(shown.view), std::move(opened));
}

void ContactDesk::handle(const Asked& asked, const api::ListDrafts& list) {
  auto who = who_asks(office_, asked);
  if (!who) return;
  storage::UnitSet units;
  if (list.unit.is_set()) {
    if (office_.degraded) return asked->refuse(ErrorCode::kStoreUnavailable);
    auto scope = list_scope(*who, Action::kListDrafts, list.unit);
    if (!scope) return asked->refuse(scope.error());
    units = std::move(scope->units);
    if (units.empty()) return asked->refuse(ErrorCode::kForbidden, "list_drafts");
  } else if (!office_.require(asked, Action::kListDrafts, {asked->session->unit, who->worker, false})) {
    return;
  }
  office_.read_at_hand<api::LogPage>(
      [who = *who, units](storage::ReadTransaction& tx) -> Result<api::LogPage> {
        const auto drafts = units.empty() ? storage::ContactTable::drafts_of_worker(tx, who.worker, kDraftsListedMax)
                                          : storage::ContactTable::drafts_in(tx, units, kDraftsListedMax);
        api::LogPage page;
        for (const storage::ContactRow& row : drafts.rows) {
          LogFacts facts{std::nullopt, storage::ContactTable::contact_of(row)};
          if (row.contact.call.is_set())
            if (auto call = storage::CallTable::get(tx, row.contact.call)) facts.call = std::move(*call);
          page.rows.push_back(log_row(*who.directory, facts));
        }
        for (const std::int64_t id : drafts.damaged_ids)
          page.rows.push_back(damaged_log_row(CallId{}, ContactId{id}, Instant{}));
        return page;
      },
      [asked, own = units.empty()](Result<api::LogPage> page, bool whole) {
        if (!whole && !own) return asked->refuse(ErrorCode::kStoreUnavailable);
        if (!page) return asked->refuse(page.error());
        asked->answer(std::move(*page));
      });
}

}  // namespace kapok::service
