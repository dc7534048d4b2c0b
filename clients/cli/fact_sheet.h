#pragma once

#include <string>

#include "cli/table_printer.h"

namespace kapok::cli {

/// One record as lines of what and how; empty and unset (`—`) facts are left out.
class FactSheet {
 public:
  FactSheet(Terminal& terminal, Words what, const std::string& which)
      : terminal_(terminal), table_({{std::string(terminal.words(what))}, {which}}) {}

  void fact(Words what, const std::string& value) {
    if (!value.empty() && value != "—") table_.add({std::string(terminal_.words(what)), value});
  }
  void print() const { table_.print(terminal_); }

 private:
  Terminal& terminal_;
  TablePrinter table_;
};

}  // namespace kapok::cli
