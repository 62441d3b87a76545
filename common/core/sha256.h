#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace common {

// A SHA-256 digest (FIPS 180-4): what a credential is known by in a cache, so that no cache holds the credential.
struct Sha256Digest {
  std::array<uint8_t, 32> bytes;

  bool operator==(const Sha256Digest&) const = default;

  // The digest is uniform already: a part of it is as good a hash as any.
  template <typename H>
  friend H AbslHashValue(H h, const Sha256Digest& digest) {
    uint64_t part = 0;
    std::memcpy(&part, digest.bytes.data(), sizeof(part));
    return H::combine(std::move(h), part);
  }
};

// The digest of `data`. Thread-safe.
Sha256Digest Sha256(std::string_view data);

}  // namespace common
