// Tokens, through the whole of verification: parse, key, signature, claims.
//
// A random text never carries a good signature, so most inputs are signed here and reach the claims. The first byte
// says what the rest is:
//
//   T TOKEN                            a token as it may come from outside
//   S KEY HEADER \n PAYLOAD            both signed by the key that the byte KEY picks
//   C KEY AT BITS HEADER \n PAYLOAD    the same, and then a byte of the token changed
//
// An empty HEADER stands for the right one of the key.
#include <array>
#include <cstdint>
#include <string>

#include "tests/fuzz/require.h"
#include "tests/support/verifier/example_verifier.h"

namespace {

using verifier::Verdict;
using verifier::testing::ExampleVerifier;
using verifier::testing::SigningKey;

// A key of each algorithm; its `kid` is the algorithm's name. The Ed25519 key is the same in every run, so that a
// token in the corpus goes on being good.
const std::vector<SigningKey>& Keys() {
  static const auto* const keys = [] {
    // One RSA key for all: to make one takes seconds on a busy machine.
    const SigningKey rsa("RS256");
    return new std::vector<SigningKey>{SigningKey::Ed25519Of(std::string(32, 'k')),
                                       SigningKey("ES256"),
                                       rsa,
                                       rsa.As("PS256"),
                                       SigningKey("ES384"),
                                       SigningKey("ES512"),
                                       rsa.As("RS384"),
                                       rsa.As("RS512"),
                                       rsa.As("PS384"),
                                       rsa.As("PS512")};
  }();
  return *keys;
}

ExampleVerifier& Verifier() {
  static auto* const verifier = [] {
    std::vector<std::string> jwks;
    for (const SigningKey& key : Keys()) jwks.push_back(verifier::testing::NamedJwk(key, key.algorithm()));
    return new ExampleVerifier(jwks);
  }();
  return *verifier;
}

void RequireWhatAVerifiedTokenSays(const auth::v1::VerifiedToken& claims) {
  constexpr int64_t kSkew = 60;
  constexpr int64_t kYear9999 = 253402300799;
  Require(!claims.subject().empty(), "a verified token has a subject");
  Require(claims.issuer() == verifier::testing::kIssuer, "a verified token is of the issuer");
  bool is_meant_for_us = false;
  for (const std::string& audience : claims.audience()) is_meant_for_us |= audience == verifier::testing::kAudience;
  Require(is_meant_for_us, "a verified token is meant for us");
  const int64_t expires = claims.expire_time().seconds();
  Require(expires + kSkew >= verifier::testing::kNow && expires <= kYear9999, "a verified token has not expired");
  Require(claims.issue_time().seconds() <= verifier::testing::kNow + kSkew, "a verified token was issued already");
  Require(claims.SerializeAsString().size() < 4 * verifier::kMaxTokenBytes,
          "an answer is not much larger than a token");
}

// Whether the token is good.
bool Verify(const std::string& token) {
  const Verdict result = Verifier().Verify(token);
  Require(result.ok(), "with the keys at hand there is always a decision");
  if (result->ok()) {
    RequireWhatAVerifiedTokenSays((**result).claims());
    const Verdict again = Verifier().Verify(token);
    Require(
        again.ok() && again->ok() && (**again).claims().SerializeAsString() == (**result).claims().SerializeAsString(),
        "a token that is remembered is believed alike");
    return true;
  }
  Require(auth::v1::RejectionReason_IsValid(result->rejection().reason) &&
              result->rejection().reason != auth::v1::REJECTION_REASON_UNSPECIFIED &&
              !result->rejection().detail.empty(),
          "a rejection has a reason");
  return false;
}

// What the bytes KEY, HEADER and PAYLOAD make.
std::string Sign(uint8_t pick, std::string_view texts) {
  const SigningKey& key = Keys()[pick % Keys().size()];
  const size_t end = texts.find('\n');
  const std::string_view header = texts.substr(0, end);
  const std::string_view payload = end == std::string_view::npos ? "" : texts.substr(end + 1);
  return header.empty() ? key.TokenOf(payload, key.algorithm()) : key.Token(header, payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size >= 1 && data[0] == 'T') {
    Verify(std::string(input.substr(1)));
  } else if (size >= 2 && data[0] == 'S') {
    Verify(Sign(data[1], input.substr(2)));
  } else if (size >= 4 && data[0] == 'C') {
    std::string token = Sign(data[1], input.substr(4));
    char& changed = token[data[2] * token.size() / 256];
    if (data[3] == 0) return 0;
    changed = static_cast<char>(changed ^ data[3]);
    Require(!Verify(token), "no token is good once a byte of it was changed");
  }
  return 0;
}
