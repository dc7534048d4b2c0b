#include "sim/world_plan.h"

#include <array>

namespace kapok::sim {

WorldPlan city_plan(std::uint64_t seed, Features features) {
  WorldPlan plan;
  plan.seed = seed;
  plan.city = true;
  plan.features = features;
  for (auto& day : plan.weights.of) day.fill(1);
  plan.lasts = hours{24 * 365};
  plan.trouble_every_h = 24;
  return plan;
}

WorldPlan small_plan(std::uint64_t seed) {
  constexpr std::array<double, 5> kLoads = {0.2, 1, 3, 8, 20};
  load::Stream chance = load::RandomStreams(seed).of(load::Purpose::kSwarm, 1);
  WorldPlan plan;
  plan.seed = seed;
  plan.features = Features::swarm(seed);
  for (auto& day : plan.weights.of) day.fill(1);
  plan.calls_per_day = 150 * kLoads[chance.below(kLoads.size())];
  plan.habits.talk_mean_s = chance.chance(0.5) ? 900 : 120;
  plan.habits.patience_mean_s = chance.chance(0.3) ? 3000 : 300;
  plan.lasts = hours{72};
  plan.events_max = 3000;
  plan.trouble_every_h = chance.between(0.1, 1);
  plan.device_lost_every_h = plan.trouble_every_h;
  plan.break_every_h = 2;
  plan.check_every = 1;
  plan.repeat_every = 1;
  return plan;
}

}  // namespace kapok::sim
