#pragma once

#include <string_view>

namespace verifier {

// Whether 32 bytes are the one encoding of a point of edwards25519 (RFC 8032 section 5.1.3), and of one that a key may
// be: with a point of small order anybody can write down a signature that holds for every message.
bool IsEd25519KeyPoint(std::string_view bytes);

}  // namespace verifier
