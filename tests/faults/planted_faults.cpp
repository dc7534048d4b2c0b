// How kapokd-faulty learns which fault it has: KAPOK_PLANTED_FAULTS names a folder, and a fault is there while a file
// of its name lies in it. A hang takes its file away first, so that the process started after it does not hang as well.

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "core/planted_fault.h"

namespace kapok {
namespace {

std::string file_of(const char* fault) {
  const char* folder = std::getenv("KAPOK_PLANTED_FAULTS");
  return folder == nullptr ? std::string() : std::string(folder) + '/' + fault;
}

}  // namespace

bool is_planted(const char* fault) {
  const std::string file = file_of(fault);
  return !file.empty() && ::access(file.c_str(), F_OK) == 0;
}

void hang_if_planted(const char* fault) {
  const std::string file = file_of(fault);
  if (file.empty() || ::unlink(file.c_str()) != 0) return;
  while (true) ::usleep(10'000);
}

}  // namespace kapok
