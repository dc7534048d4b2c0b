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
  /// Looks are made every 100 ms; after a longer pause it was the whole process that stood still (a frozen machine),
  /// and everybody's time begins anew.
  SteadyLength own_pause_max = std::chrono::seconds(1);
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
  HangLimits limits_;
  SteadyTime looked_;
  SteadyTime began_;  ///< no silence is counted from before
};

}  // namespace kapok::ops
