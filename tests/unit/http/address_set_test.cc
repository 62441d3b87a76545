#include "common/http/address_set.h"

#include <gtest/gtest.h>

namespace http {
namespace {

AddressSet Proxies() { return *AddressSet::Create({"10.0.0.1", "172.16.0.0/12", "fd00::/8"}); }

TEST(AddressSet, HoldsAddressesAndNetworks) {
  for (const char* inside : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "fd12::9", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(Proxies().Holds(inside)) << inside;
  }
  for (const char* outside : {"10.0.0.2", "172.32.0.1", "172.15.255.255", "fe80::1", "", "proxy", "10.0.0.1:80"}) {
    EXPECT_FALSE(Proxies().Holds(outside)) << outside;
  }
  EXPECT_TRUE(AddressSet::Create({"0.0.0.0/0"})->Holds("203.0.113.9"));
  EXPECT_FALSE(AddressSet::Create({"0.0.0.0/0"})->Holds("2001:db8::1"));
}

TEST(AddressSet, RefusesWhatIsNoAddress) {
  for (const char* bad : {"", "proxy.example", "10.0.0.1/33", "10.0.0.1/", "fd00::/129", "10.0.0", "10.0.0.1/x"}) {
    EXPECT_FALSE(AddressSet::Create({bad}).ok()) << bad;
  }
}

TEST(ClientAddress, IsThePeerUnlessAProxyIsTrusted) {
  EXPECT_EQ(ClientAddress("203.0.113.9", {"198.51.100.1"}, Proxies()), "203.0.113.9");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"198.51.100.1"}, Proxies()), "198.51.100.1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {}, Proxies()), "10.0.0.1");
}

TEST(ClientAddress, IsTheLastOneThatNoTrustedProxyHas) {
  EXPECT_EQ(ClientAddress("10.0.0.1", {"1.1.1.1, 198.51.100.1, 172.16.0.9"}, Proxies()), "198.51.100.1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"1.1.1.1", "198.51.100.1", "172.16.0.9"}, Proxies()), "198.51.100.1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"172.16.0.8,172.16.0.9"}, Proxies()), "172.16.0.8");
}

TEST(ClientAddress, TakesPortsAndBrackets) {
  EXPECT_EQ(ClientAddress("10.0.0.1", {"198.51.100.1:4711"}, Proxies()), "198.51.100.1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"[2001:db8::1]:4711"}, Proxies()), "2001:db8::1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"2001:db8::1"}, Proxies()), "2001:db8::1");
}

TEST(ClientAddress, StopsAtWhatIsNoAddress) {
  EXPECT_EQ(ClientAddress("10.0.0.1", {"1.1.1.1, unknown"}, Proxies()), "10.0.0.1");
  EXPECT_EQ(ClientAddress("10.0.0.1", {"1.1.1.1, , 172.16.0.9"}, Proxies()), "172.16.0.9");
}

TEST(ClientKey, IsTheAddressOrTheNetworkOfOneSubscriber) {
  EXPECT_EQ(ClientKey("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(ClientKey("::ffff:192.0.2.7"), "::ffff:192.0.2.7");
  EXPECT_EQ(ClientKey("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientKey("2001:db8:1:2::ffff"), "2001:db8:1:2::/64");
  EXPECT_NE(ClientKey("2001:db8:1:3::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientKey("::1"), "::/64");
  EXPECT_EQ(ClientKey("no address"), "no address");
}

}  // namespace
}  // namespace http
