#include "ops/stack_dump.h"

#include <dirent.h>
#include <execinfo.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace kapok::ops {
namespace {

constexpr int kSignal = SIGUSR2;
constexpr int kFramesMax = 64;
constexpr auto kAnswerWithin = std::chrono::milliseconds(50);

std::atomic<bool> told = false;

void tell_stack(int) {
  void* frames[kFramesMax];
  ::backtrace_symbols_fd(frames, ::backtrace(frames, kFramesMax), STDERR_FILENO);
  told = true;
}

std::vector<pid_t> threads() {
  std::vector<pid_t> found;
  DIR* folder = ::opendir("/proc/self/task");
  if (folder == nullptr) return found;
  while (const dirent* entry = ::readdir(folder)) {
    pid_t thread = 0;
    std::from_chars(entry->d_name, entry->d_name + std::strlen(entry->d_name), thread);
    if (thread > 0 && thread != ::gettid()) found.push_back(thread);
  }
  ::closedir(folder);
  return found;
}

}  // namespace

void prepare_stack_dump() {
  void* frame = nullptr;
  ::backtrace(&frame, 1);
}

void dump_stacks() {
  struct sigaction act{};
  act.sa_handler = tell_stack;
  act.sa_flags = SA_RESTART;
  ::sigaction(kSignal, &act, nullptr);
  for (const pid_t thread : threads()) {
    ::dprintf(STDERR_FILENO, "kapokd: stack of thread %d\n", thread);
    told = false;
    ::syscall(SYS_tgkill, ::getpid(), thread, kSignal);
    const auto until = std::chrono::steady_clock::now() + kAnswerWithin;
    while (!told && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace kapok::ops
