#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "service/asked.h"
#include "service/office.h"

namespace kapok::service {

/// Makes sure that a change asked for twice happens once (decision 24). Strand only.
///
/// A key above every key of the session is new. A key under way gets the answer of the first asking. Any
/// other key is looked up in the store: the stored first answer is sent again when the content is the same,
/// KEY_REUSED when it is not, STALE_REQUEST when it is older than what the store keeps or the asker's roles have
/// changed since. A key whose request was refused changed nothing and is simply carried out.
class Repeats {
 public:
  explicit Repeats(Office& office) : office_(office) {}

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
  void finished(Key key, const api::Reply& reply);

  Office& office_;
  std::map<Key, UnderWay> under_way_;
};

}  // namespace kapok::service
