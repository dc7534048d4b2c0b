#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "load/world.h"
#include "load/writing.h"

namespace kapok::load {

/// The staff of one station: accept and complete the orders sent to it, ring back whom nobody answered, acknowledge
/// missed callers. One client of the station's lead; it connects when there is something to do for the first time.
class StationActor : public std::enable_shared_from_this<StationActor> {
 public:
  StationActor(World& world, std::int64_t unit, std::string account, std::string device_token, std::uint64_t number);

  /// Looks for callbacks now and then until the city closes.
  asio::awaitable<void> look_after_callers();
  /// An order was sent to the station: takes care of it in its own time.
  void expect(std::int64_t referral);
  /// Nothing new is begun; what is under way ends.
  void leave_now();
  void stop();

  /// Changes asked and not yet answered.
  [[nodiscard]] std::size_t under_way() const { return under_way_; }

 private:
  asio::awaitable<void> care_for(std::int64_t referral, std::uint64_t place);
  asio::awaitable<void> give_back(v1::Referral referral);
  asio::awaitable<v1::Referral> find(std::int64_t referral);
  asio::awaitable<void> ring_back(Stream& chance);
  asio::awaitable<void> acknowledge_missed();
  asio::awaitable<Answer> change(v1::ClientFrame frame, std::string what);
  /// False when the city closed meanwhile.
  asio::awaitable<bool> in_own_time(double seconds);
  void connect();

  World& world_;
  const std::int64_t unit_;
  const std::uint64_t number_;
  std::shared_ptr<SteadyLink> link_;
  Signal closing_;
  Writing writing_;
  std::uint64_t orders_ = 0;
  std::size_t under_way_ = 0;
  bool connected_ = false;
  bool leaving_ = false;
};

}  // namespace kapok::load
