#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "ops/hang_judge.h"
#include "ops/log.h"

namespace kapok::ops {

/// Looks from a thread of its own, ten times a second, whether the city's strand answers and the writer gets on
/// (reliability.md §2.2). When one of them hangs: HANG_DETECTED, the stacks of all threads, abort — the service manager
/// starts the server anew. While all is well it tells systemd so (WATCHDOG=1), and nobody else does.
///
/// Once a second it compares the wall clock with the steady one: CLOCK_SKEWED when they have parted by more than two
/// seconds since the last look. Product time does not follow such a jump (decision 5).
class Watchdog {
 public:
  struct Watched {
    /// Runs `answer` on the strand, soon. Any thread.
    std::function<void(std::function<void()> answer)> ask_strand;
    /// Any thread, never blocks.
    std::function<WriterLook()> writer;
  };

  Watchdog(Log& log, Watched watched, const HangLimits& limits = {});
  ~Watchdog();

  /// Watches no longer: the server is stopping, and parts of it may take their time. Idempotent.
  void stop();

  /// A save has been under way for so long that the server is not ready. Any thread.
  [[nodiscard]] bool saving_is_stuck() const { return save_ == SaveSpeed::kStuck; }

 private:
  void run();
  void look(SteadyTime now);
  void ask_strand(SteadyTime now);
  void note_save(const HangJudge::Verdict& verdict);
  void look_at_wall(SteadyTime now);
  [[noreturn]] void give_up(Hang hang);

  Log& log_;
  Watched watched_;
  HangJudge judge_;
  std::shared_ptr<std::atomic<SteadyTime>> answered_;  ///< outlives a strand that answers late
  std::atomic<SaveSpeed> save_ = SaveSpeed::kUsual;

  // Watchdog thread only.
  SteadyTime asked_at_;
  SteadyTime notified_at_;
  SteadyTime wall_looked_at_;
  std::chrono::system_clock::duration wall_ahead_{};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kapok::ops
