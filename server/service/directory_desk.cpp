#include "service/directory_desk.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/text.h"

namespace kapok::service {
namespace {

std::string lower(std::string_view text) {
  std::string low(text);
  std::ranges::transform(low, low.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

std::size_t rows_wanted(std::uint32_t limit) {
  return std::clamp<std::uint32_t>(limit == 0 ? 50 : limit, 1, DirectoryDesk::kRowsMax);
}

}  // namespace

void DirectoryDesk::handle(const Asked& asked, const api::FindUnits& x) {
  const Tree& tree = office_.directory->tree();
  if (!office_.require(asked, Action::kReadDirectory, {.unit = tree.root(), .owner = {}})) return;
  if (const auto fits = check_line(x.text, "text", kNameCharsMax); !fits) return asked->refuse(fits.error());
  api::UnitList list;
  if (const Unit* exact = tree.find_code(x.text)) {
    list.units.push_back(view(*exact));
    return asked->answer(std::move(list));
  }
  std::vector<const Unit*> found;
  if (x.text.empty()) {
    for (const UnitId child : tree.children(x.parent.is_set() ? x.parent : tree.root()))
      found.push_back(tree.find(child));
  } else {
    const std::string wanted = lower(x.text);
    for (const Unit& unit : tree.units())
      if (unit.name_zh.find(x.text) != std::string::npos || lower(unit.name_en).find(wanted) != std::string::npos)
        found.push_back(&unit);
    const auto rank = [&](const Unit* unit) {
      const bool exact = unit->name_zh == x.text || lower(unit->name_en) == wanted;
      return std::tuple(!exact, unit->kind, std::string_view(unit->code));
    };
    std::ranges::sort(found, {}, rank);
  }
  if (found.size() > rows_wanted(x.limit)) found.resize(rows_wanted(x.limit));
  for (const Unit* unit : found) list.units.push_back(view(*unit));
  asked->answer(std::move(list));
}

void DirectoryDesk::handle(const Asked& asked, const api::ListLines& x) {
  const Tree& tree = office_.directory->tree();
  const UnitId top = x.unit.is_set() ? x.unit : tree.root();
  if (tree.find(top) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit);
  if (!office_.require(asked, Action::kReadDirectory, {.unit = top, .owner = {}})) return;
  api::LineList list;
  for (const DirectoryLine& line : office_.directory->lines())
    if (tree.is_within(line.unit, top) && list.lines.size() < kRowsMax)
      list.lines.push_back({line.id, line.unit, office_.directory->unit_zh(line.unit), line.number, line.name_zh,
                            line.mode, line.crisis, line.invented, skills_in(line.required_skills)});
  asked->answer(std::move(list));
}

void DirectoryDesk::handle(const Asked& asked, const api::FindWorkers& x) {
  const Tree& tree = office_.directory->tree();
  const UnitId top = x.unit.is_set() ? x.unit : tree.root();
  if (tree.find(top) == nullptr) return asked->refuse(ErrorCode::kUnknownUnit);
  if (!office_.require(asked, Action::kReadDirectory, {.unit = top, .owner = {}})) return;
  if (const auto fits = check_line(x.text, "text", kNameCharsMax); !fits) return asked->refuse(fits.error());
  api::WorkerList list;
  if (const auto* exact = office_.directory->worker_by_account(x.text)) {
    list.workers.push_back(view(*exact));
    return asked->answer(std::move(list));
  }
  for (const DirectoryWorker& worker : office_.directory->workers()) {
    if (list.workers.size() >= rows_wanted(x.limit)) break;
    const bool named =
        x.text.empty() || worker.account.starts_with(x.text) || worker.name.find(x.text) != std::string::npos;
    if (named && tree.is_within(worker.unit, top)) list.workers.push_back(view(worker));
  }
  asked->answer(std::move(list));
}

api::UnitView DirectoryDesk::view(const Unit& unit) const {
  const Tree& tree = office_.directory->tree();
  return {unit.id,
          unit.parent,
          unit.kind,
          unit.code,
          unit.name_zh,
          unit.name_en,
          tree.path_zh(unit.id),
          tree.preset_of(unit.id),
          unit.rings.has_value()};
}

api::WorkerView DirectoryDesk::view(const DirectoryWorker& worker) const {
  api::WorkerView shown{
      worker.id, worker.account,          worker.name, worker.unit, office_.directory->unit_zh(worker.unit), {},
      {},        skills_in(worker.skills)};
  for (const RoleGrant& grant : worker.roles) shown.roles.push_back(grant.role);
  for (const DirectoryEndpoint& endpoint : worker.endpoints) shown.endpoints.push_back(endpoint.kind);
  return shown;
}

}  // namespace kapok::service
