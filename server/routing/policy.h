#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/call.h"
#include "core/endpoint.h"
#include "core/instant.h"
#include "core/unit.h"
#include "routing/words.h"

/// Every limit and timeout of routing, each with its reason and its source. Nothing else in this folder
/// holds a number. Sources: "routing" = routing.md, "domain" = domain.md, "decision" = decisions.md.
namespace kapok::routing {

// --- Rings --------------------------------------------------------------------------------------------

template <class... Rest>
constexpr std::array<Duration, kRingCount> ring_seconds(Rest... s) {
  return {seconds{s}...};
}

/// Seconds after arrival at which each ring opens. 0/0/10/20 loses 2.0 % of callers where isolated
/// stations lose 23–36 %, and near-first choice, not waiting, is what keeps calls local (routing §1.1).
inline constexpr auto kNormalRings = ring_seconds(0, 0, 10, 20, 120);
/// For stations that ask to keep their callers a little longer; costs 0.5–2 points of abandonment (routing §1.1 b).
inline constexpr auto kLocalRings = ring_seconds(0, 10, 20, 30, 120);
inline constexpr auto kVulnerableRings = ring_seconds(0, 0, 5, 10, 60);
/// All rings at once, still nearest first; R4 by 20 s bounds the wait of a crisis caller (routing §1.4 I8).
inline constexpr auto kCrisisRings = ring_seconds(0, 0, 0, 0, 20);

constexpr const std::array<Duration, kRingCount>& ring_times(CallerClass base, RingPreset preset) {
  if (base == CallerClass::kCrisis) return kCrisisRings;
  if (base == CallerClass::kVulnerable) return kVulnerableRings;
  return preset == RingPreset::kLocal ? kLocalRings : kNormalRings;
}

// --- Classes and order --------------------------------------------------------------------------------

/// A third attempt after two unanswered ones in 30 min is class 1 (decision 9; domain §0.8): persistence is
/// the plainest sign of need. One hang-up alone raises nothing.
inline constexpr std::int32_t kUnansweredAttemptsThatRaise = 2;
/// A normal caller is treated as class 1 after this long, so a stream of class 1 cannot starve him (routing §1.2).
inline constexpr Duration kNormalAgesAfter = seconds{180};
/// A callback is treated as normal after this long (routing §1.2). Nothing ages into class 0 (decision 9).
inline constexpr Duration kCallbackAgesAfter = minutes{15};

/// How much earlier a caller counts for a worker of his own station or district; classes 0 and 1 get none,
/// for them only the wait counts (routing §1.2).
constexpr Duration nearness_bonus(Ring ring, CallerClass effective) {
  if (effective <= CallerClass::kVulnerable) return Duration{0};
  if (ring == Ring::kStation) return seconds{15};
  return ring == Ring::kDistrict ? Duration{seconds{5}} : Duration{0};
}

/// Workers outside its own unit that one line may hold while callers of other lines wait in the same ring and class:
/// this share of the ring's workers on duty, and never less than the few (decision 10). A flood on one line then leaves
/// three quarters of its neighbours to everybody else.
inline constexpr std::int32_t kFairSharePercent = 25;
inline constexpr std::int32_t kFairShareLeast = 2;

// --- Holds ----------------------------------------------------------------------------------------------

/// A caller whose last worker still writes waits for him at most this long (routing §1.2): as long as his own station's
/// bonus is worth, and within the first minute in which few hang up.
inline constexpr Duration kStickyHold = seconds{15};
/// His last worker is asked once, shortly; then the normal path goes on (routing §1.2). A phone keeps its own time: it
/// could not be answered in 10 s.
inline constexpr Duration kStickyDeskOffer = seconds{10};
/// Language is a preference, from arrival, then anyone is better than nobody (domain §0.9).
inline constexpr Duration kLanguageHold = seconds{15};

// --- Offers -------------------------------------------------------------------------------------------

/// p99 of answering is set by the no-answer timeout, so desks are short (routing §1.1 d); a phone needs its
/// set-up time and press-1 (domain §0.1); a text may be read first (decision 6).
inline constexpr Duration kDeskOffer = seconds{12};
inline constexpr Duration kPhoneOffer = seconds{35};
inline constexpr Duration kCrisisDeskOffer = seconds{10};
inline constexpr Duration kCrisisPhoneOffer = seconds{25};
inline constexpr Duration kTextOffer = seconds{60};

constexpr bool is_text(Channel channel) {
  return channel == Channel::kSms || channel == Channel::kWebChat || channel == Channel::kWechat;
}

/// How long one endpoint may ring. An offer over several endpoints lasts as long as its longest.
constexpr Duration offer_lasts(Channel channel, CallerClass base, EndpointKind kind) {
  if (is_text(channel)) return kTextOffer;
  const bool crisis = base == CallerClass::kCrisis;
  if (kind == EndpointKind::kDesk) return crisis ? kCrisisDeskOffer : kDeskOffer;
  return crisis ? kCrisisPhoneOffer : kPhoneOffer;
}

/// The same for the last worker of a number.
constexpr Duration sticky_offer_lasts(Channel channel, CallerClass base, EndpointKind kind) {
  const Duration usual = offer_lasts(channel, base, kind);
  return kind == EndpointKind::kDesk && !is_text(channel) ? std::min(usual, Duration{kStickyDeskOffer}) : usual;
}

/// A caller is not offered again to a worker who just missed him (routing §1.2 RONA).
inline constexpr Duration kExclusionAfterMiss = seconds{120};
/// A missed phone is left alone for a minute and then rings again: it is never signed off (domain §0.1).
inline constexpr Duration kPhonePause = seconds{60};
/// Three phone misses in a row mark the station 无人接听 and its 副站长 is phoned (domain §0.1).
inline constexpr std::int32_t kMissesUntilUnanswered = 3;
/// From the second decline in 30 min idle_since moves to now: declining is free once (decision 11).
inline constexpr Duration kDeclineWindow = minutes{30};

// --- After the call, and devices ------------------------------------------------------------------------

/// Time to write the record; 15 min after high risk (routing §1.2; domain §0.11). "Ready" ends it early.
inline constexpr Duration kAfterCall = seconds{300};
inline constexpr Duration kAfterCallHighRisk = seconds{900};
/// A hang-up within this is counted, no task (domain §0.10). Exactly 5 s is still short.
inline constexpr Duration kShortAbandon = seconds{5};
/// Decision 16. The connection layer reports a desk down when its socket closes or after this much silence.
inline constexpr Duration kIdleDeskSilence = seconds{15};
inline constexpr Duration kOfferedDeskSilence = seconds{6};
/// A desk that dies in a talk may come back within this; then the call waits again in its old place (decision 16).
inline constexpr Duration kTalkingDeskGrace = seconds{15};
/// The same after our own restart (reliability.md R3), counted from the restart, in real time also on a practice clock.
inline constexpr Duration kRestartDeskGrace = kTalkingDeskGrace;

// --- Transfers, announcements and callbacks ---------------------------------------------------------------

/// A second whose leg or device fails this soon after he took over gives the caller back to the first, who still has
/// him in mind; later the call waits in its old place (ours: long enough for a desk's 15 s of grace three times over).
inline constexpr Duration kTransferReturns = seconds{60};
/// How often a waiting caller may hear how he stands; in between music (ours: callers listen for about this long, and
/// programs of this kind announce every 15–60 s, routing §2).
inline constexpr Duration kAnnounceEvery = seconds{30};
/// Whatever is due to be announced in a city is announced together, at most this often (ours: nobody who waits notices
/// 5 s, and a flood of 1,000 callers is one event in the journal then, not 1,000).
inline constexpr Duration kAnnounceGrid = seconds{5};
static_assert(kAnnounceEvery % kAnnounceGrid == Duration{0});
/// Below this a wait is not worth a sentence (routing §1.2 Announcements).
inline constexpr Duration kEstimateLeast = seconds{30};
/// A wait served longer ago than this tells of another hour's queue (ours).
inline constexpr Duration kEstimateFresh = minutes{30};
/// From this wait on a caller may choose to be rung back (routing §1.2 "Never refuse, never drop").
inline constexpr Duration kCallbackOfferedAfter = seconds{180};

// --- Night ----------------------------------------------------------------------------------------------

/// Inside a ring awake desk workers come before phones, so that a sleeping colleague is rung last
/// (routing §1.2 Endpoints). Local time of the city.
inline constexpr Duration kNightFrom = hours{22};
inline constexpr Duration kNightTo = hours{7} + minutes{30};

constexpr Duration time_of_day(Instant at, Duration city_offset) {
  constexpr std::int64_t day = Duration{hours{24}}.count();
  return Duration{((at.us + city_offset.count()) % day + day) % day};
}

constexpr bool is_night(Instant now, Duration city_offset) {
  const Duration local = time_of_day(now, city_offset);
  return local >= kNightFrom || local < kNightTo;
}

// --- How long a callback keeps its place --------------------------------------------------------------------

/// After this long the caller no longer sits by his phone: a person of his unit shall own the promise, so the call ends
/// as missed and becomes the unit's open callback, due at once (ours: the 30 min for which decision 1 holds the
/// attempts of a number together; domain §2.4 wants him rung within 10).
inline constexpr Duration kCallbackKept = minutes{30};
/// At 22:00–07:30 he is rung back this soon after he hung up or not before 08:00, unless high risk or two attempts
/// (domain §0.10, decision 25); who hung up after 07:30 is awake.
inline constexpr Duration kCallbackKeptAtNight = minutes{15};
inline constexpr Duration kRingBackFrom = hours{8};
/// A dial that broke off through us, or a restart, at the very end leaves this much to try once more (ours).
inline constexpr Duration kCallbackKeptLeast = minutes{1};

/// Somebody who hung up then sleeps now, and is not to be woken.
constexpr bool sleeps(Instant hung_up_at, Instant now, Duration city_offset) {
  const Duration local = time_of_day(now, city_offset);
  return local >= kNightFrom || (local < kRingBackFrom && now - hung_up_at > local - kNightTo);
}

/// The last instant at which a callback kept then may be dialled in its place.
constexpr Instant callback_kept_until(Instant kept_at, bool haste, Duration city_offset) {
  const Instant latest = kept_at + kCallbackKept;
  const Instant quiet = kept_at + kCallbackKeptAtNight;
  if (haste) return latest;
  if (sleeps(kept_at, quiet, city_offset)) return quiet;
  const Instant night = quiet + (kNightFrom - time_of_day(quiet, city_offset));
  return night < latest ? night : latest;
}

// --- Sizes ------------------------------------------------------------------------------------------------

/// Levels of a tree: province ▸ city ▸ region ▸ district ▸ station ▸ point and room for two more (DESIGN §4).
inline constexpr std::size_t kTreeDepthMax = 8;
/// Endpoints one worker may have; one offer rings them all, and a gateway's window is 64 (telephony §8).
inline constexpr std::size_t kEndpointsPerWorkerMax = 8;
/// Stations one shift may cover jointly.
inline constexpr std::size_t kUnitsPerShiftMax = 32;
/// Callers one duty phone may hold at once.
inline constexpr std::int32_t kDutyPhoneCapacityMax = 100;

}  // namespace kapok::routing
