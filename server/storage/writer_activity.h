#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace kapok::storage {

/// What the writer thread is doing and since when, for those who watch over it. Set on the writer thread, read on any.
class WriterActivity {
 public:
  enum class Doing {
    kIdle,
    kWorking,
    kSyncing
  };  ///< kSyncing: inside a COMMIT, fsync or checkpoint, at the disk's mercy
  using Time = std::chrono::steady_clock::time_point;
  struct Look {
    Doing doing = Doing::kIdle;
    Time since;
  };

  /// Says `doing` for its own life and then again what was said before, as of then.
  class Mark {
   public:
    Mark(WriterActivity& activity, Doing doing) : activity_(activity), before_(activity.look().doing) {
      activity_.set(doing);
    }
    ~Mark() { activity_.set(before_); }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    WriterActivity& activity_;
    Doing before_;
  };

  [[nodiscard]] Look look() const {
    const std::int64_t word = word_;
    return {static_cast<Doing>(word % kKinds),
            Time(std::chrono::duration_cast<Time::duration>(std::chrono::microseconds(word / kKinds)))};
  }

 private:
  static constexpr std::int64_t kKinds = 4;

  void set(Doing doing) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(Time::clock::now().time_since_epoch());
    word_ = now.count() * kKinds + static_cast<std::int64_t>(doing);
  }

  std::atomic<std::int64_t> word_ = 0;  ///< both in one, so that a look never sees halves of two states
};

}  // namespace kapok::storage
