// `kid` (RFC 7515 section 4.1.4): compared with the published ones byte by byte, and used for nothing else.
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;
constexpr Reason kUnknown = auth::v1::REJECTION_REASON_UNKNOWN_KEY;

TokenMaker WithKeyId(const std::string& json) { return WithHeader(R"({"alg":"EdDSA","kid":)" + json + "}"); }

}  // namespace

std::vector<TokenCase> KeyIdCases() {
  return {
      {"Published", kGood, WithKeyId(R"("EdDSA")")},
      {"PublishedInEscapes", kGood, WithKeyId(R"("\u0045dDSA")")},
      {"MissingWhereOneKeyFits", kGood, WithHeader(R"({"alg":"EdDSA"})")},
      {"MissingWhereOtherKeysDoNotFit", kGood, WithHeader(R"({"alg":"EdDSA"})"), {"ES256", "EdDSA"}},
      {"MissingWhereNoKeyFits", kUnknown, WithHeader(R"({"alg":"EdDSA"})"), {"ES256"}},
      {"MissingWhereTwoKeysFit", kUnknown, WithHeader(R"({"alg":"EdDSA"})"), {"EdDSA", "Ed25519"}},
      {"NotPublished", kUnknown, WithKeyId(R"("other")")},
      {"OtherCase", kUnknown, WithKeyId(R"("eddsa")")},
      {"Prefix", kUnknown, WithKeyId(R"("EdDS")")},
      {"Longer", kUnknown, WithKeyId(R"("EdDSA1")")},
      {"BehindASpace", kUnknown, WithKeyId(R"(" EdDSA")")},
      {"BeforeASpace", kUnknown, WithKeyId(R"("EdDSA ")")},
      {"BeforeNul", kUnknown, WithKeyId(R"("EdDSA\u0000")")},
      {"BeforeANewline", kUnknown, WithKeyId(R"("EdDSA\n")")},
      {"Empty", kUnknown, WithKeyId(R"("")")},
      {"VeryLong", kUnknown, WithKeyId("\"" + std::string(4000, 'k') + "\"")},
      {"PathTraversal", kUnknown, WithKeyId(R"("../../../../dev/null")")},
      {"AbsolutePath", kUnknown, WithKeyId(R"("/proc/self/environ")")},
      {"Url", kUnknown, WithKeyId(R"("https://attacker.test/key.pem")")},
      {"Sql", kUnknown, WithKeyId(R"("x' UNION SELECT 'secret' --")")},
      {"ShellCommand", kUnknown, WithKeyId(R"("|/usr/bin/id")")},
      {"LogLine", kUnknown, WithKeyId(R"("a\r\n{\"level\":\"info\"}")")},
      {"OtherScript", kUnknown, WithKeyId("\"\xd0\x95\x64\x44SA\"")},
      {"Null", kMalformed, WithKeyId("null")},
      {"Number", kMalformed, WithKeyId("1")},
      {"True", kMalformed, WithKeyId("true")},
      {"List", kMalformed, WithKeyId(R"(["EdDSA"])")},
      {"Object", kMalformed, WithKeyId(R"({"EdDSA":1})")},
      {"Twice", kMalformed, WithHeader(R"({"alg":"EdDSA","kid":"EdDSA","kid":"EdDSA"})")},
      {"TwiceOnceInEscapes", kMalformed, WithHeader(R"({"alg":"EdDSA","kid":"EdDSA","\u006bid":"other"})")},
  };
}

}  // namespace verifier::testing
