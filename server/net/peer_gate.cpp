#include "net/peer_gate.h"

#include <algorithm>
#include <charconv>

namespace kapok::net {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;
namespace ip = boost::asio::ip;

address_v6::bytes_type as_v6(const address& any) {
  return any.is_v4() ? ip::make_address_v6(ip::v4_mapped, any.to_v4()).to_bytes() : any.to_v6().to_bytes();
}

}  // namespace

Result<Network> Network::parse(const std::string& text) {
  const Error wrong{ErrorCode::kInvalidArgument, "not a network such as 10.1.0.0/16: " + text};
  const auto slash = text.find('/');
  boost::system::error_code failed;
  const address base = ip::make_address(text.substr(0, slash), failed);
  if (failed) return wrong;

  const unsigned width = base.is_v4() ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string::npos) {
    const char* begin = text.data() + slash + 1;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(begin, end, bits);
    if (begin == end || parsed.ec != std::errc{} || parsed.ptr != end || bits > width) return wrong;
  }
  Network network;
  network.prefix_ = as_v6(base);
  network.bits_ = bits + (128 - width);
  return network;
}

bool Network::contains(const address& candidate) const {
  const auto bytes = as_v6(candidate);
  for (unsigned bit = 0; bit < bits_; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((bytes[bit / 8] & mask) != (prefix_[bit / 8] & mask)) return false;
  }
  return true;
}

struct PeerGate::Place::State {
  Limits limits;
  mutable std::mutex mutex;
  std::size_t connections = 0;
  std::map<address, std::size_t> strangers;
};

PeerGate::Place::Place(std::shared_ptr<State> state, std::optional<address> stranger)
    : state_(std::move(state)), stranger_(std::move(stranger)) {}

PeerGate::Place::~Place() {
  known();
  const std::lock_guard lock(state_->mutex);
  --state_->connections;
}

void PeerGate::Place::known() {
  if (!stranger_) return;
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->strangers.find(*stranger_);
  if (found != state_->strangers.end() && --found->second == 0) state_->strangers.erase(found);
  stranger_.reset();
}

PeerGate::PeerGate(Limits limits) : state_(std::make_shared<Place::State>()) { state_->limits = std::move(limits); }

PeerGate::Answer PeerGate::admit(const address& from) {
  const auto& trusted = state_->limits.trusted;
  const bool counted = std::none_of(trusted.begin(), trusted.end(), [&](const Network& n) { return n.contains(from); });

  const std::lock_guard lock(state_->mutex);
  if (state_->connections >= state_->limits.connections_max) return {nullptr, Refused::kAllFull};
  if (counted) {
    std::size_t& here = state_->strangers[from];
    if (here >= state_->limits.strangers_per_address_max) return {nullptr, Refused::kAddressFull};
    ++here;
  }
  ++state_->connections;
  return {std::unique_ptr<Place>(new Place(state_, counted ? std::optional(from) : std::nullopt)), {}};
}

std::size_t PeerGate::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->connections;
}

}  // namespace kapok::net
