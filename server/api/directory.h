#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/line.h"
#include "core/role.h"
#include "core/skill.h"
#include "core/unit.h"

/// The tree, its lines and people: reading and importing.
namespace kapok::api {

struct FindUnits {
  std::string text;  ///< code, Chinese or English name, or the start of one; empty = children of `parent`
  UnitId parent;
  std::uint32_t limit = 50;
};

struct UnitView {
  UnitId unit;
  UnitId parent;
  UnitKind kind = UnitKind::kStation;
  std::string code;
  std::string name_zh;
  std::string name_en;
  std::string path_zh;
  RingPreset rings = RingPreset::kNormal;  ///< in force for its lines
  bool rings_own = false;                  ///< set for this unit, not taken from above
};

struct UnitList {
  std::vector<UnitView> units;
};

struct ListLines {
  UnitId unit;
};

struct LineView {
  LineId line;
  UnitId unit;
  std::string unit_zh;
  std::string number;
  std::string name_zh;
  LineMode mode = LineMode::kTrunk;
  bool crisis = false;
  bool invented = false;
  std::vector<Skill> required_skills;
};

struct LineList {
  std::vector<LineView> lines;
};

struct FindWorkers {
  std::string text;  ///< account or name
  UnitId unit;
  std::uint32_t limit = 50;
};

struct WorkerView {
  WorkerId worker;
  std::string account;
  std::string name;
  UnitId unit;
  std::string unit_zh;
  std::vector<Role> roles;
  std::vector<EndpointKind> endpoints;
  std::vector<Skill> skills;
};

struct WorkerList {
  std::vector<WorkerView> workers;
};

enum class ImportKind { kRegions, kStations, kPoints, kLines, kPeople, kPatches, kShifts };

/// Uploads a CSV in chunks of at most 48 KiB and commits once, all or nothing.
struct ImportBegin {
  ImportKind kind = ImportKind::kStations;
  std::uint64_t bytes_total = 0;
};

struct ImportStarted {
  std::uint64_t upload = 0;
};

struct ImportChunk {
  std::uint64_t upload = 0;
  std::uint64_t offset = 0;
  std::string bytes;
};

struct ImportCommit {
  std::uint64_t upload = 0;
  bool dry_run = false;
};

struct ImportProblem {
  std::uint32_t row = 0;  ///< line of the file, the header being 1
  std::string reason;
  bool warning = false;  ///< told, not refused
};

struct ImportReport {
  std::uint32_t rows = 0;
  std::uint32_t added = 0;
  std::uint32_t changed = 0;
  std::vector<ImportProblem> problems;  ///< at most 100
  bool committed = false;
};

}  // namespace kapok::api
