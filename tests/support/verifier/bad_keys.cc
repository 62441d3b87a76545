#include "tests/support/verifier/bad_keys.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier::testing {
namespace {

const SigningKey& Key(const std::string& algorithm) {
  static const SigningKey* const rsa = new SigningKey("RS256");
  static const SigningKey* const ec = new SigningKey("ES256");
  static const SigningKey* const okp = new SigningKey("EdDSA");
  return algorithm == "RS256" ? *rsa : algorithm == "ES256" ? *ec : *okp;
}

std::string Rsa(const std::string& modulus, const std::string& exponent) {
  return absl::StrCat(R"({"kty":"RSA","n":")", EncodeBase64Url(modulus), R"(","e":")", EncodeBase64Url(exponent),
                      "\"}");
}
std::string Ec(const std::string& curve, const std::string& x, const std::string& y) {
  return absl::StrCat(R"({"kty":"EC","crv":")", curve, R"(","x":")", EncodeBase64Url(x), R"(","y":")",
                      EncodeBase64Url(y), "\"}");
}
std::string Okp(const std::string& x) {
  return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", EncodeBase64Url(x), "\"}");
}
std::string Number(size_t bytes, char first, char last) { return first + std::string(bytes - 2, '\x5a') + last; }
const std::string kExponent("\x01\x00\x01", 3);

// A good key with members besides.
std::string With(const std::string& algorithm, const std::string& members) { return Key(algorithm).Jwk("," + members); }
// A good key with one text replaced.
std::string Replaced(const std::string& algorithm, const std::string& from, const std::string& to) {
  return absl::StrReplaceAll(Key(algorithm).Jwk(), {{from, to}});
}

void AddRsa(std::vector<BadKey>* keys) {
  const std::string modulus = Number(256, '\xc1', '\x5b');
  const std::vector<BadKey> table = {
      {"RsaOf1024Bits", Rsa(Number(128, '\xc1', '\x5b'), kExponent), "1024 bits"},
      {"RsaOf2047Bits", Rsa(Number(256, '\x41', '\x5b'), kExponent), "2047 bits"},
      {"RsaOf1024BitsBehindZeros", Rsa(std::string(128, '\0') + Number(128, '\xc1', '\x5b'), kExponent), "1024 bits"},
      {"RsaOf8193Bits", Rsa(Number(1025, '\x01', '\x5b'), kExponent), "8193 bits"},
      {"RsaOf16384Bits", Rsa(Number(2048, '\xc1', '\x5b'), kExponent), "too long"},
      {"RsaModulusEven", Rsa(Number(256, '\xc1', '\x5a'), kExponent), "modulus is even"},
      {"RsaModulusZero", Rsa(std::string(256, '\0'), kExponent), "0 bits"},
      {"RsaExponentZero", Rsa(modulus, std::string(1, '\0')), "even or less than 3"},
      {"RsaExponentOne", Rsa(modulus, "\x01"), "even or less than 3"},
      {"RsaExponentTwo", Rsa(modulus, "\x02"), "even or less than 3"},
      {"RsaExponentEven", Rsa(modulus, std::string("\x01\x00\x00", 3)), "even or less than 3"},
      {"RsaExponentOf72Bits", Rsa(modulus, std::string(9, '\x01')), "64 bits"},
      {"RsaExponentAsLongAsTheModulus", Rsa(modulus, Number(256, '\x51', '\x5b')), "64 bits"},
      {"RsaWithoutModulus", R"({"kty":"RSA","e":"AQAB"})", "`n` is missing"},
      {"RsaWithoutExponent", Replaced("RS256", R"(,"e":)", R"(,"f":)"), "`e` is missing"},
      {"RsaModulusNumber", R"({"kty":"RSA","n":65537,"e":"AQAB"})", "`n` is not a string"},
      {"RsaModulusEmpty", R"({"kty":"RSA","n":"","e":"AQAB"})", "`n`"},
      {"RsaExponentPadded", Replaced("RS256", "AQAB", "AQAB="), "`e` is not base64url"},
      {"RsaExponentNotCanonical", Replaced("RS256", "AQAB", "AR"), "`e` is not base64url"},
      {"RsaExponentOfTheOtherAlphabet", Replaced("RS256", "AQAB", "A+/B"), "`e` is not base64url"},
  };
  keys->insert(keys->end(), table.begin(), table.end());
}

void AddCurves(std::vector<BadKey>* keys) {
  const std::string prime(
      "\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"
      "\xff\xff\xff\xff\xff\xff\xff\xff",
      32);
  const std::vector<BadKey> table = {
      {"EcPointOffTheCurve", Ec("P-256", std::string(32, '\1'), std::string(32, '\1')), "does not lie on P-256"},
      {"EcPointOffP384", Ec("P-384", std::string(48, '\1'), std::string(48, '\1')), "does not lie on P-384"},
      {"EcPointOffP521", Ec("P-521", std::string(66, '\0'), std::string(65, '\0') + "\1"), "does not lie on P-521"},
      {"EcPointZero", Ec("P-256", std::string(32, '\0'), std::string(32, '\0')), "does not lie on P-256"},
      {"EcCoordinateOfThePrime", Ec("P-256", prime, prime), "does not lie on P-256"},
      {"EcCoordinateBeyondThePrime", Ec("P-256", std::string(32, '\xff'), std::string(32, '\xff')), "does not lie on"},
      {"EcCoordinateShort", Ec("P-256", std::string(31, '\1'), std::string(32, '\1')), "must have 32 bytes"},
      {"EcCoordinateLong", Ec("P-256", std::string(33, '\1'), std::string(32, '\1')), "must have 32 bytes"},
      {"EcPointOfAnotherCurve", Replaced("ES256", "P-256", "P-384"), "must have 48 bytes"},
      {"EcCompressed", Ec("P-256", "\x02" + std::string(32, '\1'), "\1"), "must have 32 bytes"},
      {"EcWithoutY", Replaced("ES256", R"("y")", R"("z")"), "`y` is missing"},
      {"EcWithoutCurve", Replaced("ES256", R"("crv")", R"("curve")"), "`kty` and `crv`"},
      {"EcCurveSecp256k1", Replaced("ES256", "P-256", "secp256k1"), "`kty` and `crv`"},
      {"EcCurveP224", Replaced("ES256", "P-256", "P-224"), "`kty` and `crv`"},
      {"EcCurveOfOtherCase", Replaced("ES256", "P-256", "p-256"), "`kty` and `crv`"},
      {"EcCurveNumber", Replaced("ES256", R"("P-256")", "256"), "`crv` is not a string"},
      {"EcCurveOfEdwards", Replaced("ES256", "P-256", "Ed25519"), "`kty` and `crv`"},
      {"OkpShort", Okp(std::string(31, '\3')), "32 bytes"},
      {"OkpLong", Okp(std::string(33, '\3')), "32 bytes"},
      {"OkpOffTheCurve", Okp("\x02" + std::string(31, '\0')), "edwards25519"},
      {"OkpBeyondThePrime", Okp(std::string(32, '\xff')), "edwards25519"},
      {"OkpNeutralPoint", Okp("\x01" + std::string(31, '\0')), "small order"},
      {"OkpZero", Okp(std::string(32, '\0')), "small order"},
      {"OkpEd448", Replaced("EdDSA", "Ed25519", "Ed448"), "`kty` and `crv`"},
      {"OkpForKeyAgreement", Replaced("EdDSA", "Ed25519", "X25519"), "`kty` and `crv`"},
      {"OkpWithoutX", R"({"kty":"OKP","crv":"Ed25519"})", "`x` is missing"},
  };
  keys->insert(keys->end(), table.begin(), table.end());
}

void AddSecrets(std::vector<BadKey>* keys) {
  keys->push_back({"Symmetric", R"({"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"})", "symmetric"});
  keys->push_back({"SymmetricWithMembersOfRsa", Replaced("RS256", R"("RSA")", R"("oct")"), "`kty` and `crv`"});
  keys->push_back({"SymmetricWithoutItsSecret", R"({"kty":"oct","alg":"HS256"})", "`kty` and `crv`"});
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "k"}) {
    keys->push_back(
        {absl::StrCat("PrivateMember_", member), With("RS256", absl::StrCat("\"", member, R"(":"AQAB")")), "private"});
  }
  keys->push_back({"PrivateMember_oth", With("RS256", R"("oth":[])"), "private"});
  keys->push_back({"PrivateMemberNull", With("EdDSA", R"("d":null)"), "private"});
  keys->push_back({"PrivateMemberOfEc", With("ES256", R"("d":"AQAB")"), "private"});
}

void AddPurposes(std::vector<BadKey>* keys) {
  const std::vector<BadKey> table = {
      {"UseEncryption", With("RS256", R"("use":"enc")"), "`use`"},
      {"UseEmpty", With("RS256", R"("use":"")"), "`use`"},
      {"UseOfOtherCase", With("RS256", R"("use":"SIG")"), "`use`"},
      {"UseNull", With("RS256", R"("use":null)"), "`use`"},
      {"UseList", With("RS256", R"("use":["sig"])"), "`use`"},
      {"OperationsEmpty", With("RS256", R"("key_ops":[])"), "`key_ops`"},
      {"OperationsSign", With("RS256", R"("key_ops":["sign"])"), "`key_ops`"},
      {"OperationsEncrypt", With("RS256", R"("key_ops":["encrypt","wrapKey"])"), "`key_ops`"},
      {"OperationsOfOtherCase", With("RS256", R"("key_ops":["Verify"])"), "`key_ops`"},
      {"OperationsString", With("RS256", R"("key_ops":"verify")"), "`key_ops`"},
      {"OperationsNull", With("RS256", R"("key_ops":null)"), "`key_ops`"},
      {"OperationsNumbers", With("RS256", R"("key_ops":[1])"), "`key_ops`"},
      {"AlgorithmOfAnotherType", With("RS256", R"("alg":"ES256")"), "`alg`"},
      {"AlgorithmOfAnotherCurve", With("ES256", R"("alg":"ES384")"), "`alg`"},
      {"AlgorithmEdDsaOfEc", With("ES256", R"("alg":"EdDSA")"), "`alg`"},
      {"AlgorithmEs256OfOkp", With("EdDSA", R"("alg":"ES256")"), "`alg`"},
      {"AlgorithmHs256", With("RS256", R"("alg":"HS256")"), "`alg`"},
      {"AlgorithmNone", With("RS256", R"("alg":"none")"), "`alg`"},
      {"AlgorithmOfEncryption", With("RS256", R"("alg":"RSA-OAEP-256")"), "`alg`"},
      {"AlgorithmOfOtherCase", With("RS256", R"("alg":"rs256")"), "`alg`"},
      {"AlgorithmEmpty", With("RS256", R"("alg":"")"), "`alg`"},
      {"AlgorithmNull", With("RS256", R"("alg":null)"), "`alg`"},
      {"KeyIdNumber", With("EdDSA", R"("kid":1)"), "`kid`"},
      {"KeyIdNull", With("EdDSA", R"("kid":null)"), "`kid`"},
      {"KeyIdList", With("EdDSA", R"("kid":["a"])"), "`kid`"},
      {"TypeMissing", Replaced("RS256", R"("kty")", R"("type")"), "`kty` and `crv`"},
      {"TypeOfOtherCase", Replaced("RS256", R"("RSA")", R"("rsa")"), "`kty` and `crv`"},
      {"TypeNumber", Replaced("RS256", R"("RSA")", "1"), "`kty` is not a string"},
      {"TypeUnknown", Replaced("RS256", R"("RSA")", R"("AKP")"), "`kty` and `crv`"},
      {"Number", "1", "JSON object"},
      {"Null", "null", "JSON object"},
      {"String", R"("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A")", "JSON object"},
      {"List", "[]", "JSON object"},
      {"EmptyObject", "{}", "`kty` and `crv`"},
      {"OnlyACertificate", R"({"x5c":["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"]})", "`kty` and `crv`"},
  };
  keys->insert(keys->end(), table.begin(), table.end());
}

}  // namespace

std::vector<BadKey> BadKeys() {
  std::vector<BadKey> keys;
  AddRsa(&keys);
  AddCurves(&keys);
  AddSecrets(&keys);
  AddPurposes(&keys);
  return keys;
}

}  // namespace verifier::testing
