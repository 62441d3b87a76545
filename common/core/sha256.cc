#include "common/core/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace common {

Sha256Digest Sha256(std::string_view data) {
  struct Deleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  // Looking the algorithm up and making a context cost more than hashing a token does.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, Deleter> context(EVP_MD_CTX_new());
  Sha256Digest digest;
  // It fails only where there is no memory, or an OpenSSL without SHA-256; a digest that is none must not be used.
  if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace common
