#pragma once

#include <memory>

#include "config.h"
#include "core/result.h"
#include "ops/log.h"
#include "service/clock.h"
#include "storage/key_ring.h"
#include "storage/store_care.h"

namespace kapok {

/// Begins to look after the rows of a city's store, with its nights at 03:00 local, and warns while the present keys
/// are not backed up. Stop it before the writer; `clock` and `log` outlive it.
Result<std::unique_ptr<storage::StoreCare>> open_care(const Config& config, storage::Database& database,
                                                      storage::Writer& writer, storage::KeyRing& keys,
                                                      const service::Clock& clock, ops::Log& log);

}  // namespace kapok
