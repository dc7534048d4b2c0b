#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/endpoint.h"
#include "core/id.h"
#include "core/instant.h"
#include "core/line.h"
#include "core/permission.h"
#include "core/result.h"
#include "core/tree.h"

namespace kapok::service {

struct DirectoryLine {
  LineId id;
  UnitId unit;
  std::string number;  ///< canonical form of core/phone_number.h
  std::string name_zh;
  LineMode mode = LineMode::kTrunk;
  bool crisis = false;
  bool invented = false;
  std::uint64_t required_skills = 0;  ///< core/skill.h; whoever answers has all of them
};

struct DirectoryEndpoint {
  EndpointId id;
  EndpointKind kind = EndpointKind::kDesk;
  std::string number;          ///< empty for a desk
  std::uint32_t capacity = 1;  ///< calls at once; above 1 only for a duty phone
};

struct DirectoryWorker {
  WorkerId id;
  std::string account;
  std::string name;
  UnitId unit;
  std::vector<RoleGrant> roles;
  std::vector<UnitId> patch;  ///< stations a supervisor guides
  std::uint64_t skills = 0;   ///< core/skill.h
  std::vector<std::string> languages;
  std::vector<DirectoryEndpoint> endpoints;
};

struct RosterShift {
  ShiftId id;
  WorkerId worker;
  std::vector<UnitId> units;  ///< several for a joint shift
  Period period;
  EndpointKind by = EndpointKind::kDesk;
};

/// The city's tree, lines and people at one moment, in memory (decision 21). Immutable once built: an import
/// builds a new one and the holder swaps it, so any thread may keep reading the one it has.
class Directory {
 public:
  Directory(Tree tree, std::vector<DirectoryLine> lines, std::vector<DirectoryWorker> workers);

  [[nodiscard]] const Tree& tree() const { return tree_; }
  [[nodiscard]] const std::vector<DirectoryLine>& lines() const { return lines_; }
  [[nodiscard]] const std::vector<DirectoryWorker>& workers() const { return workers_; }

  /// Null when there is none.
  [[nodiscard]] const DirectoryLine* line(LineId id) const;
  [[nodiscard]] const DirectoryLine* line_by_number(std::string_view canonical) const;
  [[nodiscard]] const DirectoryWorker* worker(WorkerId id) const;
  [[nodiscard]] const DirectoryWorker* worker_by_account(std::string_view account) const;
  [[nodiscard]] const DirectoryEndpoint* endpoint(EndpointId id) const;

  /// Whose endpoint it is; unset when unknown.
  [[nodiscard]] WorkerId worker_of(EndpointId id) const;

  /// Names for screens; empty when unknown.
  [[nodiscard]] std::string unit_zh(UnitId id) const;
  [[nodiscard]] std::string line_zh(LineId id) const;
  [[nodiscard]] std::string worker_name(WorkerId id) const;

 private:
  Tree tree_;
  std::vector<DirectoryLine> lines_;
  std::vector<DirectoryWorker> workers_;
  std::unordered_map<LineId, std::size_t> line_at_;
  std::unordered_map<std::string, std::size_t> line_by_number_;
  std::unordered_map<WorkerId, std::size_t> worker_at_;
  std::unordered_map<std::string, std::size_t> worker_by_account_;
  std::unordered_map<EndpointId, std::pair<std::size_t, std::size_t>> endpoint_at_;
};

}  // namespace kapok::service
