#include "services/verifier/token_parser.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::EncodeBase64Url;

std::string Compact(std::string_view header, std::string_view payload = R"({"sub":"ada"})") {
  return absl::StrCat(EncodeBase64Url(header), ".", EncodeBase64Url(payload), ".c2ln");
}

struct BadToken {
  const char* rule;
  std::string token;
  auth::v1::RejectionReason reason;
};

class TokenParserRejects : public ::testing::TestWithParam<BadToken> {};

TEST_P(TokenParserRejects, WithTheReason) {
  const OrRejection<ParsedToken> parsed = ParseToken(GetParam().token, {});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.rejection().reason, GetParam().reason) << parsed.rejection().detail;
  EXPECT_FALSE(parsed.rejection().detail.empty());
}

constexpr char kHeader[] = R"({"alg":"EdDSA","kid":"a"})";

std::vector<BadToken> BadTokens() {
  std::string deep = "{\"a\":";
  for (int i = 0; i < 16; ++i) deep += "[";
  for (int i = 0; i < 16; ++i) deep += "]";
  deep += "}";
  return {
      {"Empty", "", auth::v1::REJECTION_REASON_NOT_A_JWT},
      {"OpaqueSessionToken", "JYw2dLnYVIGfA6zq3mVTtBBf0Ww5nDlR", auth::v1::REJECTION_REASON_NOT_A_JWT},
      {"SignedSessionCookie", "JYw2dLnYVIGfA6zq.3mVTtBBf0Ww5nDlR=", auth::v1::REJECTION_REASON_NOT_A_JWT},
      {"FourParts", Compact(kHeader) + ".x", auth::v1::REJECTION_REASON_MALFORMED},
      {"FiveParts", "a.b.c.d.e", auth::v1::REJECTION_REASON_MALFORMED},
      {"NoHeader", ".e30.c2ln", auth::v1::REJECTION_REASON_MALFORMED},
      {"NoPayload", absl::StrCat(EncodeBase64Url(kHeader), "..c2ln"), auth::v1::REJECTION_REASON_MALFORMED},
      {"NoSignature", absl::StrCat(EncodeBase64Url(kHeader), ".e30."), auth::v1::REJECTION_REASON_MALFORMED},
      {"PaddedHeader", absl::StrCat(EncodeBase64Url(kHeader), "=.e30.c2ln"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HighByte", absl::StrCat("\x80", Compact(kHeader)), auth::v1::REJECTION_REASON_MALFORMED},
      {"NonCanonicalSignature", absl::StrCat(EncodeBase64Url(kHeader), ".e30.QR"),
       auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderNoJson", Compact("hello"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderArray", Compact("[]"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderTrailingJunk", Compact(R"({"alg":"EdDSA"} x)"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderDuplicateName", Compact(R"({"alg":"EdDSA","alg":"EdDSA"})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderDuplicateByEscape", Compact(R"({"alg":"EdDSA","al\u0067":"EdDSA"})"),
       auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderByteOrderMark", Compact("\xef\xbb\xbf{\"alg\":\"EdDSA\"}"), auth::v1::REJECTION_REASON_MALFORMED},
      {"HeaderInvalidUtf8", Compact("{\"alg\":\"EdDSA\",\"kid\":\"\xff\"}"), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadNoJson", Compact(kHeader, "sub"), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadNotAnObject", Compact(kHeader, "\"sub\""), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadNestedJwt", Compact(kHeader, Compact(kHeader)), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadDuplicateName", Compact(kHeader, R"({"sub":"a","sub":"b"})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadDuplicateNested", Compact(kHeader, R"({"a":[{"b":1,"b":2}]})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadTooDeep", Compact(kHeader, deep), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadBigInteger", Compact(kHeader, R"({"exp":99999999999999999999})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"PayloadSingleQuotes", Compact(kHeader, "{'sub':'ada'}"), auth::v1::REJECTION_REASON_MALFORMED},
      {"NoAlgorithm", Compact(R"({"kid":"a"})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"NumericAlgorithm", Compact(R"({"alg":1})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"None", Compact(R"({"alg":"none"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"NoneInCapitals", Compact(R"({"alg":"NONE"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"NoneMixed", Compact(R"({"alg":"nOnE"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"EmptyAlgorithm", Compact(R"({"alg":""})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"LowerCase", Compact(R"({"alg":"rs256"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"Hmac", Compact(R"({"alg":"HS256"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"Secp256k1", Compact(R"({"alg":"ES256K"})"), auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED},
      {"Critical", Compact(R"({"alg":"EdDSA","crit":["exp"]})"), auth::v1::REJECTION_REASON_CRITICAL_HEADER},
      {"CriticalEmpty", Compact(R"({"alg":"EdDSA","crit":[]})"), auth::v1::REJECTION_REASON_CRITICAL_HEADER},
      {"UnencodedPayload", Compact(R"({"alg":"EdDSA","b64":false})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"TypeOfLogoutToken", Compact(R"({"alg":"EdDSA","typ":"logout+jwt"})"),
       auth::v1::REJECTION_REASON_TYPE_NOT_ALLOWED},
      {"TypeNumber", Compact(R"({"alg":"EdDSA","typ":1})"), auth::v1::REJECTION_REASON_TYPE_NOT_ALLOWED},
      {"NumericKeyId", Compact(R"({"alg":"EdDSA","kid":1})"), auth::v1::REJECTION_REASON_MALFORMED},
      {"TooLarge", std::string(kMaxTokenBytes + 1, 'a'), auth::v1::REJECTION_REASON_TOO_LARGE},
  };
}

INSTANTIATE_TEST_SUITE_P(Table, TokenParserRejects, ::testing::ValuesIn(BadTokens()),
                         [](const auto& row) { return row.param.rule; });

TEST(TokenParser, LooksAtATokenOfExactlyTheLimit) {
  EXPECT_EQ(ParseToken(std::string(kMaxTokenBytes, 'a'), {}).rejection().reason, auth::v1::REJECTION_REASON_NOT_A_JWT);
}

TEST(TokenParser, TakesTheTokenApart) {
  const std::string token = Compact(R"({"alg":"RS256","kid":"key-1","typ":"JWT","jku":"https://evil.test","jwk":{}})");
  const OrRejection<ParsedToken> parsed = ParseToken(token, {});
  ASSERT_TRUE(parsed.ok()) << parsed.rejection().detail;
  EXPECT_EQ(parsed->algorithm, Algorithm::kRs256);
  EXPECT_EQ(parsed->key_id, "key-1");
  EXPECT_EQ(parsed->signing_input, std::string_view(token).substr(0, token.rfind('.')));
  EXPECT_EQ(parsed->signature, "sig");
}

TEST(TokenParser, ComparesTypesAsMediaTypes) {
  for (const char* type : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    const std::string token = Compact(absl::StrCat(R"({"alg":"EdDSA","typ":")", type, R"("})"));
    EXPECT_TRUE(ParseToken(token, {}).ok()) << type;
  }
}

}  // namespace
}  // namespace verifier
