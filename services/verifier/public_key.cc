#include "services/verifier/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/verifier/ed25519_point.h"

namespace verifier {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

BigNumber Number(std::string_view big_endian) {
  return BigNumber(BN_bin2bn(Bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

absl::Status Refused(std::string_view why) {
  return absl::InvalidArgumentError(absl::string_view(why.data(), why.size()));
}

// What is particular to an elliptic curve of RFC 7518 section 6.2.1.1.
struct Curve {
  const char* group;
  size_t coordinate_bytes;
};

Curve CurveOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256:
      return {"P-256", 32};
    case Algorithm::kEs384:
      return {"P-384", 48};
    default:
      return {"P-521", 66};
  }
}

const EVP_MD* DigestOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
    case Algorithm::kPs256:
    case Algorithm::kEs256:
      return EVP_sha256();
    case Algorithm::kRs384:
    case Algorithm::kPs384:
    case Algorithm::kEs384:
      return EVP_sha384();
    case Algorithm::kRs512:
    case Algorithm::kPs512:
    case Algorithm::kEs512:
      return EVP_sha512();
    case Algorithm::kEdDsa:
      return nullptr;  // PureEdDSA hashes inside
    case Algorithm::kHs256:
      return nullptr;  // no public key's
  }
  return nullptr;
}

bool IsPss(Algorithm algorithm) {
  return algorithm == Algorithm::kPs256 || algorithm == Algorithm::kPs384 || algorithm == Algorithm::kPs512;
}

bool IsEcdsa(Algorithm algorithm) {
  return algorithm == Algorithm::kEs256 || algorithm == Algorithm::kEs384 || algorithm == Algorithm::kEs512;
}

Key KeyFromParameters(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  Key result(key);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!check || EVP_PKEY_public_check(check.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return result;
}

// An unsigned big-endian integer as ASN.1 has it (X.690 section 8.3): as short as it can be, and not negative.
unsigned char* AppendInteger(std::string_view number, unsigned char* out) {
  while (number.size() > 1 && number.front() == '\0') number.remove_prefix(1);
  const bool needs_sign = (static_cast<unsigned char>(number.front()) & 0x80) != 0;
  *out++ = 0x02;
  *out++ = static_cast<unsigned char>(number.size() + (needs_sign ? 1 : 0));
  if (needs_sign) *out++ = 0;
  return std::copy(number.begin(), number.end(), out);
}

// Room for the longest form, which is for P-521.
using DerSignature = std::array<unsigned char, 3 + 2 * (2 + 1 + 66)>;

// JWS has r and s side by side (RFC 7518 section 3.4); OpenSSL wants them as ASN.1 (RFC 3279 section 2.2.3).
std::string_view ToDer(std::string_view signature, DerSignature& der) {
  const size_t half = signature.size() / 2;
  // The header takes two bytes, or three where the content has 128 bytes or more: it is written before what is there.
  unsigned char* const content = der.data() + 3;
  unsigned char* const end = AppendInteger(signature.substr(half), AppendInteger(signature.substr(0, half), content));
  const auto size = static_cast<unsigned char>(end - content);
  unsigned char* begin = content;
  *--begin = size;
  if (size >= 0x80) *--begin = 0x81;
  *--begin = 0x30;
  return {reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin)};
}

}  // namespace

absl::StatusOr<PublicKey> PublicKey::FromRsa(Algorithm algorithm, std::string_view modulus, std::string_view exponent) {
  constexpr size_t kMaxBytes = 8192 / 8;
  if (modulus.size() > kMaxBytes + 1 || exponent.size() > kMaxBytes) return Refused("the RSA key is too long");
  const BigNumber n = Number(modulus);
  const BigNumber e = Number(exponent);
  if (!n || !e) return absl::ResourceExhaustedError("no memory for the key");
  const int bits = BN_num_bits(n.get());
  if (bits < 2048) return Refused(absl::StrCat("the RSA modulus has ", bits, " bits; 2048 are needed"));
  if (!BN_is_odd(n.get())) return Refused("the RSA modulus is even");
  if (bits > 8192) return Refused(absl::StrCat("the RSA modulus has ", bits, " bits; at most 8192 are taken"));
  if (!BN_is_odd(e.get()) || BN_num_bits(e.get()) < 2) return Refused("the RSA exponent is even or less than 3");
  if (BN_num_bits(e.get()) > 64) return Refused("the RSA exponent has more than 64 bits");
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return absl::ResourceExhaustedError("no memory for the key");
  }
  const Key key = KeyFromParameters("RSA", builder.get());
  if (key == nullptr) return Refused("the RSA modulus and exponent make no key");
  return Create(algorithm, key.get(), static_cast<size_t>(bits + 7) / 8);
}

absl::StatusOr<PublicKey> PublicKey::FromEc(Algorithm algorithm, std::string_view x, std::string_view y) {
  const Curve curve = CurveOf(algorithm);
  if (x.size() != curve.coordinate_bytes || y.size() != curve.coordinate_bytes) {
    return Refused(absl::StrCat("a coordinate on ", curve.group, " must have ", curve.coordinate_bytes, " bytes"));
  }
  std::string point = "\x04";  // uncompressed (SEC 1 section 2.3.3)
  point.append(x).append(y);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return absl::ResourceExhaustedError("no memory for the key");
  }
  const Key key = KeyFromParameters("EC", builder.get());
  if (key == nullptr) return Refused(absl::StrCat("the point does not lie on ", curve.group));
  return Create(algorithm, key.get(), 2 * curve.coordinate_bytes);
}

absl::StatusOr<PublicKey> PublicKey::FromEd25519(std::string_view x) {
  if (x.size() != 32) return Refused("an Ed25519 key must have 32 bytes");
  // OpenSSL takes any 32 bytes and looks only when it verifies.
  if (!IsEd25519KeyPoint(x)) return Refused("the bytes are no point of edwards25519, or one of small order");
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size()));
  if (key == nullptr) return Refused("the bytes are no Ed25519 key");
  return Create(Algorithm::kEdDsa, key.get(), 64);
}

absl::StatusOr<PublicKey> PublicKey::Create(Algorithm algorithm, EVP_PKEY* key, size_t signature_bytes) {
  std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  bool ready = context && EVP_DigestVerifyInit(context.get(), &key_context, DigestOf(algorithm), nullptr, key) == 1;
  if (ready && IsPss(algorithm)) {
    // The salt is as long as the hash (RFC 7518 section 3.5).
    ready = EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  if (ready) return PublicKey(algorithm, std::move(context), signature_bytes);
  ERR_clear_error();
  return Refused("OpenSSL cannot verify with this key");
}

bool PublicKey::Verify(std::string_view message, std::string_view signature) const {
  if (signature.size() != signature_bytes_) return false;
  DerSignature der;
  if (IsEcdsa(algorithm_)) signature = ToDer(signature, der);
  const DigestContext context(EVP_MD_CTX_new());
  const bool good =
      context && EVP_MD_CTX_copy_ex(context.get(), ready_.get()) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace verifier
