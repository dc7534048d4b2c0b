#include "load/callers.h"

#include <algorithm>

#include "load/world.h"

namespace kapok::load {

std::string CityCallers::dialled(std::uint64_t number) const {
  Stream lines = streams_.of(Purpose::kLine, number);
  return plan_.line(lines).number;
}

std::string CityCallers::shown(std::uint64_t number) const {
  Stream callers = streams_.of(Purpose::kCaller, number);
  return plan_.caller(callers);
}

CallerNature CityCallers::nature(std::uint64_t number) const {
  Stream patience = streams_.of(Purpose::kPatience, number);
  Stream talks = streams_.of(Purpose::kTalk, number);
  const bool short_one = patience.chance(habits_.short_hang_up_share);
  const double waits_s = short_one ? patience.between(1, 4) : 5 + patience.exponential(habits_.patience_mean_s);
  const double talks_s = talks.log_normal(habits_.talk_mean_s, habits_.talk_spread);
  return {seconds_us(waits_s), seconds_us(std::clamp(talks_s, 10.0, 7200.0)),
          talks.chance(habits_.worker_hangs_up_share)};
}

std::optional<ProductUs> ReplayCallers::next(ProductUs) {
  if (told_ == week_.calls.size()) return std::nullopt;
  return begins_ + week_.calls[told_++].joins - week_.from;
}

std::string ReplayCallers::shown(std::uint64_t number) const {
  return number == 0 || number > week_.calls.size() ? std::string{} : caller_of(week_.calls[number - 1].number);
}

CallerNature ReplayCallers::nature(std::uint64_t number) const {
  if (number == 0 || number > week_.calls.size()) return {};
  const ReplayCall& call = week_.calls[number - 1];
  return {call.kind == ReplayKind::kStays ? kForEver : call.patience, call.talk, false};
}

}  // namespace kapok::load
