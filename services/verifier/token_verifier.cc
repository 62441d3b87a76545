#include "services/verifier/token_verifier.h"

#include "absl/strings/str_cat.h"
#include "services/verifier/claims_message.h"

namespace verifier {
namespace {

using common::Sha256Digest;

Rejection Reject(const ParsedToken& token, auth::v1::RejectionReason reason, std::string detail) {
  return {reason, std::move(detail), token.key_id.value_or("")};
}

Rejection UnknownKey(const ParsedToken& token) {
  return Reject(token, auth::v1::REJECTION_REASON_UNKNOWN_KEY,
                token.key_id ? "the issuer publishes no key with the token's `kid`"
                             : "the token names no key (`kid`), and not exactly one key fits its algorithm");
}

Rejection BadSignature(const ParsedToken& token) {
  return Reject(token, auth::v1::REJECTION_REASON_BAD_SIGNATURE, "the signature does not match");
}

// A claim failed though the signature is good: the log may say whose token it is.
Rejection Of(std::string_view key_id, std::string_view subject, Rejection rejection) {
  rejection.key_id = key_id;
  rejection.subject = subject;
  return rejection;
}

std::string_view SubjectOf(simdjson::dom::object payload) {
  std::string_view subject;
  return payload["sub"].get(subject) == simdjson::SUCCESS ? subject : std::string_view();
}

// An upper bound of what remembering the claims takes: a small entry of a Struct has some 16 times its wire size.
size_t MemoryOf(const auth::v1::VerifiedToken& message) {
  constexpr size_t kFixed = 1024;
  const size_t others = message.has_other_claims() ? message.other_claims().ByteSizeLong() : 0;
  size_t texts = message.subject().size() + message.issuer().size() + message.email().size() + message.name().size();
  for (const std::string& entry : message.audience()) texts += sizeof(std::string) + entry.size();
  return kFixed + 2 * texts + 16 * others;
}

}  // namespace

TokenVerifier::TokenVerifier(Options options, const common::Clock& clock)
    : options_(std::move(options)), clock_(clock), cache_(options_.cache_entries, options_.cache_bytes) {}

void TokenVerifier::Verify(std::string_view token, VerdictCallback done) {
  if (token.size() > kMaxTokenBytes)
    return done(OrRejection<VerifiedToken>(ParseToken(token, options_.rules).rejection()));
  const Sha256Digest digest = common::Sha256(token);
  if (const std::optional<Verdict> verdict = Remembered(digest)) {
    cache_metrics_.hits.Add();
    return done(*verdict);
  }
  cache_metrics_.misses.Add();
  if (flights_.Join(digest, std::move(done))) VerifyAnew(token, digest);
}

std::optional<Verdict> TokenVerifier::Remembered(const Sha256Digest& digest) {
  const std::shared_ptr<const Verification> known = cache_.Find(digest);
  if (known == nullptr) return std::nullopt;
  if (known->keys != nullptr && !known->issuer->keys.IsCurrent(known->keys.get())) {
    cache_.Erase(digest);
    return std::nullopt;
  }
  const absl::Time now = clock_.Now();
  if (std::optional<Rejection> rejection = known->issuer->policy.Recheck(known->claims, now)) {
    cache_.Erase(digest);
    return OrRejection<VerifiedToken>(Of(known->token.claims().key_id(), known->claims.subject, *std::move(rejection)));
  }
  return OrRejection<VerifiedToken>(known->token.KeptAtMost(known->claims.expire_time - now));
}

void TokenVerifier::VerifyAnew(std::string_view token, const Sha256Digest& digest) {
  OrRejection<ParsedToken> parsed = ParseToken(token, options_.rules);
  if (!parsed.ok()) return Finish(digest, parsed.rejection());
  const TrustedIssuer* issuer = IssuerOf(*parsed);
  if (issuer == nullptr) {
    return Finish(digest, Reject(*parsed, auth::v1::REJECTION_REASON_WRONG_ISSUER,
                                 "the claim `iss` names no issuer trusted here"));
  }
  if (parsed->algorithm == Algorithm::kHs256) return Finish(digest, VerifyWithSecret(*issuer, *parsed));
  std::shared_ptr<const KeySet> keys = issuer->keys.Current();
  if (keys != nullptr) {
    if (const Jwk* key = keys->Find(parsed->key_id, parsed->algorithm)) {
      return Finish(digest, VerifyWith(*key, std::move(keys), *issuer, *parsed));
    }
    // Only a key that is named can have appeared since: fetching for the others would be a storm for free.
    if (!parsed->key_id) return Finish(digest, UnknownKey(*parsed));
  }
  LookUpAndVerify(*issuer, *std::move(parsed), digest);
}

void TokenVerifier::LookUpAndVerify(const TrustedIssuer& issuer, ParsedToken token, const Sha256Digest& digest) {
  auto waiting = std::make_shared<const ParsedToken>(std::move(token));
  const std::string key_id = waiting->key_id.value_or("");
  issuer.keys.LookUp(key_id, [this, &issuer, digest, waiting = std::move(waiting)](KeySource::Lookup lookup) {
    std::shared_ptr<const KeySet> keys = issuer.keys.Current();
    const Jwk* key = keys == nullptr ? nullptr : keys->Find(waiting->key_id, waiting->algorithm);
    if (key != nullptr) return Finish(digest, VerifyWith(*key, std::move(keys), issuer, *waiting));
    if (lookup == KeySource::Lookup::kUnavailable || keys == nullptr) {
      return flights_.Land(digest, absl::UnavailableError("the issuer's key set cannot be fetched"));
    }
    Finish(digest, UnknownKey(*waiting));
  });
}

void TokenVerifier::Finish(const Sha256Digest& digest, const Outcome& outcome) {
  if (!outcome.ok()) return flights_.Land(digest, OrRejection<VerifiedToken>(outcome.rejection()));
  const std::shared_ptr<const Verification>& verification = *outcome;
  cache_.Insert(digest, verification, MemoryOf(verification->token.claims()));
  const absl::Duration left = verification->claims.expire_time - clock_.Now();
  flights_.Land(digest, OrRejection<VerifiedToken>(verification->token.KeptAtMost(left)));
}

// With one issuer there is nothing to choose, and so no claim is looked at before the signature. With several, `iss`
// chooses; the policy compares it again once it can be believed.
const TrustedIssuer* TokenVerifier::IssuerOf(const ParsedToken& token) const {
  if (options_.issuers.size() == 1) return &options_.issuers.front();
  std::string_view name;
  if (token.payload.root()["iss"].get(name) != simdjson::SUCCESS) return nullptr;
  for (const TrustedIssuer& issuer : options_.issuers) {
    if (issuer.policy.TrustsIssuer(name)) return &issuer;
  }
  return nullptr;
}

TokenVerifier::Outcome TokenVerifier::VerifyWith(const Jwk& key, std::shared_ptr<const KeySet> keys,
                                                 const TrustedIssuer& issuer, const ParsedToken& token) const {
  if (key.public_key.algorithm() != token.algorithm) {
    return Reject(token, auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH,
                  "the key is for another algorithm than the header's `alg`");
  }
  if (!key.public_key.Verify(token.signing_input, token.signature)) return BadSignature(token);
  return CheckClaims(issuer, std::move(keys), key.key_id.value_or(""), token);
}

TokenVerifier::Outcome TokenVerifier::VerifyWithSecret(const TrustedIssuer& issuer, const ParsedToken& token) const {
  if (!options_.secret || !options_.secret->Verify(token.signing_input, token.signature)) return BadSignature(token);
  return CheckClaims(issuer, nullptr, "", token);
}

TokenVerifier::Outcome TokenVerifier::CheckClaims(const TrustedIssuer& issuer, std::shared_ptr<const KeySet> keys,
                                                  std::string_view key_id, const ParsedToken& token) const {
  const simdjson::dom::object payload(token.payload.root());
  OrRejection<Claims> claims = issuer.policy.Check(payload, clock_.Now());
  if (!claims.ok()) return Of(key_id, SubjectOf(payload), claims.rejection());
  auth::v1::VerifiedToken message = ToMessage(*claims, payload);
  message.set_key_id(std::string(key_id));
  message.set_algorithm(std::string(AlgorithmName(token.algorithm)));
  return std::make_shared<const Verification>(Verification{.token = {std::move(message), options_.cache_for},
                                                           .claims = *std::move(claims),
                                                           .issuer = &issuer,
                                                           .keys = std::move(keys)});
}

}  // namespace verifier
