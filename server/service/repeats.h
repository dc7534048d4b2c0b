#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "service/asked.h"
#include "service/office.h"

namespace kapok::service {

/// Makes sure that a change asked for twice happens once (decision 24). Strand only.
///
/// A key above every key of the session is new. A key under way gets the answer of the first asking. Any
/// other key is looked up in the store: the stored first answer is sent again when the content is the same,
/// KEY_REUSED when it is not, STALE_REQUEST when it is older than what the store keeps or the asker's roles have
/// changed since. A key whose request was refused changed nothing and is simply carried out.
///
/// While the store is away its replies cannot be looked up. A reply that is at hand is sent again; a key known to have
/// been refused is carried out; any other one that is not above all others hears STORE_UNAVAILABLE, because it may have
/// been carried out before.
class Repeats {
 public:
  explicit Repeats(Office& office) : office_(office), tidying_(office.strand) {}

  /// Begins to let go, now and once an hour, of what ended sessions have left in the store.
  void start();

  /// Calls `carry_out` at once, later, or never; answers in the latter case.
  void admit(const Asked& asked, std::function<void(const Asked&)> carry_out);

 private:
  using Key = std::pair<SessionId, std::uint64_t>;
  struct UnderWay {
    std::string body_bytes;
    std::vector<Asked> waiting;
  };

  void begin(const Asked& asked, const std::function<void(const Asked&)>& carry_out);
  void join(UnderWay& first, const Asked& asked);
  void look_up(const Asked& asked, std::function<void(const Asked&)> carry_out);
  /// Of a key whose reply was not found, by a look that saw the whole store or not.
  void not_found(const Asked& asked, bool whole, const std::function<void(const Asked&)>& carry_out);
  void finished(Key key, const api::Reply& reply);
  void note_refusal(Key key, const api::Reply& reply);
  void tidy();
  void tidy(std::vector<std::int64_t> ended);

  Office& office_;
  std::map<Key, UnderWay> under_way_;
  std::set<Key> refused_;  ///< of the latest kRefusedKept refusals
  std::deque<Key> refusals_;
  boost::asio::steady_timer tidying_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
