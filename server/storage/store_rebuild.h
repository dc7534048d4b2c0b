#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/id.h"
#include "storage/transaction.h"

/// What `kapokctl store scan --rebuild` remakes: everything in the store that follows from its rows. Offline, through
/// the writer, one index or one stretch of contacts a transaction, so that it may be stopped and begun again.
namespace kapok::storage {

/// Indices of the store's tables, those of its keys too.
std::vector<std::string> index_names(ReadTransaction& tx);
/// Makes one anew from its table. Throws StoreFailure when the rows do not allow it: two of one unique key.
void remake_index(Transaction& tx, const std::string& name);

/// Forgets every document. An index too damaged to be emptied is dropped and made anew.
void empty_search(Transaction& tx);
/// Finalised contacts, which alone are found by their text, after `after`, by id.
std::vector<ContactId> finalised_contacts(ReadTransaction& tx, ContactId after, std::int64_t limit);
std::int64_t count_finalised_contacts(ReadTransaction& tx);
std::int64_t count_search_documents(ReadTransaction& tx);
/// What the search index finds wrong with itself; empty when sound.
std::string search_fault(Transaction& tx);

}  // namespace kapok::storage
