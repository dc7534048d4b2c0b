#pragma once

#include <map>
#include <string>
#include <vector>

#include "routing/events.h"
#include "scenarios/words.h"

/// The city of a scenario by name: what is declared before the first event, and every change of the directory later.
///
///   unit 沙面 station in 荔湾[, rings local]
///   line 沙面热线 of 沙面[, crisis][, forwarded | recorded_only][, needs 法律]
///   worker 小明 desk at 沙面[, since 09:30:00][, not ready][, speaks 粤语][, knows 法律][, backup 小红]
///   worker 小明 desk+phone at 沙面+逢源          serves both stations on both
///   worker 督导 phone at 荔湾, supervisor
///   worker 值班长 duty_phone at 广州[, holds 3]
///   worker 老陈 phone                           has one, but no shift
namespace kapok::scenario {

/// Somebody who holds a shift when the story begins.
struct OnStage {
  WorkerId worker;
  std::vector<UnitId> units;
  std::vector<EndpointKind> kinds;
  Duration since{0};  ///< time of day at which he said "ready"
  bool has_since = false;
  bool ready = true;
  WorkerId backup;
};

class City {
 public:
  /// Takes one declaration; answers what changed. A worker `at` a unit is put on stage, which only a declaration
  /// before the first event may ask for.
  routing::DirectoryChanged declare(const std::string& sentence, bool before_story);

  [[nodiscard]] const routing::DirectoryChanged& whole() const { return whole_; }
  [[nodiscard]] const std::vector<OnStage>& on_stage() const { return stage_; }
  void close(LineId line);

  [[nodiscard]] UnitId unit(const std::string& name) const;
  [[nodiscard]] LineId line(const std::string& name) const;
  [[nodiscard]] WorkerId worker(const std::string& name) const;
  [[nodiscard]] std::vector<UnitId> units(const std::string& names) const;  ///< 沙面+逢源
  [[nodiscard]] static std::vector<EndpointKind> kinds(const std::string& names);
  [[nodiscard]] static EndpointId endpoint(WorkerId worker, EndpointKind kind);
  [[nodiscard]] std::vector<EndpointId> endpoints_of(WorkerId worker) const;
  [[nodiscard]] std::uint64_t language(const std::string& name) { return bit(languages_, name); }

  [[nodiscard]] std::string name_of(UnitId id) const;
  [[nodiscard]] std::string name_of(LineId id) const;
  [[nodiscard]] std::string name_of(WorkerId id) const;
  [[nodiscard]] static EndpointKind kind_of(EndpointId id);
  [[nodiscard]] bool is_worker(const std::string& name) const { return workers_.contains(name); }
  [[nodiscard]] bool knows(const std::string& name) const;

 private:
  routing::DirectoryChanged declare_unit(const Words& found, Words qualifiers);
  routing::DirectoryChanged declare_line(const Words& found, Words qualifiers);
  routing::DirectoryChanged declare_worker(const Words& found, Words qualifiers, bool before_story);
  void qualify(routing::Worker& worker, OnStage* stage, const std::string& qualifier);
  template <class T>
  T new_id(std::map<std::string, T>& of, const std::string& name);
  [[nodiscard]] std::uint64_t bit(std::map<std::string, std::uint64_t>& of, const std::string& name);

  routing::DirectoryChanged whole_;
  std::vector<OnStage> stage_;
  std::map<std::string, UnitId> units_;
  std::map<std::string, LineId> lines_;
  std::map<std::string, WorkerId> workers_;
  std::map<std::string, std::uint64_t> skills_;
  std::map<std::string, std::uint64_t> languages_;
};

}  // namespace kapok::scenario
