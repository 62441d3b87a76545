#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace http {

// A set of IP addresses and networks: `10.0.0.1`, `fd00::1`, `172.16.0.0/12`. Immutable; thread-safe.
class AddressSet {
 public:
  AddressSet() = default;
  // Fails on the first entry that is neither an address nor a network, and names it.
  static absl::StatusOr<AddressSet> Create(const std::vector<std::string>& entries);

  bool empty() const { return networks_.empty(); }
  // False for text that is no address.
  bool Holds(std::string_view address) const;

 private:
  struct Network {
    std::array<uint8_t, 16> bytes;  // IPv4 as ::ffff:a.b.c.d
    unsigned prefix;                // in bits
  };
  std::vector<Network> networks_;
};

// The client that a request comes from: the peer, or, where the peer is a trusted proxy, the last address of
// `forwarded` (the values of X-Forwarded-For in order) that is none. An entry that is no address ends the search.
std::string ClientAddress(const std::string& peer, const std::vector<std::string_view>& forwarded,
                          const AddressSet& trusted);

// What a client is counted as: its address, or of IPv6 the network of 64 bits that it is in, since one subscriber has
// all the addresses of one. Text that is no address is its own.
std::string ClientKey(const std::string& address);

}  // namespace http
