// A key used for what it is not for (RFC 8725 sections 2.1 and 3.1): as an HMAC secret, or for another algorithm.
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr const char* kAlgorithms[] = {"EdDSA", "ES256", "ES384", "ES512", "RS256",
                                       "RS384", "RS512", "PS256", "PS384", "PS512"};

bool IsRsa(const std::string& algorithm) { return algorithm[0] == 'R' || algorithm[0] == 'P'; }

// An HMAC keyed with something that everybody can have of the public key.
TokenCase Hmac(const std::string& what, const std::string& algorithm, std::string (*secret)(const SigningKey&),
               int bits = 256) {
  return {absl::StrCat("Hs", bits, "KeyedWith", algorithm, what),
          auth::v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED,
          [=] {
            const std::string header = absl::StrCat(R"({"alg":"HS)", bits, R"(","kid":")", algorithm, R"("})");
            return HmacToken(header, GoodPayload(), secret(ExampleKey(algorithm)), bits);
          },
          {algorithm}};
}

std::string Pem(const SigningKey& key) { return key.PublicPem(); }
std::string PemWithoutNewline(const SigningKey& key) {
  std::string pem = key.PublicPem();
  pem.pop_back();
  return pem;
}
std::string Der(const SigningKey& key) { return key.PublicDer(); }
std::string JwkText(const SigningKey& key) { return NamedJwk(key, key.algorithm()); }
std::string KeySetText(const SigningKey& key) { return KeySetOf({NamedJwk(key, key.algorithm())}); }
// The last bytes of the DER form: the point of Ed25519.
std::string RawPoint(const SigningKey& key) {
  const std::string der = key.PublicDer();
  return der.substr(der.size() - 32);
}
std::string Nothing(const SigningKey&) { return ""; }
std::string KeyId(const SigningKey& key) { return key.algorithm(); }

void AddHmacs(std::vector<TokenCase>* cases) {
  for (const char* algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    cases->push_back(Hmac("PublicPem", algorithm, Pem));
    cases->push_back(Hmac("PublicPemWithoutNewline", algorithm, PemWithoutNewline));
    cases->push_back(Hmac("PublicDer", algorithm, Der));
    cases->push_back(Hmac("Jwk", algorithm, JwkText));
  }
  cases->push_back(Hmac("PublicPem", "RS256", Pem, 384));
  cases->push_back(Hmac("PublicPem", "RS256", Pem, 512));
  cases->push_back(Hmac("KeySet", "RS256", KeySetText));
  cases->push_back(Hmac("RawPoint", "EdDSA", RawPoint));
  cases->push_back(Hmac("EmptySecret", "RS256", Nothing));
  cases->push_back(Hmac("KeyId", "RS256", KeyId));
}

// The header names one algorithm, the key that it names is for another. RSA signs as the header says, so that only the
// key's own algorithm stands in the way.
TokenCase Mismatch(const std::string& header_algorithm, const std::string& key_algorithm) {
  return {absl::StrCat("Header", header_algorithm, "Key", key_algorithm),
          auth::v1::REJECTION_REASON_ALGORITHM_KEY_MISMATCH,
          [=] {
            const SigningKey& key = ExampleKey(key_algorithm);
            const bool signs_as_header = IsRsa(header_algorithm) && IsRsa(key_algorithm);
            return (signs_as_header ? key.As(header_algorithm) : key)
                .Token(absl::StrCat(R"({"alg":")", header_algorithm, R"(","kid":")", key_algorithm, R"("})"),
                       GoodPayload());
          },
          {key_algorithm}};
}

}  // namespace

std::vector<TokenCase> AlgorithmConfusionCases() {
  std::vector<TokenCase> cases;
  AddHmacs(&cases);
  for (const char* header : kAlgorithms) {
    for (const char* key : kAlgorithms) {
      if (std::string_view(header) != key) cases.push_back(Mismatch(header, key));
    }
  }
  // Named alike, another's: the `kid` decides, and no other key is tried.
  cases.push_back({"KeyIdOfAnotherKeyOfTheAlgorithm", auth::v1::REJECTION_REASON_BAD_SIGNATURE,
                   [] { return SigningKey("EdDSA").Token(GoodHeader(), GoodPayload()); }});
  cases.push_back({"WithoutKeyIdNoKeyOfTheAlgorithm",
                   auth::v1::REJECTION_REASON_UNKNOWN_KEY,
                   [] { return ExampleKey("RS256").As("PS256").Token(R"({"alg":"PS256"})", GoodPayload()); },
                   {"RS256"}});
  return cases;
}

}  // namespace verifier::testing
