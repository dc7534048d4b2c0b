#include "service/office.h"

namespace kapok::service {

bool Office::require(const Asked& asked, Action action, const Object& object) const {
  if (!asked->session) {
    asked->refuse(ErrorCode::kNotSignedIn);
    return false;
  }
  const auto permitted = may(directory->tree(), asked->session->subject, action, object);
  if (!permitted) asked->refuse(permitted.error());
  return permitted.ok();
}

}  // namespace kapok::service
