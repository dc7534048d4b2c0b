#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/check.h"
#include "service/office.h"

namespace kapok::service {

/// Ids taken on the strand for use on the writer thread: `apply` may need some, and only the strand gives them
/// out. Taking more than were put in is our mistake. Ids that stay unused are lost, which nobody minds.
class IdStock {
 public:
  IdStock(const Office& office, std::size_t count) : IdStock(office.next_id, count) {}
  IdStock(const std::function<std::int64_t()>& next_id, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) ids_.push_back(next_id());
  }

  template <class IdType>
  IdType take() {
    KAPOK_CHECK(next_ < ids_.size());
    return IdType{ids_[next_++]};
  }

 private:
  std::vector<std::int64_t> ids_;
  std::size_t next_ = 0;
};

}  // namespace kapok::service
