#include "routing/gaps.h"

#include "core/planted_fault.h"

namespace kapok::routing {

void settle_gaps(State& state) {
  state.touched_nodes.drain([&](NodeIx ix) {
    Node& node = state.nodes[ix];
    const bool open = node.answered_lines > 0 && node.counts.on_duty == 0;
    if (open == node.gap.has_value() || ix == kDutyNode) return;
    if (open) {
      const GapKind kind = node.counts.on_shift == 0 ? GapKind::kNobodyOnShift : GapKind::kNobodyReachable;
      node.gap = Gap{state.now, kind};
      state.order(NoteGap{node.id, state.now, kind});
    } else if (!KAPOK_IS_PLANTED(gap_stays_open)) {
      state.order(CloseGap{node.id, node.gap->from, state.now});
      node.gap.reset();
    }
  });
}

}  // namespace kapok::routing
