#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "load/city_plan.h"
#include "load/world.h"
#include "load/writing.h"

namespace kapok::load {

/// One worker at a desk for one shift: takes duty, is ready, answers, writes while talking, finalises, goes home.
class WorkerActor : public std::enable_shared_from_this<WorkerActor> {
 public:
  /// Told of each order that the worker's records made.
  using Dispatched = std::function<void(std::int64_t referral, std::int64_t unit)>;

  WorkerActor(World& world, PlanShift shift, std::string device_token, std::uint64_t number, Dispatched dispatched);

  /// The whole shift; ends after `leave_now` or the shift's end, when nothing is left to write.
  asio::awaitable<void> serve();
  void leave_now();
  /// Closes the connection whatever is under way.
  void stop();

  [[nodiscard]] bool is_busy() const { return busy_; }
  [[nodiscard]] bool is_done() const { return done_; }

 private:
  asio::awaitable<void> open_desk(wire::Conversation& with);
  void take(const v1::Push& push);
  asio::awaitable<bool> come_on_duty();
  asio::awaitable<void> be_ready();
  asio::awaitable<void> meet(v1::OfferView offer);
  asio::awaitable<void> accept(v1::OfferView offer);
  asio::awaitable<bool> hear_dialling(v1::CallView& call);
  asio::awaitable<void> talk(v1::CallView call, v1::ContactFields fields, bool hands_back);
  asio::awaitable<void> end_talk(v1::CallView call, bool hands_back);
  asio::awaitable<void> save_draft(v1::ContactFields fields);
  asio::awaitable<void> write_up(v1::CallView call, v1::ContactFields fields);
  asio::awaitable<void> finalise(const v1::CallView& call, const v1::ContactFields& fields);
  void book(const v1::ContactSaved& saved, const v1::FinaliseContact& asked);
  asio::awaitable<void> go_home();
  [[nodiscard]] bool shift_is_over() const;

  World& world_;
  const PlanShift shift_;
  Dispatched dispatched_;
  std::shared_ptr<SteadyLink> link_;
  Signal changed_;
  Stream answers_;
  Stream writes_;
  v1::DeskState desk_;
  std::optional<v1::OfferView> offer_;
  std::set<std::int64_t> over_;  ///< calls
  v1::CallView connected_;       ///< whose caller was rung back and reached
  std::int64_t call_ = 0;        ///< while talking
  std::int64_t contact_ = 0;
  std::uint64_t contact_version_ = 0;
  bool on_duty_ = false;
  bool leaving_ = false;
  bool busy_ = false;
  bool done_ = false;
};

}  // namespace kapok::load
