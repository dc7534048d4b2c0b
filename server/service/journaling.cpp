#include "service/journaling.h"

#include <bit>
#include <utility>
#include <variant>

#include "routing/command_text.h"
#include "routing/event_text.h"

namespace kapok::service {

void Journaling::begin(std::int64_t last_seq, const routing::CityOptions& options) {
  seq_ = last_seq;
  core_ = routing::core_start_text({program_, options});
  events_since_hash_ = 0;
  unsaved_ = std::make_shared<Unsaved>();
}

storage::JournalRow Journaling::row(storage::JournalId id, Instant at, const routing::Event& event,
                                    const std::vector<routing::Command>& commands, const routing::RoutingCore& core) {
  storage::JournalRow row;
  row.id = id;
  row.city = city_;
  row.seq = ++seq_;
  row.at = at;
  row.event = routing::event_text(event);
  row.core = std::exchange(core_, std::nullopt);
  row.commands = std::bit_cast<std::int64_t>(routing::digest_of(commands));
  ++events_since_hash_;
  if (!hash_is_due(at, event)) return row;
  row.state_hash = std::bit_cast<std::int64_t>(core.state_hash());
  events_since_hash_ = 0;
  hashed_day_ = day_of(at, utc_offset_);
  return row;
}

bool Journaling::hash_is_due(Instant at, const routing::Event& event) const {
  if (std::holds_alternative<routing::Restarted>(event)) return true;
  return events_since_hash_ >= kEventsPerStateHash || day_of(at, utc_offset_) != hashed_day_;
}

}  // namespace kapok::service
