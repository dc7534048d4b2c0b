#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "routing/events.h"
#include "routing/routing_core.h"

/// Routing events as the journal keeps them (decision 20), and back. Pure; written by the service, read by whoever
/// replays a day.
namespace kapok::routing {

/// One line: the event's name, then its fields (field_text.h). Contains keys and ids, never a number or a name of a
/// person: sealed in the store, never logged.
std::string event_text(const Event& event);

/// Reads it back; event_text() of the result is `text` again. kInvalidArgument names the field and the byte at which
/// reading stopped. Any bytes may be given.
Result<Event> parse_event(std::string_view text);

/// How a core was born, kept beside the first event of each start: without it no other core gives the same answers.
struct CoreStart {
  std::string program;  ///< version that decided; another one may rightly decide otherwise
  CityOptions options;
};
std::string core_start_text(const CoreStart& start);
Result<CoreStart> parse_core_start(std::string_view text);

}  // namespace kapok::routing
