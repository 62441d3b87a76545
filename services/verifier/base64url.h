#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace verifier {

// Decodes base64url as JWS has it (RFC 7515 section 2, RFC 4648 section 5): no padding, no white space, no other
// character, and the unused bits of the last character zero, so that each byte string has exactly one encoding. Nothing
// where `text` is anything else.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace verifier
