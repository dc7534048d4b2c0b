#include "sim/shrink.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>
#include <variant>

#include "core/check.h"

namespace kapok::sim {
namespace {

class Shrinker {
 public:
  Shrinker(Recording recording, const std::string& kind, const FaultOf& fault_of, std::size_t tries_max)
      : best_(std::move(recording)), kind_(kind), fault_of_(fault_of), tries_max_(tries_max) {}

  Shrunk run() {
    cut_tail();
    bool smaller = true;
    while (smaller && tried_ < tries_max_) {
      const std::size_t before = weight();
      halve_events();
      empty_start();
      smaller = weight() < before;
    }
    return {std::move(best_), tried_};
  }

 private:
  bool still_fails(const Recording& candidate) {
    if (tried_ >= tries_max_) return false;
    ++tried_;
    return fault_of_(candidate) == kind_;
  }
  bool keep(Recording candidate) {
    if (!still_fails(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }
  /// Events before the first that may be left out.
  [[nodiscard]] std::size_t start() const {
    std::size_t at = 0;
    while (!std::holds_alternative<routing::Restarted>(best_.told[at].event)) ++at;
    return at + 1;
  }
  [[nodiscard]] std::size_t weight() const {
    std::size_t sum = best_.told.size();
    for (const Told& told : best_.told) {
      if (const auto* d = std::get_if<routing::DirectoryChanged>(&told.event))
        sum += d->workers.size() + d->lines.size() + d->units.size();
      if (const auto* r = std::get_if<routing::Restarted>(&told.event))
        sum += r->workers.size() + r->calls.size() + r->gaps.size();
    }
    return sum;
  }

  /// Nothing after the fault matters: the shortest failing beginning by halving.
  void cut_tail() {
    std::size_t low = start();
    std::size_t high = best_.told.size();
    while (low < high && tried_ < tries_max_) {
      const std::size_t middle = (low + high) / 2;
      Recording candidate = best_;
      candidate.told.resize(middle);
      if (keep(std::move(candidate)))
        high = middle;
      else
        low = middle + 1;
    }
  }

  void halve_events() {
    std::size_t chunk = (best_.told.size() - start() + 1) / 2;
    while (chunk > 0 && tried_ < tries_max_) {
      bool cut = false;
      // From the end: what comes late hangs on what comes early, not the other way round.
      for (std::size_t end = best_.told.size(); end > start() && tried_ < tries_max_;) {
        const std::size_t begin = end > start() + chunk ? end - chunk : start();
        cut = drop(begin, end) || cut;
        end = begin;
      }
      if (chunk == 1 && !cut) return;
      chunk = chunk > 1 ? chunk / 2 : (cut ? 1 : 0);
    }
  }
  bool drop(std::size_t begin, std::size_t end) {
    Recording candidate;
    candidate.options = best_.options;
    for (std::size_t at = 0; at < best_.told.size(); ++at)
      if (at < begin || at >= end) candidate.told.push_back(best_.told[at]);
    return keep(std::move(candidate));
  }

  /// Takes parts out of one list of the event at `at`, halving.
  template <class Part>
  void thin(std::size_t at, Part part) {
    std::size_t chunk = (part(best_.told[at].event).size() + 1) / 2;
    for (; chunk > 0 && tried_ < tries_max_; chunk /= 2)
      for (std::size_t end = part(best_.told[at].event).size(); end > 0 && tried_ < tries_max_;) {
        const std::size_t begin = end > chunk ? end - chunk : 0;
        Recording candidate = best_;
        auto& list = part(candidate.told[at].event);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(begin), list.begin() + static_cast<std::ptrdiff_t>(end));
        keep(std::move(candidate));
        end = begin;
      }
  }
  void empty_start() {
    using routing::DirectoryChanged;
    using routing::Event;
    using routing::Restarted;
    const std::size_t restarted = start() - 1;
    thin(restarted, [](Event& e) -> auto& { return std::get<Restarted>(e).calls; });
    thin(restarted, [](Event& e) -> auto& { return std::get<Restarted>(e).workers; });
    thin(restarted, [](Event& e) -> auto& { return std::get<Restarted>(e).gaps; });
    thin(0, [](Event& e) -> auto& { return std::get<DirectoryChanged>(e).workers; });
    thin(0, [](Event& e) -> auto& { return std::get<DirectoryChanged>(e).lines; });
  }

  Recording best_;
  std::string kind_;
  const FaultOf& fault_of_;
  std::size_t tries_max_;
  std::size_t tried_ = 0;
};

[[noreturn]] void tell_parent(int pipe_end, const Recording& recording) {
  std::signal(SIGABRT, SIG_DFL);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  const Relived relived = relive(recording);
  const std::string kind = fault_kind(relived.broken.value_or(""));
  const auto written = write(pipe_end, kind.data(), kind.size());
  _exit(written == static_cast<ssize_t>(kind.size()) ? 0 : 1);
}

}  // namespace

Shrunk shrink(const Recording& recording, const std::string& kind, const FaultOf& fault_of, std::size_t tries_max) {
  return Shrinker(recording, kind, fault_of, tries_max).run();
}

std::string fault_in_child(const Recording& recording) {
  std::array<int, 2> ends{};
  KAPOK_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0);
  const pid_t child = fork();
  KAPOK_CHECK(child >= 0);
  if (child == 0) tell_parent(ends[1], recording);
  close(ends[1]);
  std::string kind;
  std::array<char, 512> bytes{};
  for (ssize_t got = 0; (got = read(ends[0], bytes.data(), bytes.size())) > 0;)
    kind.append(bytes.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? "abort" : kind;
}

}  // namespace kapok::sim
