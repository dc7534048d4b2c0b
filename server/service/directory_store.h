#pragma once

#include <memory>

#include "core/id.h"
#include "core/result.h"
#include "service/directory.h"
#include "storage/transaction.h"

namespace kapok::service {

/// The directory as the store has it: at start and after each import. Lines whose time is over and people who left
/// are not in it. ROW_DAMAGED when units do not make a tree; other damaged rows are left out (`store scan` names
/// them). Reader or writer thread.
Result<std::shared_ptr<const Directory>> load_directory(storage::ReadTransaction& tx, CityId city, Instant now);

}  // namespace kapok::service
