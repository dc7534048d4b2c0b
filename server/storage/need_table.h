#pragma once

#include <cstdint>
#include <vector>

#include "casework/need.h"
#include "core/id.h"
#include "core/result.h"
#include "storage/row_codec.h"
#include "storage/selection.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// One need of a contact at its place on the form. `need.id` is not used: the row's stands for it.
struct NeedRow : RecordRow<NeedId> {
  static constexpr const char* kTable = "need";

  ContactId contact;
  std::uint32_t position = 0;
  casework::Need need;
};

template <class V>
void columns(V& v, NeedRow& r) {
  casework::Need& n = r.need;
  v.plain("contact_id", r.contact);
  v.plain("position", r.position);
  v.plain("kind", n.kind);
  v.plain("urgency", n.urgency);
  v.plain("state", n.state);
  v.sealed("detail", n.detail);
  v.plain("quantity", n.quantity);
  v.plain("referral_id", n.referral);
}

/// Needs, always read and written as the list of one contact. Errors as in table.h.
struct NeedTable {
  /// Makes the stored list equal to `needs`, touching only rows that differ.
  static Result<> replace(Transaction& tx, ContactId contact, const std::vector<casework::Need>& needs);

  /// In the order of the form. ROW_DAMAGED when one of them is.
  static Result<std::vector<casework::Need>> of_contact(ReadTransaction& tx, ContactId contact);

  /// Kinds only, for lists; damaged needs are left out.
  static std::vector<casework::NeedKind> kinds_of_contact(ReadTransaction& tx, ContactId contact);
};

}  // namespace kapok::storage
