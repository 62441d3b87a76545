#pragma once

#include <optional>
#include <string_view>

namespace verifier {

// The JWS algorithms that tokens can be checked with here (RFC 7518 section 3.1, RFC 8037, RFC 9864). All but kHs256
// are for public keys.
enum class Algorithm { kEdDsa, kRs256, kRs384, kRs512, kPs256, kPs384, kPs512, kEs256, kEs384, kEs512, kHs256 };

// The algorithm of a registered name, case-sensitively; `Ed25519` is the newer name of `EdDSA`. Nothing for any other
// name, `none` among them.
std::optional<Algorithm> ParseAlgorithm(std::string_view name);

// The registered name; `EdDSA` for kEdDsa.
std::string_view AlgorithmName(Algorithm algorithm);

}  // namespace verifier
