#include "services/verifier/shared_secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "absl/strings/str_cat.h"

namespace verifier {

absl::StatusOr<SharedSecret> SharedSecret::Create(std::string secret) {
  if (secret.size() < kMinBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", secret.size(), " characters; at least ", kMinBytes, " are needed"));
  }
  return SharedSecret(std::move(secret));
}

bool SharedSecret::Verify(std::string_view message, std::string_view signature) const {
  std::array<unsigned char, 32> expected;
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), expected.data(), &size) == nullptr) {
    return false;
  }
  return signature.size() == size && CRYPTO_memcmp(signature.data(), expected.data(), size) == 0;
}

}  // namespace verifier
