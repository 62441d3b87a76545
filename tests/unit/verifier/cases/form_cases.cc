// The outer form (RFC 7515 section 7.1): three parts, no more than 8 KiB, and what people send instead.
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kNoJwt = auth::v1::REJECTION_REASON_NOT_A_JWT;
constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;
constexpr Reason kTooLarge = auth::v1::REJECTION_REASON_TOO_LARGE;

struct Parts {
  std::string header, payload, signature;
};

Parts Split(const std::string& token) {
  const size_t first = token.find('.');
  const size_t second = token.rfind('.');
  return {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

// The longest token, in bytes, as it is documented.
constexpr size_t kLimit = 8192;

// A well-signed token of exactly this many bytes. A header longer by one byte moves the lengths that base64url cannot
// have.
std::string TokenOfSize(size_t size) {
  for (const char* more : {"", R"(,"x":1)", R"(,"x":10)"}) {
    const std::string header = GoodHeader(more);
    const size_t around = ExampleKey("EdDSA").Token(header, "").size();
    const size_t bytes = (size - around) * 3 / 4;
    std::string payload = GoodPayload();
    payload.insert(1, std::string(bytes - payload.size(), ' '));
    const std::string token = ExampleKey("EdDSA").Token(header, payload);
    if (token.size() == size) return token;
  }
  return "";
}

void AddParts(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"Empty", kNoJwt, Text("")},
      {"OneDot", kNoJwt, Text(".")},
      {"TwoDots", kMalformed, Text("..")},
      {"ThreeDots", kMalformed, Text("...")},
      {"OnlyDots", kMalformed, Text(std::string(8192, '.'))},
      {"OnePart", kNoJwt, Changed([](const std::string& token) { return Split(token).payload; })},
      {"TwoParts", kNoJwt, Changed([](const std::string& token) { return token.substr(0, token.rfind('.')); })},
      {"NoHeader", kMalformed, Changed([](const std::string& token) { return token.substr(token.find('.')); })},
      {"NoPayload", kMalformed, Changed([](const std::string& token) {
         return absl::StrCat(Split(token).header, "..", Split(token).signature);
       })},
      {"NoSignature", kMalformed,
       Changed([](const std::string& token) { return token.substr(0, token.rfind('.') + 1); })},
      {"AFourthPart", kMalformed, Changed([](const std::string& token) { return token + ".e30"; })},
      {"AnEmptyFourthPart", kMalformed, Changed([](const std::string& token) { return token + "."; })},
      {"AnEmptyPartInFront", kMalformed, Changed([](const std::string& token) { return "." + token; })},
      {"TwoTokens", kMalformed, Changed([](const std::string& token) { return token + "." + token; })},
      {"TwoTokensWithAComma", kMalformed, Changed([](const std::string& token) { return token + "," + token; })},
      {"PartsExchanged", kMalformed, Changed([](const std::string& token) {
         return absl::StrCat(Split(token).payload, ".", Split(token).header, ".", Split(token).signature);
       })},
      {"SignatureFirst", kMalformed, Changed([](const std::string& token) {
         return absl::StrCat(Split(token).signature, ".", Split(token).header, ".", Split(token).payload);
       })},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddSizes(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"OneByteUnderTheLimit", kGood, [] { return TokenOfSize(kLimit - 1); }},
      {"OfExactlyTheLimit", kGood, [] { return TokenOfSize(kLimit); }},
      {"OneByteOverTheLimit", kTooLarge, [] { return TokenOfSize(kLimit + 1); }},
      {"OpaqueTextOfTheLimit", kNoJwt, Text(std::string(kLimit, 'a'))},
      {"OpaqueTextOverTheLimit", kTooLarge, Text(std::string(kLimit + 1, 'a'))},
      {"AMebibyte", kTooLarge, Text(std::string(1 << 20, 'a'))},
      {"AMebibyteOfDots", kTooLarge, Text(std::string(1 << 20, '.'))},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

// RFC 7516 appendix A.1 has five parts; so has every JWE.
constexpr char kEncrypted[] =
    "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe."
    "48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ";

void AddOtherThings(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"BetterAuthSessionToken", kNoJwt, Text("JYw2dLnYVIGfA6zq3mVTtBBf0Ww5nDlR")},
      {"BetterAuthSignedCookie", kNoJwt,
       Text("JYw2dLnYVIGfA6zq3mVTtBBf0Ww5nDlR.q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")},
      {"BetterAuthSignedCookieUrlEncoded", kNoJwt,
       Text("JYw2dLnYVIGfA6zq3mVTtBBf0Ww5nDlR.q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA%3D")},
      {"OpaqueHexToken", kNoJwt, Text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")},
      {"Uuid", kNoJwt, Text("6ba7b810-9dad-11d1-80b4-00c04fd430c8")},
      {"Encrypted", kMalformed, Text(kEncrypted)},
      {"EncryptedDirectly", kMalformed, Text("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y3Q.dGFn")},
      {"NestedJwt", kMalformed, [] { return ExampleKey("EdDSA").Token(GoodHeader(R"(,"cty":"JWT")"), GoodToken()); }},
      {"NestedJwtAsAString", kMalformed,
       [] { return ExampleKey("EdDSA").Token(GoodHeader(R"(,"cty":"JWT")"), "\"" + GoodToken() + "\""); }},
      {"JsonSerializationFlattened", kNoJwt, Changed([](const std::string& token) {
         return absl::StrCat(R"({"protected":")", Split(token).header, R"(","payload":")", Split(token).payload,
                             R"(","signature":")", Split(token).signature, "\"}");
       })},
      {"JsonSerializationGeneral", kNoJwt, Changed([](const std::string& token) {
         return absl::StrCat(R"({"payload":")", Split(token).payload, R"(","signatures":[{"protected":")",
                             Split(token).header, R"(","signature":")", Split(token).signature, "\"}]}");
       })},
      {"WithItsScheme", kMalformed, Changed([](const std::string& token) { return "Bearer " + token; })},
      {"InQuotes", kMalformed, Changed([](const std::string& token) { return "\"" + token + "\""; })},
      {"InAngleBrackets", kMalformed, Changed([](const std::string& token) { return "<" + token + ">"; })},
      {"BehindAByteOrderMark", kMalformed, Changed([](const std::string& token) { return "\xef\xbb\xbf" + token; })},
      {"DotsPercentEncoded", kNoJwt, Changed([](const std::string& token) {
         return absl::StrCat(Split(token).header, "%2E", Split(token).payload, "%2E", Split(token).signature);
       })},
      {"DotsOfAnotherScript", kNoJwt, Changed([](const std::string& token) {
         return absl::StrCat(Split(token).header, "\xe3\x80\x82", Split(token).payload, "\xe3\x80\x82",
                             Split(token).signature);
       })},
      {"AnswerOfTheTokenEndpoint", kMalformed,
       Changed([](const std::string& token) { return R"({"token":")" + token + "\"}"; })},
      {"Null", kNoJwt, Text("null")},
      {"Undefined", kNoJwt, Text("undefined")},
      {"ObjectObject", kNoJwt, Text("[object Object]")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

}  // namespace

std::vector<TokenCase> FormCases() {
  std::vector<TokenCase> cases;
  AddParts(&cases);
  AddSizes(&cases);
  AddOtherThings(&cases);
  return cases;
}

}  // namespace verifier::testing
