#include "sim/features.h"

#include <array>

#include "load/random_streams.h"

namespace kapok::sim {
namespace {

constexpr std::array<std::string_view, kFeatureCount> kNames = {
    "surge",     "flood",         "redials",       "crisis_callers",   "texts",          "decliners",
    "sleepers",  "unsigned",      "hand_backs",    "legs_lost",        "device_loss",    "lost_messages",
    "doubled",   "stray_accepts", "late_messages", "crashes",          "torn_batches",   "clocks",
    "stalls",    "roster_edges",  "early_ends",    "joint_shifts",     "uncovered",      "breaks",
    "directory", "duty_phone",    "store_fails",   "doubled_arrivals", "lost_endpoints", "lost_callers",
    "buckets",   "backups",       "transfers",     "kept_callbacks",   "sticky",         "languages"};

}  // namespace

std::string_view name_of(Feature feature) { return kNames[static_cast<std::size_t>(feature)]; }

Features Features::all() {
  Features out;
  out.on_.set();
  return out;
}

Features Features::swarm(std::uint64_t seed) {
  load::Stream coin = load::RandomStreams(seed).of(load::Purpose::kSwarm);
  Features out;
  for (std::size_t at = 0; at < kFeatureCount; ++at) out.on_[at] = coin.chance(0.5);
  return out;
}

std::optional<Features> Features::parse(std::string_view text) {
  if (text == "all") return all();
  if (text == "none") return none();
  Features out;
  while (!text.empty()) {
    const auto end = text.find(',');
    const std::string_view word = text.substr(0, end);
    bool known = false;
    for (std::size_t at = 0; at < kFeatureCount; ++at)
      if (kNames[at] == word) known = out.on_[at] = true;
    if (!known) return std::nullopt;
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return out;
}

std::string Features::text() const {
  std::string out;
  for (std::size_t at = 0; at < kFeatureCount; ++at) {
    if (!on_[at]) continue;
    if (!out.empty()) out += ',';
    out += kNames[at];
  }
  return out.empty() ? "none" : out;
}

}  // namespace kapok::sim
