#include "tools/mint-token/private_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/json/json_text.h"

namespace mint {
namespace {

using EvpKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// Instead of asking at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

EvpKey Parse(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      BIO_free);
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr), EVP_PKEY_free};
}

struct Curve {
  const char* group;
  const char* name;
  const char* algorithm;
  size_t coordinate_bytes;
};

constexpr Curve kCurves[] = {
    {"prime256v1", "P-256", "ES256", 32}, {"secp384r1", "P-384", "ES384", 48}, {"secp521r1", "P-521", "ES512", 66}};

const Curve* CurveOf(EVP_PKEY* key) {
  char group[64] = "";
  EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
  for (const Curve& curve : kCurves) {
    if (std::string_view(group) == curve.group) return &curve;
  }
  return nullptr;
}

// A number of the key in base64url, big-endian, with at least so many bytes.
std::string Number(EVP_PKEY* key, const char* name, size_t min_bytes) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string bytes(std::max(min_bytes, static_cast<size_t>(BN_num_bytes(number))), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  BN_free(number);
  std::string text = absl::WebSafeBase64Escape(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

absl::StatusOr<std::string> OwnAlgorithm(EVP_PKEY* key, const std::string& wanted) {
  if (EVP_PKEY_is_a(key, "RSA")) {
    if (EVP_PKEY_get_bits(key) < 2048) return absl::InvalidArgumentError("the RSA key has fewer than 2048 bits");
    return absl::StartsWith(wanted, "RS") ? wanted : "RS256";
  }
  if (EVP_PKEY_is_a(key, "EC")) {
    if (const Curve* curve = CurveOf(key)) return std::string(curve->algorithm);
    return absl::InvalidArgumentError("the key's curve is none of P-256, P-384, P-521");
  }
  return absl::InvalidArgumentError(
      "cpp-jwt cannot sign with this kind of key: it can with RSA, P-256, P-384 and P-521");
}

}  // namespace

absl::StatusOr<PrivateKey> ReadPrivateKey(std::string pem, const std::string& algorithm) {
  const EvpKey key = Parse(pem);
  if (key == nullptr) return absl::InvalidArgumentError("the key is no private key in PEM without a passphrase");
  absl::StatusOr<std::string> own = OwnAlgorithm(key.get(), algorithm);
  if (!own.ok()) return own.status();
  if (!algorithm.empty() && algorithm != *own) {
    return absl::InvalidArgumentError(absl::StrCat("the key is one for ", *own, ", not ", algorithm));
  }
  return PrivateKey{std::move(pem), *std::move(own)};
}

std::string PublicKeySet(const PrivateKey& private_key, const std::string& key_id) {
  const EvpKey key = Parse(private_key.pem);
  std::string text = R"({"keys":[{"use":"sig","alg":")" + private_key.algorithm + "\"";
  if (!key_id.empty()) {
    text += R"(,"kid":)";
    json::AppendString(key_id, &text);
  }
  if (const Curve* curve = CurveOf(key.get())) {
    absl::StrAppend(&text, R"(,"kty":"EC","crv":")", curve->name, R"(","x":")",
                    Number(key.get(), OSSL_PKEY_PARAM_EC_PUB_X, curve->coordinate_bytes), R"(","y":")",
                    Number(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, curve->coordinate_bytes), "\"");
  } else {
    absl::StrAppend(&text, R"(,"kty":"RSA","n":")", Number(key.get(), OSSL_PKEY_PARAM_RSA_N, 0), R"(","e":")",
                    Number(key.get(), OSSL_PKEY_PARAM_RSA_E, 0), "\"");
  }
  return text + "}]}";
}

}  // namespace mint
