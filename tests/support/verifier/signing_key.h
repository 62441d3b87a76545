#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct evp_pkey_st;

namespace verifier::testing {

// base64url without padding, as JWS has it.
std::string EncodeBase64Url(std::string_view bytes);

// A fresh private key of one JWS algorithm, for signing what the tests need, right or wrong.
class SigningKey {
 public:
  // `algorithm` as RFC 7518 and RFC 8037 name it. `rsa_bits` is for RS* and PS*.
  explicit SigningKey(std::string algorithm, int rsa_bits = 2048);
  // The Ed25519 key of these 32 bytes (RFC 8032 section 5.1.5), where it must be the same in every run.
  static SigningKey Ed25519Of(std::string_view seed);

  const std::string& algorithm() const { return algorithm_; }

  // The public key as a JWK with these members besides its own, such as `,"kid":"a"`.
  std::string Jwk(std::string_view more_members = "") const;
  // The private key in PEM, for other libraries.
  std::string PrivatePem() const;
  // The public key as SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
  std::string PublicPem() const;
  std::string PublicDer() const;

  // The JWS signature over `message`.
  std::string Sign(std::string_view message) const;
  // The same key under the name of another algorithm, which it may not be meant for: RSA signs as any of RS* and PS*.
  SigningKey As(std::string algorithm) const { return {std::move(algorithm), key_}; }
  // What OpenSSL knows the key as, for signing as nobody should.
  evp_pkey_st* get() const { return key_.get(); }
  // A token of these two JSON texts, whatever they say.
  std::string Token(std::string_view header, std::string_view payload) const;
  // A token of this payload with the header `{"alg":ALGORITHM,"kid":KEY_ID}`.
  std::string TokenOf(std::string_view payload, std::string_view key_id) const;

 private:
  SigningKey(std::string algorithm, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(std::move(algorithm)), key_(std::move(key)) {}

  std::string algorithm_;
  std::shared_ptr<evp_pkey_st> key_;
};

// A token of these two JSON texts whose signature is an HMAC with SHA-256, SHA-384 or SHA-512 (RFC 7518 section 3.2).
std::string HmacToken(std::string_view header, std::string_view payload, std::string_view secret, int hash_bits = 256);

}  // namespace verifier::testing
