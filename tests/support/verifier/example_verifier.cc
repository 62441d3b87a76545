#include "tests/support/verifier/example_verifier.h"

#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace verifier::testing {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string GoodPayload(std::string_view more_members) {
  return absl::StrCat(R"({"iss":")", kIssuer, R"(","aud":")", kAudience, R"(","sub":"ada","iat":)", kNow, R"(,"exp":)",
                      kNow + 900, View(more_members), "}");
}

std::string NamedJwk(const SigningKey& key, std::string_view key_id) {
  return key.Jwk(absl::StrCat(R"(,"kid":")", View(key_id), R"(","alg":")", key.algorithm(), "\""));
}

TokenVerifier::Options ExampleOptions(KeySource& keys) {
  return {.issuers = {{*ClaimsPolicy::Create({.issuers = {kIssuer}, .audiences = {kAudience}}), keys}}};
}

Verdict VerifyNow(TokenVerifier& verifier, std::string_view token) {
  std::optional<Verdict> verdict;
  verifier.Verify(token, [&verdict](const Verdict& v) { verdict = v; });
  if (!verdict) std::abort();
  return *std::move(verdict);
}

ExampleVerifier::ExampleVerifier(const std::vector<std::string>& jwks)
    : keys_(jwks), clock_(absl::FromUnixSeconds(kNow)), verifier_(ExampleOptions(keys_), clock_) {}

}  // namespace verifier::testing
