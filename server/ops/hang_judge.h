#pragma once

#include <chrono>

/// When a part of the server stands still for good (reliability.md §2.2, Hang), and when saving is so slow that people
/// must know. Decides only; ops/watchdog looks and acts. No thread, no clock of its own.
namespace kapok::ops {

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyLength = std::chrono::steady_clock::duration;

/// What the writer of the store says of itself.
struct WriterLook {
  bool working = false;  ///< on a batch, and not waiting for the disk
  bool syncing = false;  ///< inside a COMMIT or fsync
  SteadyTime since;      ///< of whichever is true
};

struct HangLimits {
  /// A city's strand takes microseconds for an event; what takes this long will not end.
  SteadyLength strand_max = std::chrono::seconds(5);
  /// A whole batch with its checkpoint takes milliseconds outside of the disk's own time.
  SteadyLength writer_max = std::chrono::seconds(10);
  /// Saving is slower than anybody is used to: the log says so.
  SteadyLength slow_save = std::chrono::milliseconds(250);
  /// Callers wait for the disk: the server is not ready any more, somebody is to look.
  SteadyLength stuck_save = std::chrono::seconds(2);
  /// Looks are made every 100 ms. When one comes late the whole process had no time (a frozen or overloaded machine),
  /// and no more than this much of the pause is counted against anybody: who is starved does not hang.
  SteadyLength counted_per_look = std::chrono::milliseconds(150);
};

enum class Hang { kNone, kStrand, kWriter };

/// A disk in its time: nothing to say, slower than kept silent about, so slow that the server is not ready.
enum class SaveSpeed { kUsual, kSlow, kStuck };

class HangJudge {
 public:
  explicit HangJudge(const HangLimits& limits) : limits_(limits) {}

  struct Verdict {
    Hang hang = Hang::kNone;
    SaveSpeed save = SaveSpeed::kUsual;
    SteadyLength save_takes{};  ///< so far
  };

  /// One look. `strand_answered`: when the strand last did what was posted to it.
  Verdict look(SteadyTime now, SteadyTime strand_answered, const WriterLook& writer);

 private:
  /// A sign of life and when it was first seen, on the clock of counted time.
  struct Sign {
    SteadyTime given;
    SteadyLength seen{};
    SteadyLength age(SteadyTime now_given, SteadyLength counted);
  };

  HangLimits limits_;
  SteadyTime looked_;
  SteadyLength counted_{};  ///< time in which this process was given a chance
  Sign strand_;
  Sign writer_;
};

}  // namespace kapok::ops
