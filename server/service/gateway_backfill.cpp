#include <algorithm>

#include "core/phone_number.h"
#include "service/call_saving.h"
#include "service/gateway_desk.h"
#include "service/unanswered.h"
#include "storage/blind_index.h"

/// Calls that the hunt list took while the server was silent. One that waited with us when we fell silent, or that
/// we had given up for lost, has a row that says unanswered: an answer told now is what counts, and its callback
/// and missed entry are settled with it.
namespace kapok::service {
namespace {

/// One told call on its way into the store. The writer thread uses it, then the strand.
struct Telling {
  storage::CallRow told;
  storage::CallRow row;  ///< as saved
  CallSaving saving;
  bool ended_before = false;  ///< it has a row, which may not be at hand
  bool known = false;         ///< it had a row
  bool news = false;          ///< numbers' attempts and figures change
};

/// The row as it stands after an answer by the hunt list. Its first answer and its contact stay. What the gateway tells
/// lies within the call as we know it: its clock may be behind, and nobody is answered before he rang.
storage::CallRow answered_after_all(storage::CallRow row, const storage::CallRow& told) {
  row.outcome = CallOutcome::kAnswered;
  row.worker = told.worker;
  row.endpoint = told.endpoint;
  row.ended_at = told.ended_at;
  if (row.answered_at.is_set()) return row;
  row.answered_at = std::max(told.answered_at, row.arrived_at);
  row.ended_at = std::max(row.ended_at, row.answered_at);
  row.waited = std::max(Duration{0}, row.answered_at - row.joined_at);
  row.contact = told.contact;
  return row;
}

/// Told before, nobody's answer, or not over for us: the row stays as it is.
bool says_nothing_new(const storage::CallRow& stored, const storage::CallRow& told) {
  if (!told.answered_at.is_set() || stored.test || stored.state != CallState::kEnded) return true;
  const bool other_answerer = told.worker.is_set() && told.worker != stored.worker;
  return stored.answered_at.is_set() && !other_answerer;
}

/// Writer thread. The contact to be written up, or none.
Result<ContactId> save_told(storage::Transaction& tx, Telling& telling, const CityConfig& config,
                            const Changes& changes) {
  storage::CallRow& row = telling.row = telling.told;
  telling.known = telling.news = false;
  const auto known = storage::CallTable::find_ref(tx, row.gateway, row.gw_ref);
  bool again = false;
  // The store is away, and with it what this says more about. The gateway tells it again later.
  if (!known && telling.ended_before) return ErrorCode::kStoreUnavailable;
  if (known) {
    const auto stored = storage::CallTable::get(tx, *known);
    if (!stored) return stored.error();
    if (says_nothing_new(*stored, telling.told)) return stored->contact;
    again = stored->answered_at.is_set();
    row = answered_after_all(*stored, telling.told);
    if (auto done = record_answered_after_all(tx, row); !done) return done.error();
  }
  RowsToSave& rows = telling.saving.rows;
  rows.calls = {row};
  rows.answered.clear();
  rows.answered_again.clear();
  if (row.answered_at.is_set()) (again ? rows.answered_again : rows.answered).push_back(row);
  rows.ended.front().row = row;
  if (auto saved = telling.saving.apply(tx, config, changes); !saved) return saved.error();
  telling.known = known.has_value();
  telling.news = !again;
  return row.contact;
}

bool in_order(const api::Backfill& told, Instant now) {
  const bool answer_inside =
      !told.answered_at.is_set() || (told.arrived_at <= told.answered_at && told.answered_at <= told.ended_at);
  return told.arrived_at.is_set() && told.arrived_at <= told.ended_at && answer_inside &&
         told.ended_at <= now + kGatewayClockMax;
}

}  // namespace

void GatewayDesk::handle(const Asked& asked, const api::Backfill& backfill) {
  Gateway* gateway = heard(asked);
  if (gateway == nullptr || !sound(asked, backfill.gw_ref, backfill.caller)) return;
  if (dialled_line(backfill.dialled) == nullptr) return note_unknown_line(asked);
  if (!in_order(backfill, asked->now))
    return asked->refuse(ErrorCode::kInvalidArgument, "arrived_at, answered_at, ended_at");
  const storage::CallRow told = call_of(*gateway, backfill);
  const LiveCall* live = calls_.calls().by_gateway_ref(gateway->id, backfill.gw_ref);
  if (live == nullptr) return save_backfill(asked, told);
  // He waited with us when we fell silent; the hunt list took him over.
  After after;
  after.done = [this, asked, told](const Result<SavedEvent>& outcome) {
    if (!outcome) return asked->refuse(outcome.error());
    save_backfill(asked, told);
  };
  const auto cause = live->row.test ? routing::LeftCause::kTest : routing::LeftCause::kGatewayLetGo;
  calls_.happened(routing::CallerLeft{live->row.id, cause}, std::move(after));
}

/// The told call as a row of its own, should it have none yet.
storage::CallRow GatewayDesk::call_of(const Gateway& gateway, const api::Backfill& backfill) const {
  const DirectoryLine& line = *dialled_line(backfill.dialled);
  const bool answered = backfill.answered_at.is_set();
  storage::CallRow row;
  row.id = CallId{office_.next_id()};
  row.city = office_.config.city;
  row.episode = row.id;
  row.line = line.id;
  row.unit = line.unit;
  row.gateway = gateway.id;
  row.gw_ref = backfill.gw_ref;
  row.caller = backfill.caller;
  row.state = CallState::kEnded;
  row.arrived_at = backfill.arrived_at;
  row.joined_at = backfill.arrived_at;
  row.answered_at = backfill.answered_at;
  row.ended_at = backfill.ended_at;
  row.outcome = answered ? CallOutcome::kAnswered : CallOutcome::kMissed;
  row.waited = (answered ? backfill.answered_at : backfill.ended_at) - backfill.arrived_at;
  if (!answered) return row;
  row.endpoint = backfill.answered_by;
  row.worker = office_.directory->worker_of(backfill.answered_by);
  row.contact = ContactId{office_.next_id()};
  return row;
}

/// The ended call and what it leaves: a draft to be written up by whoever answered, or a callback.
void GatewayDesk::save_backfill(const Asked& asked, storage::CallRow told) {
  std::string key = storage::blind_index(keys_, storage::BlindKind::kNumber, parse_phone_number(told.caller).canonical);
  if (const CallId episode = calls_.episode_of(key, told); episode.is_set()) told.episode = episode;
  auto telling = std::make_shared<Telling>();
  telling->ended_before = ended_refs_.contains({told.gateway, told.gw_ref});
  telling->told = std::move(told);
  telling->saving.rows.ended.emplace_back();
  telling->saving.take_ids([this] { return office_.next_id(); });
  Changes::Change change;
  change.write_class = storage::WriteClass::kCallEvent;
  change.apply = [this, telling](storage::Transaction& tx) -> Result<api::ReplyBody> {
    auto contact = save_told(tx, *telling, office_.config, office_.changes);
    if (!contact) return contact.error();
    return api::ReplyBody{api::BackfillTaken{*contact}};
  };
  change.deliver = [this, alive = std::weak_ptr(alive_), telling, key = std::move(key)](const api::ReplyBody&) {
    if (!alive.expired() && telling->news) calls_.told_later({telling->row, key, telling->known});
  };
  change.degraded = storage::Degraded::kAllowed;
  office_.changes.save(asked, std::move(change));
}

}  // namespace kapok::service
