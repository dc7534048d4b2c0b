#include "service/repeats.h"

#include <chrono>
#include <optional>
#include <string>

#include "storage/reply_table.h"

namespace kapok::service {
namespace {

/// In real time; a day's sessions leave far less than goes in a day.
constexpr std::chrono::hours kTidiedEvery{1};
constexpr std::int64_t kTidiedAtOnce = 5'000;

/// Refused keys remembered, of all sessions together: a client repeats what it did not hear within seconds.
constexpr std::size_t kRefusedKept = 10'000;

/// Permission is checked again before an answer is repeated (decision 24): what one was told under other rights
/// one has to ask for anew.
Result<std::optional<std::string>> kept_reply(storage::ReadTransaction& tx, storage::RequestKey key,
                                              const std::string& body, const std::string& rights) {
  auto kept = storage::ReplyTable::find(tx, key, body);
  if (!kept || !*kept) return kept;
  const std::string mark = Changes::rights_mark(tx.keys(), rights);
  if (!(*kept)->starts_with(mark))
    return Error{ErrorCode::kStaleRequest, "answered when you held other roles; look whether it happened"};
  return std::optional((*kept)->substr(mark.size()));
}

}  // namespace

void Repeats::admit(const Asked& asked, std::function<void(const Asked&)> carry_out) {
  if (!api::needs_key(asked->request.body)) return carry_out(asked);
  if (!asked->session) return asked->refuse(ErrorCode::kNotSignedIn);
  if (!asked->request.key)
    return asked->refuse(ErrorCode::kMissingKey, "this request changes something and needs a key");

  const Key key{asked->session->id, *asked->request.key};
  if (const auto first = under_way_.find(key); first != under_way_.end()) return join(first->second, asked);
  if (key.second > asked->session->last_key) {
    asked->session->last_key = key.second;
    return begin(asked, carry_out);
  }
  look_up(asked, std::move(carry_out));
}

void Repeats::begin(const Asked& asked, const std::function<void(const Asked&)>& carry_out) {
  const Key key{asked->session->id, *asked->request.key};
  asked->rights = rights_of(asked->session->subject);
  under_way_[key] = {asked->request.body_bytes, {}};
  asked->reply = [this, key, first = std::move(asked->reply)](api::Reply reply) {
    finished(key, reply);
    first(std::move(reply));
  };
  carry_out(asked);
}

void Repeats::join(UnderWay& first, const Asked& asked) {
  if (first.body_bytes != asked->request.body_bytes) return asked->refuse(ErrorCode::kKeyReused);
  first.waiting.push_back(asked);
}

void Repeats::look_up(const Asked& asked, std::function<void(const Asked&)> carry_out) {
  const storage::RequestKey key{asked->session->id.value, static_cast<std::int64_t>(*asked->request.key)};
  using Kept = std::optional<std::string>;
  office_.read_at_hand<Kept>([key, body = asked->request.body_bytes, rights = rights_of(asked->session->subject)](
                                 storage::ReadTransaction& tx) { return kept_reply(tx, key, body, rights); },
                             [this, asked, carry_out = std::move(carry_out)](Result<Kept> kept, bool whole) {
                               if (!kept) return asked->refuse(kept.error());
                               if (*kept)
                                 return asked->answer(api::Stored{std::move(**kept)},
                                                      whole ? api::Saved::kStore : api::Saved::kSpool);
                               not_found(asked, whole, carry_out);
                             });
}

/// The first asking was refused, or is being asked a second time at this moment, or its answer is not at hand.
void Repeats::not_found(const Asked& asked, bool whole, const std::function<void(const Asked&)>& carry_out) {
  const Key key{asked->session->id, *asked->request.key};
  if (const auto first = under_way_.find(key); first != under_way_.end()) return join(first->second, asked);
  if (!whole && !refused_.contains(key))
    return asked->refuse(ErrorCode::kStoreUnavailable, "whether this was done before cannot be looked up now");
  begin(asked, carry_out);
}

void Repeats::start() { tidy(); }

void Repeats::tidy() {
  using Sessions = std::vector<std::int64_t>;
  office_.read<Sessions>(
      [now = office_.clock.now()](storage::ReadTransaction& tx) -> Result<Sessions> {
        return storage::ReplyTable::ended_sessions(tx, now, kTidiedAtOnce);
      },
      [this, alive = std::weak_ptr(alive_)](const Result<Sessions>& ended) {
        if (!alive.expired()) tidy(ended ? *ended : Sessions{});
      });
}

/// One small change after the other, behind everything else that waits.
void Repeats::tidy(std::vector<std::int64_t> ended) {
  if (ended.empty()) {
    tidying_.expires_after(kTidiedEvery);
    tidying_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code& failed) {
      if (!failed && !alive.expired()) tidy();
    });
    return;
  }
  auto more = std::make_shared<bool>(false);
  office_.changes.save(
      storage::WriteClass::kReadAudit,
      [more, session = ended.back()](storage::Transaction& tx) -> Result<> {
        *more = storage::ReplyTable::let_go(tx, session);
        return Done{};
      },
      [this, alive = std::weak_ptr(alive_), more, ended](const storage::WriteOutcome& outcome) mutable {
        if (alive.expired()) return;
        if (!outcome.result) ended.clear();
        if (!*more && !ended.empty()) ended.pop_back();
        tidy(std::move(ended));
      });
}

/// A failed save is no refusal: it may lie in the store after all.
void Repeats::note_refusal(Key key, const api::Reply& reply) {
  const bool refused = !reply.body.ok() && reply.body.error().code != ErrorCode::kStoreUnavailable;
  if (!refused || !refused_.insert(key).second) return;
  refusals_.push_back(key);
  if (refusals_.size() <= kRefusedKept) return;
  refused_.erase(refusals_.front());
  refusals_.pop_front();
}

void Repeats::finished(Key key, const api::Reply& reply) {
  const auto first = under_way_.find(key);
  if (first == under_way_.end()) return;
  note_refusal(key, reply);
  const auto waiting = std::move(first->second.waiting);
  under_way_.erase(first);
  for (const auto& asked : waiting) {
    if (reply.body.ok()) {
      asked->answer(*reply.body, reply.saved);
    } else {
      asked->refuse(reply.body.error());
    }
  }
}

}  // namespace kapok::service
