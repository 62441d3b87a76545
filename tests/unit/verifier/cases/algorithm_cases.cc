// `alg` (RFC 7515 section 4.1.1): what is allowed, and every other spelling.
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kNotAllowed = auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED;
constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;

// A header with this JSON text for `alg`, well signed by the EdDSA key that it names.
TokenMaker WithAlgorithm(const std::string& json) { return WithHeader(R"({"kid":"EdDSA","alg":)" + json + "}"); }

// The good token under this header, its signature left out.
TokenMaker Unsigned(const std::string& header) {
  return [header] { return EncodeBase64Url(header) + "." + EncodeBase64Url(GoodPayload()) + "."; };
}

TokenCase Allowed(const std::string& algorithm) {
  return {algorithm + "IsAllowed",
          kGood,
          [algorithm] { return ExampleKey(algorithm).TokenOf(GoodPayload(), algorithm); },
          {algorithm}};
}

}  // namespace

std::vector<TokenCase> AlgorithmCases() {
  return {
      Allowed("EdDSA"),
      Allowed("ES256"),
      Allowed("ES384"),
      Allowed("ES512"),
      Allowed("RS256"),
      Allowed("RS384"),
      Allowed("RS512"),
      Allowed("PS256"),
      Allowed("PS384"),
      Allowed("PS512"),
      {"Ed25519IsTheNewerNameOfEdDsa", kGood, WithAlgorithm(R"("Ed25519")")},
      {"MayBeWrittenWithEscapes", kGood, WithAlgorithm(R"("Ed\u0044SA")")},

      {"NoneSigned", kNotAllowed, WithAlgorithm(R"("none")")},
      {"NoneUnsigned", kMalformed, Unsigned(R"({"alg":"none"})")},
      {"NoneUnsignedWithType", kMalformed, Unsigned(R"({"alg":"none","typ":"JWT"})")},
      {"NoneInCapitals", kNotAllowed, WithAlgorithm(R"("NONE")")},
      {"NoneCapitalised", kNotAllowed, WithAlgorithm(R"("None")")},
      {"NoneMixed", kNotAllowed, WithAlgorithm(R"("nOnE")")},
      {"NoneOtherwiseMixed", kNotAllowed, WithAlgorithm(R"("NoNe")")},
      {"NoneLastCapital", kNotAllowed, WithAlgorithm(R"("nonE")")},
      {"NoneBehindASpace", kNotAllowed, WithAlgorithm(R"(" none")")},
      {"NoneBeforeASpace", kNotAllowed, WithAlgorithm(R"("none ")")},
      {"NoneBeforeNul", kNotAllowed, WithAlgorithm(R"("none\u0000")")},
      {"NoneBehindATab", kNotAllowed, WithAlgorithm(R"("\tnone")")},
      {"NoneInEscapes", kNotAllowed, WithAlgorithm(R"("\u006eone")")},
      {"NoneWithACyrillicO", kNotAllowed, WithAlgorithm("\"n\xd0\xbene\"")},
      {"NoneFullWidth", kNotAllowed, WithAlgorithm("\"\xef\xbd\x8e\xef\xbd\x8f\xef\xbd\x8e\xef\xbd\x85\"")},

      {"Empty", kNotAllowed, WithAlgorithm(R"("")")},
      {"LowerCase", kNotAllowed, WithAlgorithm(R"("eddsa")")},
      {"UpperCase", kNotAllowed, WithAlgorithm(R"("EDDSA")")},
      {"OtherCase", kNotAllowed, WithAlgorithm(R"("EdDsa")")},
      {"Ed25519LowerCase", kNotAllowed, WithAlgorithm(R"("ed25519")")},
      {"BeforeASpace", kNotAllowed, WithAlgorithm(R"("EdDSA ")")},
      {"BeforeNul", kNotAllowed, WithAlgorithm(R"("EdDSA\u0000")")},
      {"Ed448", kNotAllowed, WithAlgorithm(R"("Ed448")")},
      {"Ed25519Prehashed", kNotAllowed, WithAlgorithm(R"("Ed25519ph")")},
      {"Secp256k1", kNotAllowed, WithAlgorithm(R"("ES256K")")},
      {"Es256Longer", kNotAllowed, WithAlgorithm(R"("ES2560")")},
      {"Rs256LowerCase", kNotAllowed, WithAlgorithm(R"("rs256")")},
      {"RsaWithSha1", kNotAllowed, WithAlgorithm(R"("RS1")")},
      {"RsaAsJavaNamesIt", kNotAllowed, WithAlgorithm(R"("SHA256withRSA")")},
      {"Hs256", kNotAllowed, WithAlgorithm(R"("HS256")")},
      {"Hs384", kNotAllowed, WithAlgorithm(R"("HS384")")},
      {"Hs512", kNotAllowed, WithAlgorithm(R"("HS512")")},
      {"KeyAgreementDirect", kNotAllowed, WithAlgorithm(R"("dir")")},
      {"EncryptionRsaOaep", kNotAllowed, WithAlgorithm(R"("RSA-OAEP")")},
      {"EncryptionOfContent", kNotAllowed, WithAlgorithm(R"("A256GCM")")},
      {"AUrl", kNotAllowed, WithAlgorithm(R"("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")")},

      {"Missing", kMalformed, WithHeader(R"({"kid":"EdDSA"})")},
      {"NameOfOtherCase", kMalformed, WithHeader(R"({"kid":"EdDSA","ALG":"EdDSA"})")},
      {"Null", kMalformed, WithAlgorithm("null")},
      {"Number", kMalformed, WithAlgorithm("256")},
      {"True", kMalformed, WithAlgorithm("true")},
      {"List", kMalformed, WithAlgorithm(R"(["EdDSA"])")},
      {"ListWithNone", kMalformed, WithAlgorithm(R"(["EdDSA","none"])")},
      {"Object", kMalformed, WithAlgorithm(R"({"EdDSA":true})")},
      {"Twice", kMalformed, WithHeader(R"({"kid":"EdDSA","alg":"EdDSA","alg":"none"})")},
  };
}

}  // namespace verifier::testing
