#include "service/desk_liveness.h"

#include <utility>
#include <variant>

namespace kapok::service {

DeskLiveness::DeskLiveness(Office& office, CallDesk& calls, DesksOf desks_of, Lost lost,
                           std::chrono::milliseconds silence_max)
    : office_(office),
      calls_(calls),
      desks_of_(std::move(desks_of)),
      lost_(std::move(lost)),
      silence_max_(silence_max) {
  calls_.listen([this](const SavedEvent& saved) {
    for (const auto& command : saved.commands)
      if (const auto* offer = std::get_if<routing::OfferCall>(&command))
        offered(offer->worker, offer->offer, offer->epoch);
  });
}

void DeskLiveness::offered(WorkerId worker, OfferId offer, std::int64_t epoch) {
  for (const ConnectionId connection : desks_of_(worker)) look(connection, offer, epoch);
}

void DeskLiveness::look(ConnectionId connection, OfferId offer, std::int64_t epoch) {
  const Client* client = office_.clients.find(connection);
  if (client == nullptr || !calls_.core().offer_is_live(offer, epoch)) return;
  if (is_silent(*client)) return lost_(connection);
  auto timer = std::make_shared<boost::asio::steady_timer>(office_.strand, client->heard_at + silence_max_);
  timer->async_wait(
      [this, alive = std::weak_ptr(alive_), timer, connection, offer, epoch](boost::system::error_code failed) {
        if (!failed && !alive.expired()) look(connection, offer, epoch);
      });
}

bool DeskLiveness::is_silent(const Client& client) const {
  return std::chrono::steady_clock::now() - client.heard_at >= silence_max_;
}

}  // namespace kapok::service
