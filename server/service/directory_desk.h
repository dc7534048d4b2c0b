#pragma once

#include "service/office.h"

namespace kapok::service {

/// Reading the tree, its lines and the people: what clients need to name a unit or a colleague. Strand only; answers
/// from memory.
class DirectoryDesk {
 public:
  static constexpr std::uint32_t kRowsMax = 500;

  explicit DirectoryDesk(Office& office) : office_(office) {}

  /// By exact code; else units whose Chinese or English name holds the text, those that equal it first, higher
  /// levels first. Without text the children of `parent`, the root's when that is unset.
  void handle(const Asked& asked, const api::FindUnits& x);
  void handle(const Asked& asked, const api::ListLines& x);
  void handle(const Asked& asked, const api::FindWorkers& x);

 private:
  api::UnitView view(const Unit& unit) const;
  api::WorkerView view(const DirectoryWorker& worker) const;

  Office& office_;
};

}  // namespace kapok::service
