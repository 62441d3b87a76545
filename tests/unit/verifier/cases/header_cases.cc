// The header's parameters (RFC 7515 section 4.1, RFC 7797, RFC 8725 section 3.11) beside `alg` and `kid`.
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;
constexpr Reason kCritical = auth::v1::REJECTION_REASON_CRITICAL_HEADER;
constexpr Reason kType = auth::v1::REJECTION_REASON_TYPE_NOT_ALLOWED;

// Signed by a key that only the header publishes.
TokenMaker OfAnEmbeddedKey(const std::string& key_id) {
  return [key_id] {
    const SigningKey attacker("EdDSA");
    return attacker.Token(
        absl::StrCat(R"({"alg":"EdDSA","kid":")", key_id, R"(","jwk":)", NamedJwk(attacker, key_id), "}"),
        GoodPayload());
  };
}

void AddKeys(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"EmbeddedKeyUnderAPublishedKeyId", auth::v1::REJECTION_REASON_BAD_SIGNATURE, OfAnEmbeddedKey("EdDSA")},
      {"EmbeddedKeyUnderItsOwnKeyId", auth::v1::REJECTION_REASON_UNKNOWN_KEY, OfAnEmbeddedKey("mine")},
      {"EmbeddedKeyWithoutKeyId", auth::v1::REJECTION_REASON_BAD_SIGNATURE,
       [] {
         const SigningKey attacker("EdDSA");
         return attacker.Token(absl::StrCat(R"({"alg":"EdDSA","jwk":)", attacker.Jwk(), "}"), GoodPayload());
       }},
      {"EmbeddedKeyIsIgnored", kGood,
       [] {
         return ExampleKey("EdDSA").Token(GoodHeader(absl::StrCat(R"(,"jwk":)", SigningKey("EdDSA").Jwk())),
                                          GoodPayload());
       }},
      {"EmbeddedKeyThatIsNoKeyIsIgnored", kGood, WithHeaderMembers(R"(,"jwk":7)")},
      {"KeySetUrlIsIgnored", kGood, WithHeaderMembers(R"(,"jku":"https://attacker.test/jwks.json")")},
      {"KeySetUrlThatIsNoUrlIsIgnored", kGood, WithHeaderMembers(R"(,"jku":["file:///etc/passwd"])")},
      {"CertificateUrlIsIgnored", kGood, WithHeaderMembers(R"(,"x5u":"http://169.254.169.254/latest/meta-data")")},
      {"CertificateChainIsIgnored", kGood, WithHeaderMembers(R"(,"x5c":["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"])")},
      {"CertificateHashesAreIgnored", kGood, WithHeaderMembers(R"(,"x5t":"AAAA","x5t#S256":"AAAA")")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddExtensions(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"CriticalEmpty", kCritical, WithHeaderMembers(R"(,"crit":[])")},
      {"CriticalNull", kCritical, WithHeaderMembers(R"(,"crit":null)")},
      {"CriticalString", kCritical, WithHeaderMembers(R"(,"crit":"exp")")},
      {"CriticalNumber", kCritical, WithHeaderMembers(R"(,"crit":1)")},
      {"CriticalFalse", kCritical, WithHeaderMembers(R"(,"crit":false)")},
      {"CriticalObject", kCritical, WithHeaderMembers(R"(,"crit":{})")},
      {"CriticalExtension", kCritical, WithHeaderMembers(R"(,"crit":["exp"],"exp":1800000900)")},
      {"CriticalUnknownExtension", kCritical, WithHeaderMembers(R"(,"crit":["urn:example:x"],"urn:example:x":1)")},
      {"CriticalRegisteredName", kCritical, WithHeaderMembers(R"(,"crit":["alg"])")},
      {"CriticalEmptyName", kCritical, WithHeaderMembers(R"(,"crit":[""])")},
      {"CriticalNameTwice", kCritical, WithHeaderMembers(R"(,"crit":["a","a"],"a":1)")},
      {"CriticalNameThatIsNotThere", kCritical, WithHeaderMembers(R"(,"crit":["a"])")},
      {"CriticalNumberInTheList", kCritical, WithHeaderMembers(R"(,"crit":[1])")},
      {"CriticalInEscapes", kCritical, WithHeaderMembers(R"(,"\u0063rit":["exp"])")},
      {"CriticalB64", kCritical, WithHeaderMembers(R"(,"crit":["b64"],"b64":false)")},
      {"CriticalB64ThatChangesNothing", kCritical, WithHeaderMembers(R"(,"crit":["b64"],"b64":true)")},
      {"CriticalNameOfOtherCaseIsAnother", kGood, WithHeaderMembers(R"(,"Crit":["exp"])")},

      {"UnencodedPayload", kMalformed, WithHeaderMembers(R"(,"b64":false)")},
      {"B64String", kMalformed, WithHeaderMembers(R"(,"b64":"true")")},
      {"B64Null", kMalformed, WithHeaderMembers(R"(,"b64":null)")},
      {"B64Number", kMalformed, WithHeaderMembers(R"(,"b64":0)")},
      {"B64TrueChangesNothing", kGood, WithHeaderMembers(R"(,"b64":true)")},

      {"ContentTypeIsIgnored", kGood, WithHeaderMembers(R"(,"cty":"application/json")")},
      {"CompressionIsNotOfSignatures", kGood, WithHeaderMembers(R"(,"zip":"DEF")")},
      {"UnknownParameterIsIgnored", kGood, WithHeaderMembers(R"(,"urn:example:x":{"deep":[1,2,{"a":null}]})")},
      {"UnknownParameterTwice", kMalformed, WithHeaderMembers(R"(,"x":1,"x":1)")},
      {"UnknownParameterTwiceInside", kMalformed, WithHeaderMembers(R"(,"x":{"y":1,"y":2})")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddTypes(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"TypeJwt", kGood, WithHeaderMembers(R"(,"typ":"JWT")")},
      {"TypeJwtLowerCase", kGood, WithHeaderMembers(R"(,"typ":"jwt")")},
      {"TypeAccessToken", kGood, WithHeaderMembers(R"(,"typ":"at+jwt")")},
      {"TypeAccessTokenUpperCase", kGood, WithHeaderMembers(R"(,"typ":"AT+JWT")")},
      {"TypeAccessTokenAsMediaType", kGood, WithHeaderMembers(R"(,"typ":"application/at+jwt")")},
      {"TypeJwtAsMediaType", kGood, WithHeaderMembers(R"(,"typ":"Application/JWT")")},
      {"TypeEmpty", kType, WithHeaderMembers(R"(,"typ":"")")},
      {"TypeOfLogoutToken", kType, WithHeaderMembers(R"(,"typ":"logout+jwt")")},
      {"TypeOfProofOfPossession", kType, WithHeaderMembers(R"(,"typ":"dpop+jwt")")},
      {"TypeOfSecurityEvent", kType, WithHeaderMembers(R"(,"typ":"secevent+jwt")")},
      {"TypeOfIntrospection", kType, WithHeaderMembers(R"(,"typ":"token-introspection+jwt")")},
      {"TypeOfClientAuthentication", kType, WithHeaderMembers(R"(,"typ":"client-authentication+jwt")")},
      {"TypeOfOtherJose", kType, WithHeaderMembers(R"(,"typ":"JOSE")")},
      {"TypeOfJsonSerialization", kType, WithHeaderMembers(R"(,"typ":"JOSE+JSON")")},
      {"TypeBehindASpace", kType, WithHeaderMembers(R"(,"typ":" JWT")")},
      {"TypeBeforeASpace", kType, WithHeaderMembers(R"(,"typ":"JWT ")")},
      {"TypeBeforeNul", kType, WithHeaderMembers(R"(,"typ":"JWT\u0000")")},
      {"TypeWithParameter", kType, WithHeaderMembers(R"(,"typ":"JWT;v=1")")},
      {"TypeOnlyPrefix", kType, WithHeaderMembers(R"(,"typ":"application/")")},
      {"TypePrefixTwice", kType, WithHeaderMembers(R"(,"typ":"application/application/jwt")")},
      {"TypeOtherPrefix", kType, WithHeaderMembers(R"(,"typ":"text/jwt")")},
      {"TypeNull", kType, WithHeaderMembers(R"(,"typ":null)")},
      {"TypeNumber", kType, WithHeaderMembers(R"(,"typ":1)")},
      {"TypeList", kType, WithHeaderMembers(R"(,"typ":["JWT"])")},
      {"TypeObject", kType, WithHeaderMembers(R"(,"typ":{})")},
      {"TypeTwice", kMalformed, WithHeaderMembers(R"(,"typ":"JWT","typ":"JWT")")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

}  // namespace

std::vector<TokenCase> HeaderCases() {
  std::vector<TokenCase> cases;
  AddKeys(&cases);
  AddExtensions(&cases);
  AddTypes(&cases);
  return cases;
}

}  // namespace verifier::testing
