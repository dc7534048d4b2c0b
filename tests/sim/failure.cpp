#include "sim/failure.h"

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include "routing/command_text.h"
#include "routing/event_text.h"
#include "sim/shrink.h"

namespace kapok::sim {
namespace {

constexpr std::size_t kPrintedMax = 60;

struct Watch {
  const FailureReport* report = nullptr;
  const Recording* recording = nullptr;
};
Watch watched;

/// The process is lost, but abort() was called by our own check and not from within an allocation: it may still write.
void aborted(int) {
  std::signal(SIGABRT, SIG_DFL);
  if (watched.report != nullptr) report_failure(*watched.report, *watched.recording);
  std::cout.flush();
  _exit(1);
}

}  // namespace

void watch_for_abort(const FailureReport* report, const Recording* recording) {
  watched = {report, recording};
  std::signal(SIGABRT, report != nullptr ? aborted : SIG_DFL);
}

void report_failure(const FailureReport& report, const Recording& recording) {
  const std::string kind = fault_in_child(recording);
  std::ostringstream head;
  head << "seed " << report.seed << ", commit " << report.commit << ", features " << report.features;
  std::cout << "BROKEN: " << report.what << '\n' << head.str() << '\n';
  Recording shortest = recording;
  if (kind.empty()) {
    std::cout << "living through the recording of this start alone does not show it: run the seed again\n";
  } else {
    const Shrunk shrunk = shrink(recording, kind, fault_in_child, report.tries_max);
    shortest = shrunk.recording;
    std::cout << kind << ": " << recording.told.size() << " events shrunk to " << shortest.told.size() << " in "
              << shrunk.tried << " tries\n";
  }
  const std::string path = report.folder + "/sim-" + std::to_string(report.seed) + ".events";
  const std::string text = recording_text(shortest, head.str() + "\n# " + report.what);
  std::ofstream(path) << text;
  if (shortest.told.size() <= kPrintedMax) std::cout << text;
  std::cout << "again: kapok-sim --replay " << path << '\n';
}

int replay_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) {
    std::cerr << "kapok-sim: cannot read " << path << '\n';
    return 2;
  }
  const auto recording = parse_recording(bytes.str());
  if (!recording) {
    std::cerr << "kapok-sim: " << path << ": " << recording.error().detail << '\n';
    return 2;
  }
  const Relived relived = relive(*recording, {}, [](const Told& told, const std::vector<routing::Command>& commands) {
    std::cout << told.at.us << ' ' << routing::event_text(told.event) << std::endl;  // before a check may end us
    for (const routing::Command& command : commands) std::cout << "  -> " << routing::command_text(command) << '\n';
  });
  if (relived.broken)
    std::cout << "BROKEN after event " << relived.events << ": " << *relived.broken << '\n';
  else
    std::cout << relived.events << " events, every invariant kept\n";
  return relived.broken ? 1 : 0;
}

}  // namespace kapok::sim
