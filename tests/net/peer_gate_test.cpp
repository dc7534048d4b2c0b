#include "net/peer_gate.h"

#include <gtest/gtest.h>

namespace kapok::net {
namespace {

using boost::asio::ip::make_address;

Network network(const std::string& text) { return Network::parse(text).value(); }

TEST(Network, HoldsTheAddressesOfItsPrefix) {
  EXPECT_TRUE(network("10.1.0.0/16").contains(make_address("10.1.255.7")));
  EXPECT_FALSE(network("10.1.0.0/16").contains(make_address("10.2.0.1")));
  EXPECT_TRUE(network("0.0.0.0/0").contains(make_address("192.0.2.1")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(make_address("2001:db8::1")));
  EXPECT_TRUE(network("2001:db8::/33").contains(make_address("2001:db8:7fff::1")));
  EXPECT_FALSE(network("2001:db8::/33").contains(make_address("2001:db8:8000::1")));
}

TEST(Network, AnAddressAloneIsANetworkOfOne) {
  EXPECT_TRUE(network("192.0.2.1").contains(make_address("192.0.2.1")));
  EXPECT_FALSE(network("192.0.2.1").contains(make_address("192.0.2.2")));
}

TEST(Network, AnIpv4PeerOnAnIpv6SocketIsRecognised) {
  EXPECT_TRUE(network("10.0.0.0/8").contains(make_address("::ffff:10.9.8.7")));
}

TEST(Network, WhatIsNoNetworkIsRefused) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "::/129", "station", "1.2.3.4/-1"})
    EXPECT_FALSE(Network::parse(text).ok()) << text;
}

TEST(PeerGate, OneAddressHoldsOnlySoManyStrangers) {
  PeerGate gate({.connections_max = 100, .strangers_per_address_max = 2, .trusted = {}});
  const auto address = make_address("192.0.2.1");
  const auto first = gate.admit(address);
  auto second = gate.admit(address);
  EXPECT_EQ(gate.admit(address).place, nullptr);
  EXPECT_EQ(gate.admit(address).why, PeerGate::Refused::kAddressFull);
  EXPECT_NE(gate.admit(make_address("192.0.2.2")).place, nullptr);
  second.place.reset();
  EXPECT_NE(gate.admit(address).place, nullptr);
}

TEST(PeerGate, WhoeverSignedInNoLongerCountsAgainstTheAddress) {
  PeerGate gate({.connections_max = 100, .strangers_per_address_max = 1, .trusted = {}});
  const auto address = make_address("192.0.2.1");
  const auto first = gate.admit(address);
  first.place->known();
  first.place->known();
  EXPECT_NE(gate.admit(address).place, nullptr);
}

TEST(PeerGate, TrustedNetworksHaveOnlyTheGlobalLimit) {
  PeerGate gate({.connections_max = 3, .strangers_per_address_max = 1, .trusted = {network("10.0.0.0/8")}});
  const auto address = make_address("10.0.0.1");
  std::vector<PeerGate::Answer> held;
  for (int i = 0; i < 3; ++i) held.push_back(gate.admit(address));
  EXPECT_NE(held.back().place, nullptr);
  EXPECT_EQ(gate.admit(address).why, PeerGate::Refused::kAllFull);
  held.clear();
  EXPECT_EQ(gate.connections(), 0U);
}

}  // namespace
}  // namespace kapok::net
