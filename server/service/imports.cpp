#include "service/imports.h"

#include <algorithm>

namespace kapok::service {

Result<api::ImportReport> import_file(const ImportInto& into, api::ImportKind kind, CsvTable table) {
  switch (kind) {
    case api::ImportKind::kRegions:
      return import_regions(into, std::move(table));
    case api::ImportKind::kStations:
      return import_stations(into, std::move(table));
    case api::ImportKind::kPoints:
      return import_points(into, std::move(table));
    case api::ImportKind::kLines:
      return import_lines(into, std::move(table));
    case api::ImportKind::kPeople:
      return import_people(into, std::move(table));
    case api::ImportKind::kPatches:
      return import_patches(into, std::move(table));
    case api::ImportKind::kShifts:
      return import_shifts(into, std::move(table));
  }
  return Error{ErrorCode::kInvalidArgument, "unknown kind of import"};
}

bool may_commit(const api::ImportReport& report) {
  return std::ranges::all_of(report.problems, [](const api::ImportProblem& problem) { return problem.warning; });
}

}  // namespace kapok::service
