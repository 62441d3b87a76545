#include "tests/support/verifier/signing_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace verifier::testing {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void Require(bool condition) {
  if (!condition) std::abort();
}

size_t CoordinateBytes(std::string_view algorithm) {
  return algorithm == "ES256" ? 32 : algorithm == "ES384" ? 48 : 66;
}
const char* CurveName(std::string_view algorithm) {
  return algorithm == "ES256" ? "P-256" : algorithm == "ES384" ? "P-384" : "P-521";
}

bool IsEcdsa(std::string_view algorithm) { return algorithm.starts_with("ES"); }
bool IsRsa(std::string_view algorithm) { return algorithm.starts_with("RS") || algorithm.starts_with("PS"); }

const EVP_MD* Digest(std::string_view algorithm) {
  if (algorithm == "EdDSA") return nullptr;
  const std::string_view bits = algorithm.substr(2);
  return bits == "256" ? EVP_sha256() : bits == "384" ? EVP_sha384() : EVP_sha512();
}

std::string Number(EVP_PKEY* key, const char* name, size_t length) {
  BIGNUM* number = nullptr;
  Require(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(length == 0 ? static_cast<size_t>(BN_num_bytes(number)) : length, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  BN_free(number);
  return bytes;
}

std::string DerToRaw(const std::string& der, size_t coordinate_bytes) {
  const unsigned char* in = Bytes(der);
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size()));
  Require(pair != nullptr);
  std::string raw(2 * coordinate_bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, static_cast<int>(coordinate_bytes));
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + coordinate_bytes, static_cast<int>(coordinate_bytes));
  ECDSA_SIG_free(pair);
  return raw;
}

// What `write` writes.
template <typename Write>
std::string Written(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  Require(write(bio) == 1);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(length));
  BIO_free(bio);
  return text;
}

}  // namespace

std::string EncodeBase64Url(std::string_view bytes) {
  std::string text = absl::WebSafeBase64Escape(View(bytes));
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

SigningKey::SigningKey(std::string algorithm, int rsa_bits) : algorithm_(std::move(algorithm)) {
  EVP_PKEY* key = nullptr;
  if (IsRsa(algorithm_)) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(rsa_bits));
  } else if (IsEcdsa(algorithm_)) {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", CurveName(algorithm_));
  } else {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  Require(key != nullptr);
  key_.reset(key, EVP_PKEY_free);
}

SigningKey SigningKey::Ed25519Of(std::string_view seed) {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size());
  Require(key != nullptr);
  return {"EdDSA", std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free)};
}

std::string SigningKey::Jwk(std::string_view more_members) const {
  const absl::string_view more = View(more_members);
  if (IsRsa(algorithm_)) {
    return absl::StrCat(R"({"kty":"RSA","n":")", EncodeBase64Url(Number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0)),
                        R"(","e":")", EncodeBase64Url(Number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0)), "\"", more, "}");
  }
  if (IsEcdsa(algorithm_)) {
    const size_t length = CoordinateBytes(algorithm_);
    return absl::StrCat(R"({"kty":"EC","crv":")", CurveName(algorithm_), R"(","x":")",
                        EncodeBase64Url(Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, length)), R"(","y":")",
                        EncodeBase64Url(Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, length)), "\"", more, "}");
  }
  std::string x(32, '\0');
  size_t length = x.size();
  Require(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &length) == 1);
  return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", EncodeBase64Url(x), "\"", more, "}");
}

std::string SigningKey::PrivatePem() const {
  return Written(
      [this](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string SigningKey::PublicPem() const {
  return Written([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

std::string SigningKey::PublicDer() const {
  return Written([this](BIO* bio) { return i2d_PUBKEY_bio(bio, key_.get()); });
}

std::string SigningKey::Sign(std::string_view message) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* key_context = nullptr;
  Require(EVP_DigestSignInit(context, &key_context, Digest(algorithm_), nullptr, key_.get()) == 1);
  if (algorithm_.starts_with("PS")) {
    Require(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1);
    Require(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  size_t length = 0;
  Require(EVP_DigestSign(context, nullptr, &length, Bytes(message), message.size()) == 1);
  std::string signature(length, '\0');
  Require(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length, Bytes(message),
                         message.size()) == 1);
  signature.resize(length);
  EVP_MD_CTX_free(context);
  return IsEcdsa(algorithm_) ? DerToRaw(signature, CoordinateBytes(algorithm_)) : signature;
}

std::string SigningKey::Token(std::string_view header, std::string_view payload) const {
  const std::string input = absl::StrCat(EncodeBase64Url(header), ".", EncodeBase64Url(payload));
  return absl::StrCat(input, ".", EncodeBase64Url(Sign(input)));
}

std::string SigningKey::TokenOf(std::string_view payload, std::string_view key_id) const {
  return Token(absl::StrCat(R"({"alg":")", algorithm_, R"(","kid":")", View(key_id), R"("})"), payload);
}

std::string HmacToken(std::string_view header, std::string_view payload, std::string_view secret, int hash_bits) {
  const std::string input = absl::StrCat(EncodeBase64Url(header), ".", EncodeBase64Url(payload));
  const EVP_MD* const hash = hash_bits == 256 ? EVP_sha256() : hash_bits == 384 ? EVP_sha384() : EVP_sha512();
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  Require(HMAC(hash, secret.data(), static_cast<int>(secret.size()), Bytes(input), input.size(),
               reinterpret_cast<unsigned char*>(mac.data()), &length) != nullptr);
  return absl::StrCat(input, ".", EncodeBase64Url(std::string_view(mac).substr(0, length)));
}

}  // namespace verifier::testing
