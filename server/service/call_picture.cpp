#include <set>

#include "core/phone_number.h"
#include "service/call_desk.h"

/// What those told after COMMIT will see: taken right after the decision (service/saved_event.h).
namespace kapok::service {
namespace {

/// Places of callers waiting at the same unit are shown anew when one of them moves; a longer queue keeps its
/// older figures until its own callers move.
constexpr std::int32_t kNeighboursMax = 32;

struct Named {
  std::set<CallId> calls;
  std::set<WorkerId> workers;
  std::set<UnitId> units;

  template <class C>
  void add(const C& command) {
    if constexpr (requires { command.call; }) calls.insert(command.call);
    if constexpr (requires { command.worker; }) workers.insert(command.worker);
    if constexpr (requires { command.relieves; }) workers.insert(command.relieves);
    if constexpr (requires { command.unit; }) units.insert(command.unit);
  }
};

/// Everything the commands are about, and workers beside.
Named named_by(const std::vector<routing::Command>& commands, const std::vector<WorkerId>& more) {
  Named named;
  for (const routing::Command& command : commands) std::visit([&](const auto& said) { named.add(said); }, command);
  named.workers.insert(more.begin(), more.end());
  named.workers.erase(WorkerId{});
  return named;
}

}  // namespace

void CallDesk::picture(SavedEvent& saved, const std::vector<LiveCall>& ended, const std::vector<WorkerId>& more) {
  const Named named = named_by(saved.commands, more);
  std::set<CallId> places = named.calls;
  for (const UnitId unit : named.units) {
    if (core_->counters(unit).calls_waiting > kNeighboursMax) continue;
    for (const routing::CallView& neighbour : core_->calls_of(unit))
      if (neighbour.unit == unit && neighbour.state == CallState::kWaiting) places.insert(neighbour.call);
  }
  for (const LiveCall& call : ended) saved.calls.push_back(call);
  for (const CallId id : places) {
    if (const LiveCall* call = calls().find(id)) saved.calls.push_back(*call);
    if (const auto view = core_->call(id)) saved.places.push_back({*view, core_->position(id)});
  }
  std::set<UnitId> touched;
  const Tree& tree = told_directory_->tree();
  const auto touch = [&](UnitId unit) {
    if (tree.find(unit) == nullptr) return;
    for (const UnitId above : tree.path_up(unit)) touched.insert(above);
  };
  for (const UnitId unit : named.units) touch(unit);
  for (const CallPlace& place : saved.places) touch(place.view.unit);
  for (const LiveCall& call : saved.calls) touch(call.row.unit);
  for (const WorkerId id : named.workers) {
    for (const UnitId unit : covers_[id]) touch(unit);
    const auto view = core_->worker(id);
    if (!view) continue;
    for (const UnitId unit : view->covers) touch(unit);
    covers_[id] = view->covers;
    saved.workers.push_back(*view);
  }
  for (const UnitId unit : touched) saved.units.push_back({unit, core_->counters(unit)});
}

void CallDesk::picture_everything(SavedEvent& saved) const {
  const Tree& tree = told_directory_->tree();
  if (tree.empty()) return;
  saved.places.clear();
  saved.workers.clear();
  saved.units.clear();
  for (const auto& gap : core_->gaps()) saved.gaps.push_back(gap.unit);
  for (const auto& [id, call] : calls().all())
    if (saved.call(id) == nullptr) saved.calls.push_back(call);
  for (const auto& view : core_->calls_of(tree.root())) saved.places.push_back({view, core_->position(view.call)});
  for (const auto& view : core_->workers_of(tree.root())) saved.workers.push_back(view);
  for (const Unit& unit : tree.units())
    if (unit.kind != UnitKind::kPoint) saved.units.push_back({unit.id, core_->counters(unit.id)});
}

api::CallView CallDesk::view(const LiveCall& call) const {
  const Directory& directory = *office_.directory;
  api::CallView view;
  view.call = call.row.id;
  view.contact = call.row.contact;
  view.contact_version = call.contact_version;
  view.display_number = call.display_number;
  view.line_zh = directory.line_zh(call.row.line);
  if (const DirectoryLine* line = directory.line(call.row.line)) view.line_number = line->number;
  view.unit = call.row.unit;
  view.unit_zh = directory.unit_zh(call.row.unit);
  view.caller_masked = masked(parse_phone_number(call.row.caller));
  view.caller_class = call.row.base;
  view.state = call.row.state;
  view.arrived_at = call.row.arrived_at;
  view.answered_at = call.row.answered_at;
  view.being_dialled = call.row.is_kept();
  view.from_name = directory.worker_name(call.passed_by);
  return view;
}

}  // namespace kapok::service
