#pragma once

#include <string>

#include "routing/events.h"

namespace kapok::service {

/// One routing event as a line of text for the journal: its name, then `field=value` in a fixed order; lists in
/// brackets, text as hexadecimal. Events of a kind always have the same fields, so a day can be read back.
/// Contains keys and ids: sealed in the store, never logged.
std::string event_text(const routing::Event& event);

}  // namespace kapok::service
