#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What may go wrong or be unusual in a simulated world. Each seed of a swarm switches every feature on or off by
/// itself: a fault that one feature hides is found by the worlds that lack it.
namespace kapok::sim {

enum class Feature : std::uint8_t {
  kSurge,            ///< twenty times the callers for some hours
  kFlood,            ///< one line is called without end by a few numbers
  kRedials,          ///< who hung up calls again, within 120 s at his old place
  kCrisisCallers,    ///< classes 0 and 1
  kTexts,            ///< arrivals of type text
  kDecliners,        ///< one worker in five turns down every third offer
  kSleepers,         ///< workers at home who do not hear the phone at night
  kUnsignedPhones,   ///< phone workers without a client: nobody ends their after-call
  kHandBacks,        ///< callers given back
  kLegsLost,         ///< worker's phone drops in the talk
  kDeviceLoss,       ///< desks vanish and come back, in every state
  kLostMessages,     ///< a message is lost and sent again, an offer never rings
  kDoubledMessages,  ///< a message arrives twice
  kStrayAccepts,     ///< accepts of another worker, from an endpoint that does not ring, of an older start
  kLateMessages,     ///< messages overtake each other; accepts cross withdrawals
  kCrashes,          ///< the server dies and is rebuilt from its store
  kTornBatches,      ///< … between a decision and its commit
  kClockJumps,       ///< the wall clock differs after a restart
  kStalls,           ///< the server stands still: timers and messages late, together
  kRosterEdges,      ///< all shifts change in the same microsecond, units change while a shift runs
  kEarlyEnds,        ///< shifts end in the middle of calls and offers
  kJointShifts,      ///< one worker covers several stations, or a district
  kUncovered,        ///< stations without anybody, some taken over late
  kBreaks,           ///< away and ready at all times
  kDirectory,        ///< units move, presets, lines and skills change while callers wait
  kDutyPhone,        ///< a city duty phone with a capacity
  kStoreFails,       ///< store and spool fail together for some events: what they decided is void
  kDoubledArrivals,  ///< a gateway reports an arrival twice
  kLostEndpoints,    ///< an endpoint is taken out of the directory, also while it rings or talks, and given back
  kLostCallers,      ///< who hung up while the server was away is missing when the gateway attaches again
  kBuckets,          ///< numbers call more often than their bucket allows
  kBackups,          ///< shifts have a backup, who is asked when their phone was missed
  kTransfers,        ///< talks are passed on, cold and warm, to workers, units and supervisors, and some taken back
  kKeptCallbacks,    ///< waiting callers choose to be rung back; some are not reached
  kSticky,           ///< callers whose last worker is to go on with them
  kLanguages,        ///< callers who prefer a language that some workers speak
};
inline constexpr std::size_t kFeatureCount = 36;

class Features {
 public:
  static Features none() { return {}; }
  static Features all();
  /// Each on or off by the toss of a coin of this seed.
  static Features swarm(std::uint64_t seed);
  /// `all`, `none`, or names with commas between; nothing when a name is unknown.
  static std::optional<Features> parse(std::string_view text);

  [[nodiscard]] bool has(Feature feature) const { return on_[static_cast<std::size_t>(feature)]; }
  Features& set(Feature feature, bool on = true) {
    on_[static_cast<std::size_t>(feature)] = on;
    return *this;
  }
  Features& add(const Features& others) {
    on_ |= others.on_;
    return *this;
  }
  /// Names with commas between, or `none`.
  [[nodiscard]] std::string text() const;

 private:
  std::bitset<kFeatureCount> on_;
};

[[nodiscard]] std::string_view name_of(Feature feature);

}  // namespace kapok::sim
