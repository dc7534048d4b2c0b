#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "load/callers.h"
#include "load/world.h"

namespace kapok::load {

/// A caller on the simulated gateway, from dialling to hanging up.
struct HeldCall {
  explicit HeldCall(const asio::any_io_executor& executor) : changed(executor) {}

  /// kKept: hung up, to be rung back in his place; kDialling: is rung back now.
  enum class Phase { kWaiting, kTalking, kReleased, kLeaving, kHunted, kKept, kDialling };

  std::uint64_t number = 0;  ///< of the run
  CallerNature nature;
  std::string gw_ref;
  std::string dialled;
  std::string caller;
  ProductUs arrived_at = 0;  ///< as labelled for the server
  ProductUs arrived_steady = 0;
  bool told = false;     ///< the server may know of it
  bool taken = false;    ///< the server has named it
  bool refused = false;  ///< the server would not take it
  Phase phase = Phase::kWaiting;
  bool counted = false;       ///< among the answered
  bool on_phone = false;      ///< talks with a phone that we rang
  std::int64_t endpoint = 0;  ///< whom he talks with
  ProductUs answered_at = 0;  ///< by the hunt list
  bool backfill_sent = false;
  bool offered_callback = false;  ///< and has decided
  bool choosing = false;          ///< the server is being told that he wants it: he stays on the line for the answer
  std::uint64_t dials = 0;
  Signal changed;
};

/// The native gateway of the city (telephony.md §8): brings callers in, rings phones, connects, hangs up. When the
/// server is silent it follows the hunt lists (decision 16) and reports afterwards.
class GatewayActor {
 public:
  GatewayActor(World& world, Callers& callers, std::string device_token, std::size_t calls_max);

  /// Attaches and begins to beat.
  void start();
  asio::awaitable<void> until_attached();
  /// Places calls until the city closes, `ends_at` (steady product time), or nobody calls any more.
  asio::awaitable<void> place_calls(ProductUs ends_at);
  /// Every caller hangs up now.
  void let_everybody_go();
  void stop();

  [[nodiscard]] std::size_t held() const { return held_.size(); }
  [[nodiscard]] std::size_t count(HeldCall::Phase phase) const;
  /// Reports that still have to reach the server.
  [[nodiscard]] std::size_t unreported() const { return unreported_; }
  [[nodiscard]] const SteadyLink& link() const { return *link_; }
  [[nodiscard]] SteadyLink& link() { return *link_; }

 private:
  using Call = std::shared_ptr<HeldCall>;
  using Real = std::chrono::steady_clock;

  // The link (gateway_link.cpp).
  asio::awaitable<void> attach(wire::Conversation& with);
  asio::awaitable<void> tell_held(wire::Conversation& with);
  asio::awaitable<void> backfill_held(wire::Conversation& with);
  asio::awaitable<void> beat();
  void take(const v1::Push& push);
  void take(const v1::RingEndpoint& ring);
  void take(const v1::Bridge& bridge);
  void take(const v1::Park& park);
  void take(const v1::Release& release);
  void take(const v1::Progress& progress);
  asio::awaitable<void> ring_phone(v1::RingEndpoint ring);
  asio::awaitable<void> phone_is_off(v1::RingEndpoint ring);
  asio::awaitable<void> answer_phone(v1::RingEndpoint ring, Call call);
  asio::awaitable<void> dial(v1::Dial dial);
  [[nodiscard]] Real::duration silence() const { return Real::now() - heard_at_; }

  // The callers.
  void place_call();
  asio::awaitable<void> live(Call call);
  asio::awaitable<void> wait(Call call);
  asio::awaitable<void> talk(Call call);
  asio::awaitable<void> report_arrival(Call call);
  asio::awaitable<void> leave(Call call, v1::EndedBy by);
  void count_answered(HeldCall& call);
  void refuse(const Call& call, const std::string& code);
  [[nodiscard]] bool must_hunt(const HeldCall& call) const;
  void forget(const Call& call);

  // Callers who are rung back (gateway_callbacks.cpp).
  asio::awaitable<void> choose_callback(Call call);
  asio::awaitable<void> be_kept(Call call);
  asio::awaitable<void> dial_back(Call call, v1::Bridge bridge);
  asio::awaitable<void> report_dialled(Call call, v1::Bridge bridge, bool reached);
  asio::awaitable<void> nobody_there(std::string gw_ref);
  void connect(const Call& call, const v1::Bridge& bridge);

  // The hunt list (gateway_hunting.cpp).
  asio::awaitable<void> hunt(Call call, ProductUs patience_ends);
  asio::awaitable<bool> hunt_rings(Call call, Stream& chance, ProductUs patience_ends);
  asio::awaitable<void> report_backfill(Call call);
  [[nodiscard]] v1::ClientFrame backfill_of(const HeldCall& call, ProductUs ended_at) const;
  void book_backfill(const HeldCall& call, const v1::BackfillTaken& taken);

  [[nodiscard]] Call find(const std::string& gw_ref) const;

  World& world_;
  Callers& callers_;
  std::size_t calls_max_;
  std::shared_ptr<SteadyLink> link_;
  std::uint64_t epoch_;
  std::uint64_t last_number_ = 0;
  std::uint64_t unreported_ = 0;
  bool attached_before_ = false;
  bool letting_go_ = false;
  Real::time_point heard_at_ = Real::now();
  std::chrono::milliseconds beat_interval_{1000};
  std::chrono::milliseconds silence_new_{5000};
  std::chrono::milliseconds silence_waiting_{30000};
  std::map<std::string, Call> held_;
  std::map<std::string, v1::HuntList> hunt_lists_;  ///< by number dialled
  std::map<std::int64_t, int> phones_in_use_;       ///< by endpoint
  std::set<std::int64_t> withdrawn_;                ///< offers
  std::set<std::int64_t> answered_on_phone_;        ///< offers
};

}  // namespace kapok::load
