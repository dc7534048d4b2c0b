#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "casework/contact.h"
#include "core/id.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

using ContactCorrectionId = Id<struct ContactCorrectionTag>;

/// One correction of a finalised contact with the whole text it replaced; written once, never changed.
struct ContactCorrectionRow : RecordRow<ContactCorrectionId> {
  static constexpr const char* kTable = "contact_correction";

  ContactId contact;
  std::uint64_t contact_version = 0;  ///< version of the contact it produced
  Instant at;
  WorkerId by;
  std::string reason;
  std::string changed_fields;  ///< names of ContactFields, comma between
  std::string before;          ///< written by encode_contact_fields
};

template <class V>
void columns(V& v, ContactCorrectionRow& r) {
  v.plain("contact_id", r.contact);
  v.plain("contact_version", r.contact_version);
  v.plain("at", r.at);
  v.plain("by_worker", r.by);
  v.sealed("reason", r.reason);
  v.plain("changed_fields", r.changed_fields);
  v.sealed("before_text", r.before);
}

/// A contact's fields as one text: for each field `name length:value`, so that any text survives whole.
std::string encode_contact_fields(const casework::ContactFields& fields);
/// ROW_DAMAGED for anything encode_contact_fields did not write. Names that no longer exist read as not recorded.
Result<casework::ContactFields> decode_contact_fields(std::string_view text);

struct ContactCorrectionTable {
  static Result<> append(Transaction& tx, ContactCorrectionId id, const casework::Correction& correction,
                         const casework::ContactFields& after);
  /// Oldest first.
  static Selection<ContactCorrectionRow> of_contact(ReadTransaction& tx, ContactId contact);
};

}  // namespace kapok::storage
