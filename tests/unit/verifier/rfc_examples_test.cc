// The examples that the JOSE RFCs give of signatures that a public key checks.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"
#include "services/verifier/base64url.h"
#include "services/verifier/jwk.h"
#include "tests/support/verifier/example_verifier.h"

namespace verifier {
namespace {

struct Example {
  const char* name;
  // The algorithm as the header has it, and what follows `"kty"` in the key.
  std::string algorithm;
  std::string jwk;
  std::string token;
  // What becomes of it as an access token once its signature held.
  auth::v1::RejectionReason reason;
};

// RFC 7515 appendix A.2 and A.3: {"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}.
constexpr char kJoe[] =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
// RFC 7520 section 4: a sentence about leaving one's door.
constexpr char kFrodo[] =
    "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5k"
    "IGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
// RFC 7520 section 3.3.
constexpr char kBilbo[] =
    R"("RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVT)"
    "eT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-"
    "oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLq"
    R"(KnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB")";

std::vector<Example> Examples() {
  return {
      {"Rfc7515AppendixA2", "RS256",
       R"("RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT)"
       "-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
       "UTo7WTBE"
       "Ma2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
       "h9iaGNj8q2ethFkMLs91kzk2PAcDT"
       R"(W9gb54h4FRWyuXpoQ","e":"AQAB")",
       absl::StrCat("eyJhbGciOiJSUzI1NiJ9.", kJoe,
                    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG"
                    "bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0"
                    "GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6Lb"
                    "gGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
       auth::v1::REJECTION_REASON_MISSING_CLAIM},
      {"Rfc7515AppendixA3", "ES256",
       R"("EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")",
       absl::StrCat("eyJhbGciOiJFUzI1NiJ9.", kJoe,
                    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
       auth::v1::REJECTION_REASON_MISSING_CLAIM},
      {"Rfc7515AppendixA4", "ES512",
       R"("EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQG)"
       R"(k","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2")",
       "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-"
       "KGDKB34XO"
       "0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
       auth::v1::REJECTION_REASON_MALFORMED},
      {"Rfc7520Section4Point1", "RS256", kBilbo,
       absl::StrCat("eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.", kFrodo,
                    ".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7P"
                    "NDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eR"
                    "o4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uO"
                    "ZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"),
       auth::v1::REJECTION_REASON_MALFORMED},
      {"Rfc7520Section4Point2", "PS384", kBilbo,
       absl::StrCat("eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.", kFrodo,
                    ".cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dD"
                    "DItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ"
                    "7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVK"
                    "PbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"),
       auth::v1::REJECTION_REASON_MALFORMED},
      {"Rfc7520Section4Point3", "ES512",
       R"("EC","kid":"bilbo.baggins@hobbiton.example","use":"sig","crv":"P-521","x":"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v1)"
       R"(3nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt","y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVyS)"
       R"(sUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1")",
       absl::StrCat("eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.", kFrodo,
                    ".AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPB"
                    "u_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"),
       auth::v1::REJECTION_REASON_MALFORMED},
      {"Rfc8037AppendixA4", "EdDSA", R"("OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")",
       "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
       auth::v1::REJECTION_REASON_MALFORMED},
  };
}

void PrintTo(const Example& example, std::ostream* out) { *out << example.algorithm; }

class RfcExample : public ::testing::TestWithParam<Example> {
 protected:
  std::string Jwk() const {
    return absl::StrCat(R"({"kty":)", GetParam().jwk, R"(,"alg":")", GetParam().algorithm, "\"}");
  }
};

TEST_P(RfcExample, HasASignatureOfItsKey) {
  const json::Document document = *json::Document::Parse(Jwk());
  const absl::StatusOr<verifier::Jwk> jwk = ParseJwk(document.root());
  ASSERT_TRUE(jwk.ok()) << jwk.status();
  const std::string& token = GetParam().token;
  const std::string input = token.substr(0, token.rfind('.'));
  std::string signature = *DecodeBase64Url(token.substr(token.rfind('.') + 1));
  EXPECT_TRUE(jwk->public_key.Verify(input, signature));
  EXPECT_FALSE(jwk->public_key.Verify(input + "A", signature));
  signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
  EXPECT_FALSE(jwk->public_key.Verify(input, signature));
}

TEST_P(RfcExample, IsNoAccessTokenForTheReasonThatFollowsTheSignature) {
  const Verdict verdict = testing::ExampleVerifier({Jwk()}).Verify(GetParam().token);
  ASSERT_TRUE(verdict.ok() && !verdict->ok());
  EXPECT_EQ(verdict->rejection().reason, GetParam().reason) << verdict->rejection().detail;
}

std::string ThumbprintOf(const std::string& text) {
  const json::Document document = *json::Document::Parse(text);
  const absl::StatusOr<verifier::Jwk> jwk = ParseJwk(document.root());
  return jwk.ok() ? jwk->thumbprint : jwk.status().ToString();
}

TEST(Thumbprint, OfRfc7638Section3Point1) {
  EXPECT_EQ(
      ThumbprintOf(R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFF)"
                   "xuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65"
                   "YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhA"
                   R"(I4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB",)"
                   R"("alg":"RS256","kid":"2011-04-29"})"),
      "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Thumbprint, OfRfc8037AppendixA3) {
  EXPECT_EQ(ThumbprintOf(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

// The key of RFC 7515 appendix A.3; the RFCs give no thumbprint of such a key.
TEST(Thumbprint, OfAnEllipticCurveCountsBothCoordinates) {
  EXPECT_EQ(ThumbprintOf(R"({"use":"sig","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kty":"EC","crv":"P-256",)"
                         R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})"),
            "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
}

INSTANTIATE_TEST_SUITE_P(Table, RfcExample, ::testing::ValuesIn(Examples()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace verifier
