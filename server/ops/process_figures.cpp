#include "ops/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace kapok::ops {
namespace {

double cpu_seconds(const rusage& used) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

void measure_process(Metrics& metrics) {
  if (rusage used{}; ::getrusage(RUSAGE_SELF, &used) == 0) metrics.count_up_to(MetricId::kCpuTime, cpu_seconds(used));
  std::ifstream statm("/proc/self/statm");
  if (std::uint64_t size = 0, resident = 0; statm >> size >> resident)
    metrics.set(MetricId::kResidentMemory,
                static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  std::error_code failed;
  double files = 0;
  for (auto each = std::filesystem::directory_iterator("/proc/self/fd", failed);
       !failed && each != std::filesystem::directory_iterator(); each.increment(failed))
    ++files;
  if (!failed) metrics.set(MetricId::kOpenFiles, files - 1);  // without the one that looks
}

}  // namespace kapok::ops
