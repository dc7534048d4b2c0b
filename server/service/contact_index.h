#pragma once

#include <string>
#include <vector>

#include "casework/contact.h"
#include "core/id.h"
#include "core/result.h"
#include "service/directory.h"
#include "storage/search_index.h"
#include "storage/search_tokens.h"
#include "storage/transaction.h"

namespace kapok::service {

/// Everything of a contact that can be found by its text, one piece a line. Numbers have indices of their own.
std::string searchable_text(const casework::Contact& contact);

/// Fact token by which a search is narrowed to one unit and everything below it.
std::string unit_token(const storage::SearchTokens& tokens, UnitId unit);

/// The same for what one worker answered or wrote, wherever it was dialled.
std::string worker_token(const storage::SearchTokens& tokens, WorkerId worker);

/// Writes or replaces a finalised contact in the search index, within the transaction that changes it. Writer thread.
Result<> index_contact(storage::Transaction& tx, storage::SearchIndex& index, const Directory& directory,
                       const casework::Contact& contact);

}  // namespace kapok::service
