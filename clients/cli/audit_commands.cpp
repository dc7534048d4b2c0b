#include "cli/command_line.h"
#include "cli/offline_audit.h"

/// audit: who read what, and whether the log is what was written.
namespace kapok::cli {

void add_audit_commands(Commands& commands) {
  auto* group = commands.add_group("audit", {"审计", "the audit log"});
  add_offline_audit(commands, *group);
}

}  // namespace kapok::cli
