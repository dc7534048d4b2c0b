#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/contact.h"
#include "casework/contact.h"
#include "service/contact_access.h"
#include "service/id_stock.h"
#include "service/office.h"
#include "service/who.h"
#include "storage/search_index.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Writing contacts and opening them again: drafts, finalising, corrections, confirmation, review, contacts
/// entered by hand. Strand only; rows are read, judged and written in one transaction on the writer thread.
///
/// Every change is a compare-and-set on the version: VERSION_CONFLICT names the current one. Finalising writes
/// the contact, its needs, its orders and the search index together or not at all, and is refused WRONG_STATE while
/// the call lasts. Opening a record is committed to the audit trail before the answer, once per session, record and 15
/// minutes (record_openings.h).
class ContactDesk {
 public:
  /// Told on the strand after COMMIT of whatever changed a contact; `contact` as it now stands.
  using Listener = std::function<void(const casework::Contact& contact)>;
  /// The caller's canonical number in the worker's live call or offer; empty when there is none.
  using LiveCaller = std::function<std::string(WorkerId)>;

  ContactDesk(Office& office, storage::SearchIndex& index);

  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  void ask_live_caller(LiveCaller live_caller) { live_caller_ = std::move(live_caller); }

  void handle(const Asked& asked, const api::SaveDraft& save);
  void handle(const Asked& asked, const api::FinaliseContact& finalise);
  void handle(const Asked& asked, const api::CorrectContact& correct);
  void handle(const Asked& asked, const api::ConfirmContact& confirm);
  void handle(const Asked& asked, const api::ReviewContact& review);
  void handle(const Asked& asked, const api::RecordManual& record);
  void handle(const Asked& asked, const api::ShowContact& show);
  void handle(const Asked& asked, const api::ListDrafts& list);

 private:
  struct Shown;

  using Write = std::function<Result<api::ContactSaved>(storage::Transaction&, const Who&, casework::Contact&)>;
  void save(const Asked& asked, ContactId id, Write write, storage::Degraded degraded = storage::Degraded::kNotAllowed);
  Result<api::ContactSaved> finish(storage::Transaction& tx, const CityConfig& config, const Who& who,
                                   casework::Contact& contact, const std::vector<api::Dispatch>& dispatches,
                                   IdStock& ids) const;
  Result<api::ReplyBody> write_manual(storage::Transaction& tx, const CityConfig& config, const Who& who,
                                      const api::RecordManual& asking, IdStock& ids, casework::Contact& after) const;
  void tell(const casework::Contact& contact) const;
  void answer_shown(const Asked& asked, const Who& who, Shown shown, const BreakGlassReason& glass);

  Office& office_;
  storage::SearchIndex& index_;
  std::vector<Listener> listeners_;
  LiveCaller live_caller_;
  /// Until when a session may read a record by a broken glass.
  std::map<std::pair<SessionId, ContactId>, Instant> glass_until_;
};

inline constexpr std::size_t kDraftsListedMax = 50;

}  // namespace kapok::service
