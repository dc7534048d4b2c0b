#pragma once

#include <cstddef>
#include <cstdint>

/// Chance for a simulated city. Each purpose and each call draws from a stream of its own, found by counting, so
/// that one more draw for the patience of a caller changes nobody's handling time, and a run with the same seed
/// repeats who calls when, however fast the server is.
namespace kapok::load {

enum class Purpose : std::uint32_t {
  kArrival,      ///< when the next caller dials
  kLine,         ///< which number he dials
  kCaller,       ///< which number he shows
  kPatience,     ///< how long he waits
  kTalk,         ///< how long a talk takes and who ends it
  kPhoneAnswer,  ///< how a ringing phone is answered
  kDeskAnswer,   ///< how a desk meets an offer
  kWriting,      ///< what a worker writes, and when
  kStation,      ///< what station staff do with orders and callbacks
  kStart,        ///< who connects when
  // Of worlds in virtual time (tests/sim) only:
  kSwarm,    ///< which features a seed has
  kRoster,   ///< who has which shift
  kDevice,   ///< what clients, desks and phones do
  kNetwork,  ///< what happens to messages
  kServer,   ///< crashes, stalls, clocks, directory changes
  // Of callers who choose to be rung back:
  kCallback,  ///< who does, and whether he answers then
};

/// Numbers of one stream, in order.
class Stream {
 public:
  explicit Stream(std::uint64_t key) : key_(key) {}

  std::uint64_t next();
  /// In [0, 1).
  double uniform();
  double between(double low, double high);
  bool chance(double probability);
  /// 0 … count - 1; count > 0.
  std::size_t below(std::size_t count);
  double exponential(double mean);
  /// Log-normal with this mean; `spread` is the standard deviation of its logarithm.
  double log_normal(double mean, double spread);

 private:
  std::uint64_t key_;
  std::uint64_t drawn_ = 0;
};

class RandomStreams {
 public:
  explicit RandomStreams(std::uint64_t seed) : seed_(seed) {}

  /// The stream of `purpose` for whoever has this number (a call, a worker); the same one each time.
  [[nodiscard]] Stream of(Purpose purpose, std::uint64_t number = 0) const;

 private:
  std::uint64_t seed_;
};

}  // namespace kapok::load
