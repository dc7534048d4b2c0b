#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "service/city_service.h"

/// What a city tells the operations port of itself.
namespace kapok::service {

std::function<void(api::Reply)> CityService::timed(std::function<void(api::Reply)> reply) const {
  return [&metrics = *metrics_, reply = std::move(reply), began = std::chrono::steady_clock::now()](api::Reply answer) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    metrics.count(ops::MetricId::kRequests, answer.body ? "ok" : name_of(answer.body.error().code));
    metrics.observe(ops::MetricId::kRequestTime, took.count());
    reply(std::move(answer));
  };
}

void CityService::count_into(ops::Metrics& metrics) {
  metrics_ = &metrics;
  calls_.listen([this](const SavedEvent& saved) {
    if (!call_metrics_) call_metrics_ = std::make_unique<CallMetrics>(*metrics_, office_.directory->tree().root());
    call_metrics_->saw(saved);
  });
}

void CityService::refresh_metrics(std::function<void()> done) {
  boost::asio::post(strand_, [this, done = std::move(done)] {
    if (metrics_ != nullptr) {
      const Instant now = office_.clock.now();
      Instant first = now;
      for (const auto& [id, call] : calls_.calls().all())
        if (call.row.state == CallState::kWaiting && !call.row.is_kept()) first = std::min(first, call.row.arrived_at);
      metrics_->set(ops::MetricId::kLongestWait, std::chrono::duration<double>(now - first).count());
      metrics_->set(ops::MetricId::kSessions, static_cast<double>(sign_in_.size()));
      metrics_->set(ops::MetricId::kGateways, static_cast<double>(gateways_.attached()));
    }
    done();
  });
}

}  // namespace kapok::service
