#include "services/verifier/algorithm.h"

#include <utility>

namespace verifier {
namespace {

constexpr std::pair<std::string_view, Algorithm> kNames[] = {
    {"EdDSA", Algorithm::kEdDsa}, {"RS256", Algorithm::kRs256},   {"RS384", Algorithm::kRs384},
    {"RS512", Algorithm::kRs512}, {"PS256", Algorithm::kPs256},   {"PS384", Algorithm::kPs384},
    {"PS512", Algorithm::kPs512}, {"ES256", Algorithm::kEs256},   {"ES384", Algorithm::kEs384},
    {"ES512", Algorithm::kEs512}, {"Ed25519", Algorithm::kEdDsa}, {"HS256", Algorithm::kHs256},
};

}  // namespace

std::optional<Algorithm> ParseAlgorithm(std::string_view name) {
  for (const auto& [known, algorithm] : kNames) {
    if (known == name) return algorithm;
  }
  return std::nullopt;
}

std::string_view AlgorithmName(Algorithm algorithm) {
  for (const auto& [name, known] : kNames) {
    if (known == algorithm) return name;
  }
  return "";
}

}  // namespace verifier
