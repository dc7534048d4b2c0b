#include "load/random_streams.h"

#include <cmath>
#include <numbers>

namespace kapok::load {
namespace {

constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15U;

/// The finaliser of SplitMix64: every bit of the result depends on every bit given.
std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31U);
}

}  // namespace

std::uint64_t Stream::next() { return mixed(key_ + kStep * ++drawn_); }

double Stream::uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

double Stream::between(double low, double high) { return low + (high - low) * uniform(); }

bool Stream::chance(double probability) { return uniform() < probability; }

std::size_t Stream::below(std::size_t count) {
  const auto drawn = static_cast<std::size_t>(uniform() * static_cast<double>(count));
  return drawn < count ? drawn : count - 1;
}

double Stream::exponential(double mean) { return -mean * std::log1p(-uniform()); }

double Stream::log_normal(double mean, double spread) {
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
  const double normal = radius * std::cos(2.0 * std::numbers::pi * uniform());
  return mean * std::exp(spread * normal - spread * spread / 2.0);
}

Stream RandomStreams::of(Purpose purpose, std::uint64_t number) const {
  const std::uint64_t about = mixed(mixed(seed_ + kStep) ^ (static_cast<std::uint64_t>(purpose) + 1) * kStep);
  return Stream(mixed(about ^ mixed(number * kStep + 1)));
}

}  // namespace kapok::load
