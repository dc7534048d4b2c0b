#pragma once

#include "app.h"

namespace kapok {

/// Opens a city's store under its lock, reads the city back and makes it ready to be asked. Blocks until then; `io`
/// must not be running yet and is used to run what the start needs.
///
/// Errors are one sentence for the operator: no store (`kapokctl init` makes one), keys missing or readable by
/// others, a second instance, a newer schema, a practice clock on a store that is not for practice.
Result<OpenedService> open_city(boost::asio::io_context& io, const Config& config, ops::Log& log);

}  // namespace kapok
