#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace todo {

// The key that all replicas seal tokens with; a row that `migrate` makes.
using TokenKey = std::array<uint8_t, 32>;

// Tokens that a client carries and nobody but us can read or make: AES-256-GCM (NIST SP 800-38D) with a random nonce,
// under a key of the user's own that is derived from `key` by HMAC-SHA256. A token opens only for the user and the
// `context` (what it is for) that it was sealed with. base64url (RFC 4648 section 5, no padding) of
//   version (1 byte) | nonce (12 bytes) | ciphertext | tag (16 bytes)
std::string Seal(const TokenKey& key, std::string_view user_id, std::string_view context, std::string_view content);

// The content; nothing for what Seal() did not make with the same key, user and context.
std::optional<std::string> Unseal(const TokenKey& key, std::string_view user_id, std::string_view context,
                                  std::string_view token);

}  // namespace todo
