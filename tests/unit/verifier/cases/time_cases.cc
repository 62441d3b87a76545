// `exp`, `nbf` and `iat` (RFC 7519 sections 2 and 4.1.4 to 4.1.6) at 1800000000, with a skew of 60 s.
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMissing = auth::v1::REJECTION_REASON_MISSING_CLAIM;
constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED_CLAIM;
constexpr Reason kNoJson = auth::v1::REJECTION_REASON_MALFORMED;
constexpr Reason kExpired = auth::v1::REJECTION_REASON_EXPIRED;
constexpr Reason kNotYet = auth::v1::REJECTION_REASON_NOT_YET_VALID;
constexpr Reason kFuture = auth::v1::REJECTION_REASON_ISSUED_IN_FUTURE;

// What is no NumericDate, whichever claim it stands in.
void AddKinds(const std::string& claim, const std::string& name, std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"Null", kMalformed, WithClaim(claim, "null")},
      {"String", kMalformed, WithClaim(claim, R"("1800000000")")},
      {"DateInWords", kMalformed, WithClaim(claim, R"("2027-01-15T08:00:00Z")")},
      {"EmptyString", kMalformed, WithClaim(claim, R"("")")},
      {"True", kMalformed, WithClaim(claim, "true")},
      {"False", kMalformed, WithClaim(claim, "false")},
      {"List", kMalformed, WithClaim(claim, "[1800000000]")},
      {"Object", kMalformed, WithClaim(claim, "{}")},
      {"Negative", kMalformed, WithClaim(claim, "-1")},
      {"NegativeFraction", kMalformed, WithClaim(claim, "-0.5")},
      {"MostNegative", kMalformed, WithClaim(claim, "-9223372036854775808")},
      {"OneBeyondTheYear9999", kMalformed, WithClaim(claim, "253402300800")},
      {"FractionBeyondTheYear9999", kMalformed, WithClaim(claim, "253402300799.5")},
      {"InMilliseconds", kMalformed, WithClaim(claim, "1800000000000")},
      {"Int64Max", kMalformed, WithClaim(claim, "9223372036854775807")},
      {"BeyondInt64", kMalformed, WithClaim(claim, "9223372036854775808")},
      {"Uint64Max", kMalformed, WithClaim(claim, "18446744073709551615")},
      {"BeyondUint64", kNoJson, WithClaim(claim, "18446744073709551616")},
      {"LargestDouble", kMalformed, WithClaim(claim, "1.7976931348623157e308")},
      {"BeyondDouble", kNoJson, WithClaim(claim, "1e400")},
      {"NegativeBeyondDouble", kNoJson, WithClaim(claim, "-1e400")},
      {"NotANumber", kNoJson, WithClaim(claim, "NaN")},
      {"Infinity", kNoJson, WithClaim(claim, "Infinity")},
  };
  for (const TokenCase& row : table) cases->push_back({name + row.name, row.reason, row.token});
}

void AddExpiry(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"ExpiryMissing", kMissing, WithClaim("exp", "")},
      {"ExpiryOfOtherCase", kMissing,
       WithPayload(R"({"iss":"https://auth.example.com",)"
                   R"("aud":"https://api.example.com","sub":"ada","EXP":1800000900})")},
      {"ExpiryZero", kExpired, WithClaim("exp", "0")},
      {"ExpiryNegativeZero", kExpired, WithClaim("exp", "-0")},
      {"ExpiryTooSmallForDouble", kExpired, WithClaim("exp", "1e-400")},
      {"ExpiryLongAgo", kExpired, WithClaim("exp", "1516239022")},
      {"ExpiryIsNow", kGood, WithClaim("exp", "1800000000")},
      {"ExpiryOneSecondInsideTheSkew", kGood, WithClaim("exp", "1799999941")},
      {"ExpiryHalfASecondInsideTheSkew", kGood, WithClaim("exp", "1799999940.5")},
      {"ExpiryAtTheSkew", kExpired, WithClaim("exp", "1799999940")},
      {"ExpiryHalfASecondBeyondTheSkew", kExpired, WithClaim("exp", "1799999939.5")},
      {"ExpiryOneSecondBeyondTheSkew", kExpired, WithClaim("exp", "1799999939")},
      {"Expiry45SecondsAgo", kGood, WithClaim("exp", "1799999955")},
      {"Expiry120SecondsAgo", kExpired, WithClaim("exp", "1799999880")},
      {"ExpiryWithAFraction", kGood, WithClaim("exp", "1800000900.25")},
      {"ExpiryWithAnExponent", kGood, WithClaim("exp", "1.8000009e9")},
      {"ExpiryAtTheEndOfTheYear9999", kGood, WithClaim("exp", "253402300799")},
      {"ExpiryAtTheEndOfTheYear9999AsDouble", kGood, WithClaim("exp", "253402300799.0")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddBeginnings(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"NotBeforeMissing", kGood, WithClaim("nbf", "")},
      {"NotBeforeZero", kGood, WithClaim("nbf", "0")},
      {"NotBeforeNow", kGood, WithClaim("nbf", "1800000000")},
      {"NotBeforeOneSecondInsideTheSkew", kGood, WithClaim("nbf", "1800000059")},
      {"NotBeforeAtTheSkew", kGood, WithClaim("nbf", "1800000060")},
      {"NotBeforeHalfASecondBeyondTheSkew", kNotYet, WithClaim("nbf", "1800000060.5")},
      {"NotBeforeOneSecondBeyondTheSkew", kNotYet, WithClaim("nbf", "1800000061")},
      {"NotBeforeFarAhead", kNotYet, WithClaim("nbf", "253402300799")},
      {"IssuedMissing", kGood, WithClaim("iat", "")},
      {"IssuedZero", kGood, WithClaim("iat", "0")},
      {"IssuedOneSecondInsideTheSkew", kGood, WithClaim("iat", "1800000059")},
      {"IssuedAtTheSkew", kGood, WithClaim("iat", "1800000060")},
      {"IssuedHalfASecondBeyondTheSkew", kFuture, WithClaim("iat", "1800000060.5")},
      {"IssuedOneSecondBeyondTheSkew", kFuture, WithClaim("iat", "1800000061")},
      {"Issued45SecondsAhead", kGood, WithClaim("iat", "1800000045")},
      {"Issued120SecondsAhead", kFuture, WithClaim("iat", "1800000120")},
      {"IssuedFarAhead", kFuture, WithClaim("iat", "253402300799")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

}  // namespace

std::vector<TokenCase> TimeCases() {
  std::vector<TokenCase> cases;
  AddKinds("exp", "Expiry", &cases);
  AddKinds("nbf", "NotBefore", &cases);
  AddKinds("iat", "Issued", &cases);
  AddExpiry(&cases);
  AddBeginnings(&cases);
  return cases;
}

}  // namespace verifier::testing
