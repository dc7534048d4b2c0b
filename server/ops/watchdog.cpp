#include "ops/watchdog.h"

#include <cstdlib>
#include <utility>

#include "ops/stack_dump.h"
#include "ops/supervisor_notice.h"

namespace kapok::ops {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 100ms;
constexpr auto kAskEvery = 1s;
constexpr auto kWallEvery = 1s;
constexpr auto kWallJump = 2s;  // reliability.md §2.2, Clock jump
constexpr auto kLogTime = 200ms;

std::chrono::system_clock::duration wall_ahead(SteadyTime now) {
  return std::chrono::system_clock::now().time_since_epoch() -
         std::chrono::duration_cast<std::chrono::system_clock::duration>(now.time_since_epoch());
}

Duration product(auto length) { return std::chrono::duration_cast<Duration>(length); }

}  // namespace

Watchdog::Watchdog(Log& log, Watched watched, const HangLimits& limits)
    : log_(log),
      watched_(std::move(watched)),
      judge_(limits),
      answered_(std::make_shared<std::atomic<SteadyTime>>(SteadyTime::clock::now())) {
  prepare_stack_dump();
  wall_looked_at_ = SteadyTime::clock::now();
  wall_ahead_ = wall_ahead(wall_looked_at_);
  thread_ = std::thread([this] { run(); });
}

Watchdog::~Watchdog() { stop(); }

void Watchdog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
    lock.unlock();
    look(SteadyTime::clock::now());
    lock.lock();
  }
}

void Watchdog::look(SteadyTime now) {
  ask_strand(now);
  const auto verdict = judge_.look(now, *answered_, watched_.writer());
  if (verdict.hang != Hang::kNone) give_up(verdict.hang);
  note_save(verdict);
  look_at_wall(now);
  const auto interval = watchdog_interval();
  if (interval.count() == 0 || now - notified_at_ < interval / 2) return;
  notified_at_ = now;
  notify_supervisor("WATCHDOG=1");
}

void Watchdog::ask_strand(SteadyTime now) {
  if (now - asked_at_ < kAskEvery) return;
  asked_at_ = now;
  watched_.ask_strand([answered = answered_] { *answered = SteadyTime::clock::now(); });
}

/// One line when a save becomes slow, one more when it becomes so slow that readiness goes.
void Watchdog::note_save(const HangJudge::Verdict& verdict) {
  if (const auto before = save_.exchange(verdict.save); verdict.save <= before) return;
  log_.write(LogId::kStoreCommitSlow,
             {{"running", product(verdict.save_takes)}, {"ready", verdict.save == SaveSpeed::kStuck ? 0 : 1}});
}

void Watchdog::look_at_wall(SteadyTime now) {
  if (now - wall_looked_at_ < kWallEvery) return;
  wall_looked_at_ = now;
  const auto ahead = wall_ahead(now);
  const auto jump = ahead - std::exchange(wall_ahead_, ahead);
  if (jump > kWallJump || jump < -kWallJump) log_.write(LogId::kClockSkewed, {{"jumped", product(jump)}});
}

void Watchdog::give_up(Hang hang) {
  log_.write(LogId::kHangDetected, {{"in", hang == Hang::kStrand ? Code("strand") : Code("writer")}});
  dump_stacks();
  std::this_thread::sleep_for(kLogTime);  // the log has a thread of its own
  std::abort();
}

}  // namespace kapok::ops
