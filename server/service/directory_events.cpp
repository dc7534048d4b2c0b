#include "service/directory_events.h"

#include <algorithm>

#include "core/skill.h"
#include "routing/policy.h"

namespace kapok::service {
namespace {

static_assert(count_of<Skill>() < 62, "routing keeps the bits above for itself");

/// Routing is told the preset in force: it knows of no inheritance.
routing::Unit routing_unit(const Tree& tree, const Unit& unit) {
  return {unit.id, unit.parent, unit.kind, tree.preset_of(unit.id)};
}

routing::Line routing_line(const DirectoryLine& line) {
  return {line.id, line.unit, line.mode, line.crisis, line.required_skills};
}

/// Nothing of anybody else rings, whatever the roster says.
bool takes_calls(const DirectoryWorker& worker) {
  return std::ranges::any_of(worker.roles, [](const RoleGrant& grant) { return grant.role == Role::kWorker; });
}

/// A supervisor who takes calls as well may be asked to take over a talk.
std::uint64_t skills_of(const DirectoryWorker& worker) {
  const bool supervisor = std::ranges::any_of(worker.roles, [](const RoleGrant& grant) {
    return grant.role == Role::kSupervisor || grant.role == Role::kDutySupervisor;
  });
  return (worker.skills & ~routing::kSupervisorSkill) | (supervisor ? routing::kSupervisorSkill : 0);
}

routing::Worker routing_worker(const DirectoryWorker& worker) {
  routing::Worker told{worker.id, worker.unit, {}, skills_of(worker), language_bits(worker.languages)};
  if (!takes_calls(worker)) return told;
  for (const DirectoryEndpoint& endpoint : worker.endpoints) {
    if (told.endpoints.size() == routing::kEndpointsPerWorkerMax) break;
    const auto capacity = std::min<std::int64_t>(endpoint.capacity, routing::kDutyPhoneCapacityMax);
    told.endpoints.push_back({endpoint.id, endpoint.kind, static_cast<std::int32_t>(capacity)});
  }
  return told;
}

bool same(const DirectoryWorker& a, const DirectoryWorker& b) {
  const auto same_endpoint = [](const DirectoryEndpoint& x, const DirectoryEndpoint& y) {
    return x.id == y.id && x.kind == y.kind && x.capacity == y.capacity;
  };
  return a.unit == b.unit && skills_of(a) == skills_of(b) && a.languages == b.languages &&
         takes_calls(a) == takes_calls(b) &&
         std::equal(a.endpoints.begin(), a.endpoints.end(), b.endpoints.begin(), b.endpoints.end(), same_endpoint);
}

bool same(const DirectoryLine& a, const DirectoryLine& b) {
  return a.unit == b.unit && a.mode == b.mode && a.crisis == b.crisis && a.required_skills == b.required_skills;
}

/// Somebody can be rung: gateways sign in with accounts too, and are nobody's colleague.
bool answers(const DirectoryWorker& worker) { return !worker.endpoints.empty(); }

}  // namespace

routing::DirectoryChanged whole_directory(const Directory& directory) {
  routing::DirectoryChanged told;
  for (const Unit& unit : directory.tree().units()) told.units.push_back(routing_unit(directory.tree(), unit));
  for (const DirectoryLine& line : directory.lines()) told.lines.push_back(routing_line(line));
  for (const DirectoryWorker& worker : directory.workers())
    if (answers(worker)) told.workers.push_back(routing_worker(worker));
  return told;
}

routing::DirectoryChanged directory_difference(const Directory& before, const Directory& after) {
  routing::DirectoryChanged told;
  for (const Unit& unit : after.tree().units()) {
    const Unit* old = before.tree().find(unit.id);
    if (old == nullptr || old->parent != unit.parent || old->kind != unit.kind ||
        before.tree().preset_of(unit.id) != after.tree().preset_of(unit.id))
      told.units.push_back(routing_unit(after.tree(), unit));
  }
  for (const DirectoryLine& line : after.lines()) {
    const DirectoryLine* old = before.line(line.id);
    if (old == nullptr || !same(*old, line)) told.lines.push_back(routing_line(line));
  }
  for (const DirectoryLine& line : before.lines())
    if (after.line(line.id) == nullptr) told.lines_closed.push_back(line.id);
  for (const DirectoryWorker& worker : after.workers()) {
    const DirectoryWorker* old = before.worker(worker.id);
    const bool known = old != nullptr && answers(*old);
    if ((answers(worker) || known) && (old == nullptr || !same(*old, worker)))
      told.workers.push_back(routing_worker(worker));
  }
  return told;
}

routing::ShiftStarted shift_started(const Directory& directory, const casework::Shift& shift) {
  routing::ShiftStarted told{shift.id, shift.worker, shift.units, {}, shift.backup};
  const DirectoryWorker* worker = directory.worker(shift.worker);
  if (worker == nullptr || !takes_calls(*worker)) return told;
  for (const DirectoryEndpoint& endpoint : worker->endpoints) {
    if (told.endpoints.size() == routing::kEndpointsPerWorkerMax) break;
    const bool named = !shift.endpoint.is_set() || endpoint.id == shift.endpoint;
    const bool desk = endpoint.kind == EndpointKind::kDesk && shift.by != EndpointKind::kDutyPhone;
    if (desk || (endpoint.kind == shift.by && named)) told.endpoints.push_back(endpoint.id);
  }
  return told;
}

bool takes_calls(const Directory& directory, WorkerId worker) {
  const DirectoryWorker* person = directory.worker(worker);
  return person != nullptr && takes_calls(*person);
}

std::uint64_t language_bit(casework::Language language) {
  const bool named = language != casework::Language::kNotRecorded && language != casework::Language::kOther;
  return named ? std::uint64_t{1} << static_cast<int>(language) : 0;
}

std::uint64_t language_bits(const std::vector<std::string>& languages) {
  std::uint64_t bits = 0;
  for (const std::string& name : languages) {
    const auto known = name == "putonghua" ? casework::Language::kMandarin : from_name<casework::Language>(name);
    if (known) bits |= language_bit(*known);
  }
  return bits != 0 ? bits : language_bit(casework::Language::kMandarin);
}

EndpointId desk_endpoint(const Directory& directory, WorkerId worker) {
  const DirectoryWorker* person = directory.worker(worker);
  if (person == nullptr) return {};
  for (const DirectoryEndpoint& endpoint : person->endpoints)
    if (endpoint.kind == EndpointKind::kDesk) return endpoint.id;
  return {};
}

}  // namespace kapok::service
