#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "service/call_desk.h"
#include "service/office.h"

namespace kapok::service {

/// A desk to which an offer was pushed must be heard of within this time (decision 16): clients speak every 5 s, and
/// a caller must not ring out at a desk whose line is dead. Real time, also on a practice store.
inline constexpr std::chrono::milliseconds kOfferedDeskSilenceMax{6'000};

/// Finds desks that fall silent while an offer stands there. Decides nothing else: what a lost desk means is routing's
/// business (the offer is withdrawn without blame), idle and talking desks are judged by their connection. Strand only.
class DeskLiveness {
 public:
  using DesksOf = std::function<std::vector<ConnectionId>(WorkerId)>;
  using Lost = std::function<void(ConnectionId)>;

  DeskLiveness(Office& office, CallDesk& calls, DesksOf desks_of, Lost lost,
               std::chrono::milliseconds silence_max = kOfferedDeskSilenceMax);

 private:
  void offered(WorkerId worker, OfferId offer, std::int64_t epoch);
  void look(ConnectionId connection, OfferId offer, std::int64_t epoch);
  [[nodiscard]] bool is_silent(const Client& client) const;

  Office& office_;
  CallDesk& calls_;
  DesksOf desks_of_;
  Lost lost_;
  std::chrono::milliseconds silence_max_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
