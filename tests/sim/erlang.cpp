#include "sim/erlang.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/check.h"

namespace kapok::sim {
namespace {

/// What lies this many nats below the peak is smaller than a double's last bit.
constexpr double kNegligibleNats = 50;

struct Stationary {
  std::vector<double> free_p;   ///< [k] = P(k callers in the system), k < n: an arrival is answered at once
  std::vector<double> queue_p;  ///< [j] = P(n + j callers in the system): an arrival waits behind j others
};

Stationary stationary(const QueueModel& model) {
  const double mu = 1 / model.talk_mean_s;
  const double theta = 1 / model.patience_mean_s;
  std::vector<double> logs{0};
  double peak = 0;
  for (std::int32_t k = 1;; ++k) {
    const double deaths = std::min(k, model.servers) * mu + std::max(0, k - model.servers) * theta;
    logs.push_back(logs.back() + std::log(model.arrivals_per_s / deaths));
    peak = std::max(peak, logs.back());
    const bool falling = deaths > model.arrivals_per_s;
    if (k > model.servers && falling && logs.back() < peak - kNegligibleNats) break;
  }
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - peak);
  Stationary out;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    auto& part = k < static_cast<std::size_t>(model.servers) ? out.free_p : out.queue_p;
    part.push_back(std::exp(logs[k] - peak) / sum);
  }
  return out;
}

/// u[j] = P(answered within `within_s` | j wait before him): the chain of his place, made discrete at its highest rate
/// (uniformisation). One step: somebody before him goes, or he hangs up, or nothing.
std::vector<double> answered_from(const QueueModel& model, std::size_t places, double within_s) {
  const double serve = model.servers / model.talk_mean_s;
  const double theta = 1 / model.patience_mean_s;
  const double rate = serve + static_cast<double>(places) * theta;
  const double steps_mean = rate * within_s;
  std::vector<double> now(places, 0.0);
  std::vector<double> sum(places, 0.0);
  double weight_log = -steps_mean;
  const auto steps_max = static_cast<std::size_t>(steps_mean + 12 * std::sqrt(steps_mean) + 60);
  for (std::size_t step = 0; step <= steps_max; ++step) {
    const double weight = std::exp(weight_log);
    for (std::size_t j = 0; j < places; ++j) sum[j] += weight * now[j];
    weight_log += std::log(steps_mean / static_cast<double>(step + 1));
    for (std::size_t j = places; j-- > 0;) {
      const double forward = serve + static_cast<double>(j) * theta;
      const double before = j == 0 ? 1.0 : now[j - 1];
      now[j] = (forward * before + (rate - forward - theta) * now[j]) / rate;
    }
  }
  return sum;
}

double erlang_c_waits(const QueueModel& model) {
  const double load = model.offered_load();
  KAPOK_CHECK(model.servers > 0 && load > 0 && load < model.servers);
  double blocked = 1;  // Erlang B by its recursion, which never leaves [0, 1]
  for (std::int32_t k = 1; k <= model.servers; ++k) blocked = load * blocked / (k + load * blocked);
  return blocked / (1 - load / model.servers * (1 - blocked));
}

}  // namespace

QueueFigures erlang_c(const QueueModel& model) {
  QueueFigures out;
  out.waits = erlang_c_waits(model);
  out.mean_wait_s = out.waits / (model.servers / model.talk_mean_s - model.arrivals_per_s);
  out.queue_length = model.arrivals_per_s * out.mean_wait_s;
  out.occupancy = model.offered_load() / model.servers;
  return out;
}

QueueFigures erlang_a(const QueueModel& model) {
  KAPOK_CHECK(model.servers > 0 && model.arrivals_per_s > 0 && model.talk_mean_s > 0 && model.patience_mean_s > 0);
  const Stationary p = stationary(model);
  QueueFigures out;
  double talking = 0;
  for (std::size_t k = 0; k < p.free_p.size(); ++k) talking += static_cast<double>(k) * p.free_p[k];
  for (std::size_t j = 0; j < p.queue_p.size(); ++j) {
    out.waits += p.queue_p[j];
    out.queue_length += static_cast<double>(j) * p.queue_p[j];
  }
  talking += model.servers * out.waits;
  out.occupancy = talking / model.servers;
  out.mean_wait_s = out.queue_length / model.arrivals_per_s;
  out.abandons = out.mean_wait_s / model.patience_mean_s;
  return out;
}

QueueFigures exact_figures(const QueueModel& model) {
  return model.patience_mean_s > 0 ? erlang_a(model) : erlang_c(model);
}

double answered_within(const QueueModel& model, double within_s) {
  if (model.patience_mean_s <= 0) {
    const double spare = model.servers / model.talk_mean_s - model.arrivals_per_s;
    return 1 - erlang_c_waits(model) * std::exp(-spare * within_s);
  }
  const Stationary p = stationary(model);
  const auto from = answered_from(model, p.queue_p.size(), within_s);
  double sum = 0;
  for (const double at_once : p.free_p) sum += at_once;
  for (std::size_t j = 0; j < from.size(); ++j) sum += p.queue_p[j] * from[j];
  return sum;
}

}  // namespace kapok::sim
