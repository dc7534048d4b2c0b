#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "service/service.h"

namespace kapok::testing_net {

/// Answers what the connection tests ask and remembers what it was told. Any thread.
class FakeService : public service::Service {
 public:
  static constexpr auto kPatience = std::chrono::seconds(5);

  void connected(service::ConnectionId connection, std::shared_ptr<service::Outbox> outbox,
                 service::Peer peer) override {
    change([&] {
      outboxes_[connection.value] = std::move(outbox);
      addresses_.push_back(peer.address);
    });
  }

  void ask(service::ConnectionId, api::Request request, std::function<void(api::Reply)> reply) override {
    if (std::holds_alternative<api::ListDrafts>(request.body)) {
      change([&] { held_.push_back([reply, id = request.id] { reply({id, api::ReplyBody(api::LogPage{})}); }); });
      return;
    }
    reply({request.id, answer(request.body)});
  }

  void fell_behind(service::ConnectionId connection) override {
    change([&] { behind_.push_back(connection.value); });
  }

  void disconnected(service::ConnectionId connection) override {
    change([&] {
      outboxes_.erase(connection.value);
      ++disconnected_;
    });
  }

  /// Answers what `ListDrafts` has asked so far.
  void release() {
    std::vector<std::function<void()>> held;
    change([&] { held.swap(held_); });
    for (const auto& answer : held) answer();
  }

  void push_to_all(const api::Push& push, const std::string& key) {
    std::vector<std::shared_ptr<service::Outbox>> all;
    change([&] {
      for (const auto& [id, outbox] : outboxes_) all.push_back(outbox);
    });
    for (const auto& outbox : all) outbox->push(push, key);
  }

  std::shared_ptr<service::Outbox> outbox_of_first() {
    const std::lock_guard lock(mutex_);
    return outboxes_.empty() ? nullptr : outboxes_.begin()->second;
  }

  std::size_t connections() {
    const std::lock_guard lock(mutex_);
    return outboxes_.size();
  }

  bool wait_for_connections(std::size_t count) {
    return wait([&] { return outboxes_.size() == count; });
  }
  bool wait_for_disconnections(int count) {
    return wait([&] { return disconnected_ == count; });
  }
  bool wait_for_held(std::size_t count) {
    return wait([&] { return held_.size() == count; });
  }
  bool wait_for_behind(std::size_t count) {
    return wait([&] { return behind_.size() >= count; });
  }

 private:
  static Result<api::ReplyBody> answer(const api::RequestBody& asked) {
    if (const auto* hello = std::get_if<api::Hello>(&asked)) {
      if (hello->version_min > 1) return Error{ErrorCode::kVersionNotSupported, "this server speaks version 1"};
      api::Welcome welcome;
      welcome.version = 1;
      return api::ReplyBody(welcome);
    }
    if (const auto* device = std::get_if<api::SignInDevice>(&asked)) {
      if (device->device_token == "wrong") return Error{ErrorCode::kWrongCredentials, ""};
      api::SignedIn signed_in;
      signed_in.session = SessionId(1);
      signed_in.worker = WorkerId(1);
      signed_in.roles.push_back({device->device_token == "gateway" ? Role::kGateway : Role::kWorker, UnitId(1), ""});
      return api::ReplyBody(signed_in);
    }
    if (std::holds_alternative<api::Ping>(asked)) return api::ReplyBody(api::Pong{Instant{1}});
    return api::ReplyBody(Done{});
  }

  template <class F>
  void change(F f) {
    {
      const std::lock_guard lock(mutex_);
      f();
    }
    changed_.notify_all();
  }

  template <class P>
  bool wait(P predicate) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, predicate);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::shared_ptr<service::Outbox>> outboxes_;
  std::vector<std::string> addresses_;
  std::vector<std::uint64_t> behind_;
  std::vector<std::function<void()>> held_;
  int disconnected_ = 0;
};

}  // namespace kapok::testing_net
