#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace kapok::net {

/// A network in CIDR notation, IPv4 or IPv6. A single address is a network of one.
class Network {
 public:
  static Result<Network> parse(const std::string& text);
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address_v6::bytes_type prefix_{};  ///< IPv4 as mapped into IPv6
  unsigned bits_ = 0;
};

/// Counts who is let in: all connections together, and those of one address that have not signed in
/// (decision 30: one station's many desks behind one address must not hinder each other once they are known).
/// Any thread.
class PeerGate {
 public:
  struct Limits {
    std::size_t connections_max = 40'000;
    std::size_t strangers_per_address_max = 64;
    std::vector<Network> trusted;  ///< no per-address limit for these
  };

  /// A place taken by one connection; given back when destroyed. The gate may be gone by then.
  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    /// The connection signed in: it no longer counts against its address.
    void known();

   private:
    friend class PeerGate;
    struct State;
    Place(std::shared_ptr<State> state, std::optional<boost::asio::ip::address> stranger);

    std::shared_ptr<State> state_;
    std::optional<boost::asio::ip::address> stranger_;
  };

  enum class Refused { kAddressFull, kAllFull };
  struct Answer {
    std::unique_ptr<Place> place;  ///< null when refused
    Refused why{};
  };

  explicit PeerGate(Limits limits);
  Answer admit(const boost::asio::ip::address& address);
  [[nodiscard]] std::size_t connections() const;

 private:
  std::shared_ptr<Place::State> state_;
};

}  // namespace kapok::net
