#include "services/verifier/token_verifier.h"

#include "services/verifier/claims_message.h"

namespace verifier {
namespace {

Rejection UnknownKey(const ParsedToken& token) {
  return {auth::v1::REJECTION_REASON_UNKNOWN_KEY,
          token.key_id ? "the issuer publishes no key with the token's `kid`"
                       : "the token names no key (`kid`), and not exactly one key fits its algorithm"};
}

// A token that waits for the key source: what was parsed is a view of the text.
struct WaitingToken {
  std::string text;
  ParsedToken parsed;
};

}  // namespace

void TokenVerifier::Verify(std::string token, Callback done) const {
  OrRejection<ParsedToken> parsed = ParseToken(token, types_);
  if (!parsed.ok()) return done(OrRejection<VerifiedToken>(parsed.rejection()));
  const std::shared_ptr<const KeySet> keys = keys_.Current();
  if (keys != nullptr) {
    if (const Jwk* key = keys->Find(parsed->key_id, parsed->algorithm)) return done(VerifyWith(*key, *parsed));
    // Only a key that is named can have appeared since: fetching for the others would be a storm for free.
    if (!parsed->key_id) return done(OrRejection<VerifiedToken>(UnknownKey(*parsed)));
  }

  auto waiting = std::make_shared<WaitingToken>(WaitingToken{std::move(token), *std::move(parsed)});
  // Moving the text may have moved its bytes.
  waiting->parsed.signing_input = std::string_view(waiting->text).substr(0, waiting->parsed.signing_input.size());
  keys_.LookUp(waiting->parsed.key_id.value_or(""), [this, waiting, done = std::move(done)](KeySource::Lookup lookup) {
    const std::shared_ptr<const KeySet> now = keys_.Current();
    const ParsedToken& parsed_token = waiting->parsed;
    const Jwk* key = now == nullptr ? nullptr : now->Find(parsed_token.key_id, parsed_token.algorithm);
    if (key != nullptr) return done(VerifyWith(*key, parsed_token));
    if (lookup == KeySource::Lookup::kUnavailable || now == nullptr) {
      return done(absl::UnavailableError("the issuer's key set cannot be fetched"));
    }
    done(OrRejection<VerifiedToken>(UnknownKey(parsed_token)));
  });
}

OrRejection<VerifiedToken> TokenVerifier::VerifyWith(const Jwk& key, const ParsedToken& token) const {
  if (key.public_key.algorithm() != token.algorithm) {
    return Rejection{auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH,
                     "the key is for another algorithm than the header's `alg`"};
  }
  if (!key.public_key.Verify(token.signing_input, token.signature)) {
    return Rejection{auth::v1::REJECTION_REASON_BAD_SIGNATURE, "the signature does not match"};
  }
  const simdjson::dom::object payload(token.payload.root());
  OrRejection<Claims> claims = policy_.Check(payload, clock_.Now());
  if (!claims.ok()) return claims.rejection();
  auth::v1::VerifiedToken message = ToMessage(*claims, payload);
  message.set_key_id(key.key_id.value_or(""));
  message.set_algorithm(std::string(AlgorithmName(token.algorithm)));
  return VerifiedToken(std::move(message));
}

}  // namespace verifier
