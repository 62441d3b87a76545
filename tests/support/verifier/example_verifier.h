#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/clock.h"
#include "services/verifier/token_verifier.h"
#include "tests/support/verifier/fixed_key_source.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier::testing {

// The only issuer that an ExampleVerifier believes, and the only audience it serves.
inline constexpr char kIssuer[] = "https://auth.example.com";
inline constexpr char kAudience[] = "https://api.example.com";
// The instant at which it verifies, in seconds since the epoch; the permitted skew is 60 s.
inline constexpr int64_t kNow = 1'800'000'000;

// A payload that holds at kNow for 15 minutes, with these members besides, such as `,"email":"a@example.com"`.
std::string GoodPayload(std::string_view more_members = "");

// The key as a JWK with this `kid` and its `alg`.
std::string NamedJwk(const SigningKey& key, std::string_view key_id);

// A clock that stands still until it is set.
class FixedClock : public common::Clock {
 public:
  explicit FixedClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override { return now_; }
  void Set(absl::Time now) { now_ = now; }

 private:
  absl::Time now_;
};

// What a verifier of kIssuer's tokens for kAudience is made of, over any source of keys. `keys` must outlive it.
TokenVerifier::Options ExampleOptions(KeySource& keys);

// The verdict of a verifier whose keys come at once.
Verdict VerifyNow(TokenVerifier& verifier, std::string_view token);

// A TokenVerifier over keys that are told to it, at kNow.
class ExampleVerifier {
 public:
  explicit ExampleVerifier(const std::vector<std::string>& jwks);

  Verdict Verify(std::string_view token) { return VerifyNow(verifier_, token); }

  FixedKeySource& keys() { return keys_; }
  FixedClock& clock() { return clock_; }

 private:
  FixedKeySource keys_;
  FixedClock clock_;
  TokenVerifier verifier_;
};

}  // namespace verifier::testing
