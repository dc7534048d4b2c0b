#include "scenarios/city.h"

#include <algorithm>

#include "core/endpoint.h"

namespace kapok::scenario {

using routing::DirectoryChanged;

namespace {

template <class T>
T known(const std::map<std::string, T>& of, const std::string& name, const char* what) {
  const auto found = of.find(name);
  if (found == of.end()) throw Fault{"there is no " + std::string(what) + " '" + name + "'"};
  return found->second;
}

template <class T>
std::string name_in(const std::map<std::string, T>& of, T id) {
  for (const auto& [name, each] : of)
    if (each == id) return name;
  return id.is_set() ? "#" + std::to_string(id.value) : "nobody";
}

template <class T>
void put(std::vector<T>& all, const T& one) {
  const auto old = std::ranges::find_if(all, [&](const T& each) { return each.id == one.id; });
  if (old == all.end())
    all.push_back(one);
  else
    *old = one;
}

Fault unknown_qualifier(const std::string& qualifier) { return Fault{"', " + qualifier + "' says nothing here"}; }

}  // namespace

template <class T>
T City::new_id(std::map<std::string, T>& of, const std::string& name) {
  if (const auto found = of.find(name); found != of.end()) return found->second;
  if (knows(name)) throw Fault{"'" + name + "' is the name of something else"};
  return of.emplace(name, T{static_cast<std::int64_t>(of.size()) + 1}).first->second;
}

std::uint64_t City::bit(std::map<std::string, std::uint64_t>& of, const std::string& name) {
  return of.try_emplace(name, std::uint64_t{1} << of.size()).first->second;
}

DirectoryChanged City::declare(const std::string& sentence, bool before_story) {
  Words clauses = split(sentence, ", ");
  const std::string said = clauses.front();
  clauses.erase(clauses.begin());
  DirectoryChanged change;
  if (auto unit = match("unit <name> <kind> in <parent>", said))
    change = declare_unit(*unit, clauses);
  else if (auto root = match("unit <name> <kind>", said))
    change = declare_unit(*root, clauses);
  else if (auto line = match("line <name> of <unit>", said))
    change = declare_line(*line, clauses);
  else if (auto shift = match("worker <name> <endpoints> at <units>", said))
    change = declare_worker(*shift, clauses, before_story);
  else if (auto worker = match("worker <name> <endpoints>", said))
    change = declare_worker(*worker, clauses, before_story);
  else
    throw Fault{"nothing is declared in these words"};
  for (const auto& each : change.units) put(whole_.units, each);
  for (const auto& each : change.lines) put(whole_.lines, each);
  for (const auto& each : change.workers) put(whole_.workers, each);
  return change;
}

DirectoryChanged City::declare_unit(const Words& found, Words qualifiers) {
  routing::Unit unit;
  unit.kind = parse_name<UnitKind>(found[1]);
  if (found.size() == 3) unit.parent = this->unit(found[2]);
  for (const std::string& qualifier : qualifiers) {
    const auto preset = match("rings <preset>", qualifier);
    if (!preset) throw unknown_qualifier(qualifier);
    unit.rings = parse_name<RingPreset>(preset->front());
  }
  unit.id = new_id(units_, found[0]);
  DirectoryChanged change;
  change.units = {unit};
  return change;
}

DirectoryChanged City::declare_line(const Words& found, Words qualifiers) {
  routing::Line line;
  line.owner = unit(found[1]);
  for (const std::string& qualifier : qualifiers) {
    if (qualifier == "crisis")
      line.crisis = true;
    else if (const auto skill = match("needs <skill>", qualifier))
      line.required_skills |= bit(skills_, skill->front());
    else
      line.mode = parse_name<LineMode>(qualifier);
  }
  line.id = new_id(lines_, found[0]);
  DirectoryChanged change;
  change.lines = {line};
  return change;
}

void City::qualify(routing::Worker& worker, OnStage* stage, const std::string& qualifier) {
  if (const auto language = match("speaks <language>", qualifier)) {
    worker.languages |= bit(languages_, language->front());
  } else if (const auto skill = match("knows <skill>", qualifier)) {
    worker.skills |= bit(skills_, skill->front());
  } else if (qualifier == "supervisor") {
    worker.skills |= routing::kSupervisorSkill;
  } else if (const auto home = match("of <unit>", qualifier)) {
    worker.home = unit(home->front());
  } else if (const auto holds = match("holds <calls>", qualifier)) {
    for (routing::Endpoint& endpoint : worker.endpoints)
      endpoint.capacity = static_cast<std::int32_t>(parse_number(holds->front()));
  } else if (const auto since = match("since <time>", qualifier); since && stage != nullptr) {
    stage->since = parse_time(since->front());
    stage->has_since = true;
  } else if (const auto backup = match("backup <worker>", qualifier); backup && stage != nullptr) {
    stage->backup = this->worker(backup->front());
  } else if (qualifier == "not ready" && stage != nullptr) {
    stage->ready = false;
  } else {
    throw unknown_qualifier(qualifier);
  }
}

DirectoryChanged City::declare_worker(const Words& found, Words qualifiers, bool before_story) {
  routing::Worker worker;
  OnStage stage;
  stage.kinds = kinds(found[1]);
  if (found.size() == 3) stage.units = units(found[2]);
  if (!stage.units.empty() && !before_story) throw Fault{"once it began, a shift is an event: … starts a shift at …"};
  const bool is_new = !workers_.contains(found[0]);
  if (!is_new && before_story) throw Fault{"there is a worker '" + found[0] + "' already"};
  worker.id = new_id(workers_, found[0]);
  worker.home = stage.units.empty() ? whole_.units.front().id : stage.units.front();
  for (EndpointKind kind : stage.kinds) worker.endpoints.push_back({endpoint(worker.id, kind), kind, 1});
  for (const std::string& qualifier : qualifiers) qualify(worker, stage.units.empty() ? nullptr : &stage, qualifier);
  stage.worker = worker.id;
  if (!stage.units.empty()) stage_.push_back(stage);
  DirectoryChanged change;
  change.workers = {worker};
  return change;
}

void City::close(LineId line) {
  std::erase_if(whole_.lines, [&](const auto& each) { return each.id == line; });
}

UnitId City::unit(const std::string& name) const { return known(units_, name, "unit"); }
LineId City::line(const std::string& name) const { return known(lines_, name, "line"); }
WorkerId City::worker(const std::string& name) const { return known(workers_, name, "worker"); }

std::vector<UnitId> City::units(const std::string& names) const {
  std::vector<UnitId> out;
  for (const std::string& name : split(names, "+")) out.push_back(unit(name));
  return out;
}

std::vector<EndpointKind> City::kinds(const std::string& names) {
  std::vector<EndpointKind> out;
  for (const std::string& name : split(names, "+")) out.push_back(parse_name<EndpointKind>(name));
  return out;
}

EndpointId City::endpoint(WorkerId worker, EndpointKind kind) {
  return EndpointId{worker.value * 10 + static_cast<std::int64_t>(kind) + 1};
}

EndpointKind City::kind_of(EndpointId id) { return static_cast<EndpointKind>(id.value % 10 - 1); }

std::vector<EndpointId> City::endpoints_of(WorkerId worker) const {
  std::vector<EndpointId> out;
  for (const routing::Worker& each : whole_.workers)
    if (each.id == worker)
      for (const routing::Endpoint& endpoint : each.endpoints) out.push_back(endpoint.id);
  return out;
}

std::string City::name_of(UnitId id) const { return name_in(units_, id); }
std::string City::name_of(LineId id) const { return name_in(lines_, id); }
std::string City::name_of(WorkerId id) const { return name_in(workers_, id); }

bool City::knows(const std::string& name) const {
  return units_.contains(name) || lines_.contains(name) || workers_.contains(name);
}

}  // namespace kapok::scenario
