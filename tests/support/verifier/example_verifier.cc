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

TokenVerifier MakeExampleVerifier(KeySource& keys, const common::Clock& clock) {
  return {{}, *ClaimsPolicy::Create({.issuers = {kIssuer}, .audiences = {kAudience}}), keys, clock};
}

ExampleVerifier::ExampleVerifier(const std::vector<std::string>& jwks)
    : keys_(jwks), clock_(absl::FromUnixSeconds(kNow)), verifier_(MakeExampleVerifier(keys_, clock_)) {}

TokenVerifier::Result ExampleVerifier::Verify(const std::string& token) {
  std::optional<TokenVerifier::Result> result;
  verifier_.Verify(token, [&result](TokenVerifier::Result r) { result = std::move(r); });
  if (!result) std::abort();
  return *std::move(result);
}

}  // namespace verifier::testing
