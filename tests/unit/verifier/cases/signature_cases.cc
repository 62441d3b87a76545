// The signature (RFC 7515 section 5.2, RFC 7518 section 3, RFC 8037 section 3.1): every form that is nearly right.
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kBad = auth::v1::REJECTION_REASON_BAD_SIGNATURE;
constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;

void Require(bool condition) {
  if (!condition) std::abort();
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* Bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string InputOf(const std::string& algorithm) {
  return absl::StrCat(EncodeBase64Url(absl::StrCat(R"({"alg":")", algorithm, R"(","kid":")", algorithm, R"("})")), ".",
                      EncodeBase64Url(GoodPayload()));
}

// A token of the algorithm whose signature is what `make` makes of its input.
using SignatureMaker = std::function<std::string(const SigningKey& key, const std::string& input)>;
TokenCase Signed(const std::string& algorithm, const std::string& name, Reason reason, const SignatureMaker& make) {
  return {algorithm + name,
          reason,
          [=] {
            const std::string input = InputOf(algorithm);
            return absl::StrCat(input, ".", EncodeBase64Url(make(ExampleKey(algorithm), input)));
          },
          {algorithm}};
}

std::string Flipped(const std::string& bytes, size_t at, int bits) {
  return bytes.substr(0, at) + static_cast<char>(bytes[at] ^ bits) + bytes.substr(at + 1);
}

// What goes for every algorithm.
void AddChanges(const std::string& algorithm, std::vector<TokenCase>* cases) {
  const auto add = [&](const char* name, Reason reason, std::function<std::string(std::string)> change) {
    cases->push_back(Signed(algorithm, name, reason, [change](const SigningKey& key, const std::string& input) {
      return change(key.Sign(input));
    }));
  };
  add("Empty", kMalformed, [](const std::string&) { return ""; });
  add("OneByte", kBad, [](const std::string&) { return "s"; });
  add("CutShortByOneByte", kBad, [](const std::string& s) { return s.substr(0, s.size() - 1); });
  add("WithoutItsFirstByte", kBad, [](const std::string& s) { return s.substr(1); });
  add("WithAByteBehind", kBad, [](const std::string& s) { return s + std::string(1, '\0'); });
  add("WithAByteInFront", kBad, [](const std::string& s) { return std::string(1, '\0') + s; });
  add("Twice", kBad, [](const std::string& s) { return s + s; });
  add("OnlyHalf", kBad, [](const std::string& s) { return s.substr(0, s.size() / 2); });
  add("AllZero", kBad, [](const std::string& s) { return std::string(s.size(), '\0'); });
  add("AllOnes", kBad, [](const std::string& s) { return std::string(s.size(), '\xff'); });
  add("FirstBitChanged", kBad, [](const std::string& s) { return Flipped(s, 0, 0x80); });
  add("LastBitChanged", kBad, [](const std::string& s) { return Flipped(s, s.size() - 1, 1); });
  cases->push_back(Signed(algorithm, "OfAnotherToken", kBad,
                          [](const SigningKey& key, const std::string& input) { return key.Sign(input + "A"); }));
  cases->push_back(Signed(algorithm, "OfTheDecodedText", kBad, [](const SigningKey& key, const std::string&) {
    return key.Sign(absl::StrCat(GoodHeader(), ".", GoodPayload()));
  }));
  cases->push_back(Signed(algorithm, "OfThePayloadAlone", kBad, [](const SigningKey& key, const std::string& input) {
    return key.Sign(input.substr(input.find('.') + 1));
  }));
  cases->push_back(Signed(algorithm, "OfAnotherKey", kBad, [algorithm](const SigningKey&, const std::string& input) {
    return SigningKey(algorithm).Sign(input);
  }));
}

// An ECDSA signature as two numbers, to be changed.
struct Pair {
  BIGNUM* r = BN_new();
  BIGNUM* s = BN_new();
  BIGNUM* order = BN_new();
  size_t bytes = 0;

  Pair(const std::string& algorithm, const std::string& raw) : bytes(raw.size() / 2) {
    const int curve = algorithm == "ES256"   ? NID_X9_62_prime256v1
                      : algorithm == "ES384" ? NID_secp384r1
                                             : NID_secp521r1;
    EC_GROUP* group = EC_GROUP_new_by_curve_name(curve);
    Require(EC_GROUP_get_order(group, order, nullptr) == 1);
    EC_GROUP_free(group);
    BN_bin2bn(Bytes(raw), static_cast<int>(bytes), r);
    BN_bin2bn(Bytes(raw) + bytes, static_cast<int>(bytes), s);
  }
  ~Pair() {
    BN_free(r);
    BN_free(s);
    BN_free(order);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  std::string Raw() const {
    std::string raw(2 * bytes, '\0');
    Require(BN_bn2binpad(r, Bytes(raw), static_cast<int>(bytes)) >= 0);
    Require(BN_bn2binpad(s, Bytes(raw) + bytes, static_cast<int>(bytes)) >= 0);
    return raw;
  }
};

std::string Der(const std::string& raw) {
  const auto half = static_cast<int>(raw.size() / 2);
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(Bytes(raw), half, nullptr), BN_bin2bn(Bytes(raw) + half, half, nullptr));
  unsigned char* bytes = nullptr;
  const int length = i2d_ECDSA_SIG(pair, &bytes);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(length));
  OPENSSL_free(bytes);
  ECDSA_SIG_free(pair);
  return der;
}

void AddEcdsa(const std::string& algorithm, std::vector<TokenCase>* cases) {
  const auto add = [&](const char* name, Reason reason, std::function<void(Pair&)> change) {
    cases->push_back(Signed(algorithm, name, reason, [=](const SigningKey& key, const std::string& input) {
      Pair pair(algorithm, key.Sign(input));
      change(pair);
      return pair.Raw();
    }));
  };
  // ECDSA has two signatures for each; JWS forbids neither, and a token is not known by its signature.
  add("WithTheOtherS", kGood, [](Pair& pair) { BN_sub(pair.s, pair.order, pair.s); });
  add("RZero", kBad, [](Pair& pair) { BN_zero(pair.r); });
  add("SZero", kBad, [](Pair& pair) { BN_zero(pair.s); });
  add("ROne", kBad, [](Pair& pair) { BN_one(pair.r); });
  add("ROfTheOrder", kBad, [](Pair& pair) { BN_copy(pair.r, pair.order); });
  add("SOfTheOrder", kBad, [](Pair& pair) { BN_copy(pair.s, pair.order); });
  add("RAndSExchanged", kBad, [](Pair& pair) { BN_swap(pair.r, pair.s); });
  add("RAndSOne", kBad, [](Pair& pair) {
    BN_one(pair.r);
    BN_one(pair.s);
  });
  // The same numbers, each a byte longer: only the length tells it from the one form that JWS has.
  cases->push_back(
      Signed(algorithm, "WithAZeroBeforeEachHalf", kBad, [](const SigningKey& key, const std::string& input) {
        const std::string raw = key.Sign(input);
        const std::string zero(1, '\0');
        return zero + raw.substr(0, raw.size() / 2) + zero + raw.substr(raw.size() / 2);
      }));
  cases->push_back(Signed(algorithm, "InDer", kBad,
                          [](const SigningKey& key, const std::string& input) { return Der(key.Sign(input)); }));
}

// S + L: the same modulo the order, and so the same signature to a verifier that does not ask (RFC 8032 section 5.1.7).
std::string WithLargeS(std::string signature) {
  static constexpr unsigned char kOrder[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                               0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                               0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  int carry = 0;
  for (int i = 0; i < 32; ++i) {
    const int sum = static_cast<unsigned char>(signature[32 + i]) + kOrder[i] + carry;
    signature[32 + i] = static_cast<char>(sum);
    carry = sum >> 8;
  }
  return signature;
}

void AddEd25519(std::vector<TokenCase>* cases) {
  const auto add = [&](const char* name, std::function<std::string(std::string)> change) {
    cases->push_back(Signed("EdDSA", name, kBad, [change](const SigningKey& key, const std::string& input) {
      return change(key.Sign(input));
    }));
  };
  add("WithSBeyondTheOrder", WithLargeS);
  add("WithSZero", [](const std::string& s) { return s.substr(0, 32) + std::string(32, '\0'); });
  add("WithTheNeutralPoint", [](const std::string&) { return "\x01" + std::string(63, '\0'); });
  add("HalvesExchanged", [](const std::string& s) { return s.substr(32) + s.substr(0, 32); });
  add("WithTheSignOfTheOtherPoint", [](const std::string& s) { return Flipped(s, 31, 0x80); });
}

// Signs with the RSA key as the arguments say.
std::string SignRsa(const SigningKey& key, const std::string& input, const EVP_MD* hash, int padding, int salt_length,
                    const EVP_MD* mask_hash) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  Require(EVP_DigestSignInit(context, &options, hash, nullptr, key.get()) == 1);
  Require(EVP_PKEY_CTX_set_rsa_padding(options, padding) == 1);
  if (padding == RSA_PKCS1_PSS_PADDING) {
    Require(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt_length) == 1);
    Require(EVP_PKEY_CTX_set_rsa_mgf1_md(options, mask_hash) == 1);
  }
  size_t length = 0;
  Require(EVP_DigestSign(context, nullptr, &length, Bytes(input), input.size()) == 1);
  std::string signature(length, '\0');
  Require(EVP_DigestSign(context, Bytes(signature), &length, Bytes(input), input.size()) == 1);
  EVP_MD_CTX_free(context);
  return signature;
}

// The private operation on a block that is as long as the modulus.
std::string SignBlock(const SigningKey& key, const std::string& block) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key.get(), nullptr);
  Require(EVP_PKEY_sign_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1);
  std::string signature(block.size(), '\0');
  size_t length = signature.size();
  Require(EVP_PKEY_sign(context, Bytes(signature), &length, Bytes(block), block.size()) == 1);
  EVP_PKEY_CTX_free(context);
  return signature;
}

std::string Sha256(const std::string& text) {
  std::string hash(32, '\0');
  Require(EVP_Digest(text.data(), text.size(), Bytes(hash), nullptr, EVP_sha256(), nullptr) == 1);
  return hash;
}

// PKCS #1 v1.5 (RFC 8017 section 9.2) as an implementation reads it that does not look at each byte.
std::string SloppyBlock(const std::string& input, size_t padding, const std::string& behind) {
  static const std::string kPrefix("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 19);
  std::string block = std::string("\x00\x01", 2) + std::string(padding, '\xff') + std::string(1, '\0') + kPrefix +
                      Sha256(input) + behind;
  block.resize(256, '\0');
  return block;
}

// The signature as a number with the modulus added, where that fits.
std::string WithModulusAdded(const SigningKey& key, const std::string& signature) {
  BIGNUM* modulus = nullptr;
  Require(EVP_PKEY_get_bn_param(key.get(), "n", &modulus) == 1);
  BIGNUM* number = BN_bin2bn(Bytes(signature), static_cast<int>(signature.size()), nullptr);
  BN_add(number, number, modulus);
  const auto length = static_cast<size_t>(BN_num_bytes(number));
  std::string sum(std::max(length, signature.size()), '\0');
  BN_bn2binpad(number, Bytes(sum), static_cast<int>(sum.size()));
  BN_free(number);
  BN_free(modulus);
  return sum;
}

void AddRsa(std::vector<TokenCase>* cases) {
  const auto add = [&](const char* algorithm, const char* name, const EVP_MD* hash, int padding, int salt_length = 0,
                       const EVP_MD* mask_hash = EVP_sha256()) {
    cases->push_back(Signed(algorithm, name, kBad, [=](const SigningKey& key, const std::string& input) {
      return SignRsa(key, input, hash, padding, salt_length, mask_hash);
    }));
  };
  add("RS256", "WithSha1", EVP_sha1(), RSA_PKCS1_PADDING);
  add("RS256", "WithSha384", EVP_sha384(), RSA_PKCS1_PADDING);
  add("RS256", "WithSha512", EVP_sha512(), RSA_PKCS1_PADDING);
  add("RS256", "PaddedAsPss", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 32);
  add("RS384", "WithSha256", EVP_sha256(), RSA_PKCS1_PADDING);
  add("RS512", "WithSha256", EVP_sha256(), RSA_PKCS1_PADDING);
  add("PS256", "PaddedAsPkcs1", EVP_sha256(), RSA_PKCS1_PADDING);
  add("PS256", "WithoutSalt", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 0);
  add("PS256", "WithAShortSalt", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 20);
  add("PS256", "WithALongSalt", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 48);
  add("PS256", "MaskedWithSha1", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 32, EVP_sha1());
  add("PS256", "MaskedWithSha512", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 32, EVP_sha512());
  add("PS384", "WithSha256", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 32);
  add("PS512", "WithSha256", EVP_sha256(), RSA_PKCS1_PSS_PADDING, 32);

  const auto block = [&](const char* name, Reason reason, size_t padding, const std::string& behind) {
    cases->push_back(Signed("RS256", name, reason, [=](const SigningKey& key, const std::string& input) {
      return SignBlock(key, SloppyBlock(input, padding, behind));
    }));
  };
  block("OfAWholeBlock", kGood, 202, "");
  block("WithShortPaddingAndZerosBehind", kBad, 8, "");
  block("WithShortPaddingAndGarbageBehind", kBad, 8, std::string(194, '\x5a'));
  block("WithoutPadding", kBad, 0, "");
  cases->push_back(Signed("RS256", "OfTheBareHash", kBad, [](const SigningKey& key, const std::string& input) {
    const std::string hash = Sha256(input);
    return SignBlock(key, std::string(256 - hash.size(), '\0') + hash);
  }));
  cases->push_back(Signed("RS256", "NumberOne", kBad,
                          [](const SigningKey&, const std::string&) { return std::string(255, '\0') + "\x01"; }));
  cases->push_back(Signed("RS256", "WithTheModulusAdded", kBad, [](const SigningKey& key, const std::string& input) {
    return WithModulusAdded(key, key.Sign(input));
  }));
}

}  // namespace

std::vector<TokenCase> SignatureCases() {
  std::vector<TokenCase> cases;
  for (const char* algorithm : {"EdDSA", "ES256", "ES384", "ES512", "RS256", "PS256"}) AddChanges(algorithm, &cases);
  for (const char* algorithm : {"ES256", "ES384", "ES512"}) AddEcdsa(algorithm, &cases);
  AddEd25519(&cases);
  AddRsa(&cases);
  return cases;
}

}  // namespace verifier::testing
