#pragma once

#include <map>
#include <string>

#include "routing/commands.h"
#include "scenarios/city.h"

/// Says routing's commands in the language of scenario files. Each command is one sentence.
namespace kapok::scenario {

class Speech {
 public:
  void names_call(CallId id, const std::string& name) { calls_[id] = name; }
  [[nodiscard]] CallId call(const std::string& name) const;  ///< a Fault when nobody has this name
  [[nodiscard]] bool knows_call(const std::string& name) const;

  /// After a restart everything is said again.
  void forgets_what_was_said() { said_of_.clear(); }

  /// Empty when the sentence would repeat what was said of that worker before.
  [[nodiscard]] std::string say(const City& city, const routing::Command& command);

 private:
  struct Speaker;

  [[nodiscard]] std::string name_of(CallId id) const;

  std::map<CallId, std::string> calls_;
  std::map<WorkerId, std::string> said_of_;
};

}  // namespace kapok::scenario
