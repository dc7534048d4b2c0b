#include "service/saved_event.h"

namespace kapok::service {

const LiveCall* SavedEvent::call(CallId id) const {
  for (const LiveCall& call : calls)
    if (call.row.id == id) return &call;
  return nullptr;
}

const routing::WorkerView* SavedEvent::worker(WorkerId id) const {
  for (const routing::WorkerView& view : workers)
    if (view.worker == id) return &view;
  return nullptr;
}

}  // namespace kapok::service
