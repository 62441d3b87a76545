#include "services/todo/sealed_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace todo {
namespace {

constexpr char kVersion = 2;
constexpr size_t kNonceSize = 12;
constexpr size_t kTagSize = 16;
constexpr size_t kOverhead = 1 + kNonceSize + kTagSize;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
uint8_t* Bytes(std::string& text) { return reinterpret_cast<uint8_t*>(text.data()); }

// A key a user keeps the number of random nonces under one key far from where two may be the same.
TokenKey UserKey(const TokenKey& key, std::string_view user_id) {
  const std::string message = absl::StrCat("todo.v1 token key ", View(user_id));
  TokenKey user_key;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(message), message.size(), user_key.data(),
       nullptr);
  return user_key;
}

CipherContext NewContext() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }

}  // namespace

std::string Seal(const TokenKey& key, std::string_view user_id, std::string_view context, std::string_view content) {
  const TokenKey user_key = UserKey(key, user_id);
  std::string token(kOverhead + content.size(), kVersion);
  uint8_t* const nonce = Bytes(token) + 1;
  uint8_t* const ciphertext = nonce + kNonceSize;
  const CipherContext cipher = NewContext();
  int length = 0;
  // None of these fails with sound arguments and memory; without randomness there is no going on.
  const bool is_sealed =
      RAND_bytes(nonce, kNonceSize) == 1 &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, user_key.data(), nonce) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), ciphertext, &length, Bytes(content), static_cast<int>(content.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), ciphertext + content.size(), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, ciphertext + content.size()) == 1;
  if (!is_sealed) std::abort();
  return absl::WebSafeBase64Escape(token);
}

std::optional<std::string> Unseal(const TokenKey& key, std::string_view user_id, std::string_view context,
                                  std::string_view token) {
  std::string bytes;
  // Only the canonical spelling counts: base64 has others for the same bytes.
  const bool is_canonical =
      absl::WebSafeBase64Unescape(View(token), &bytes) && absl::WebSafeBase64Escape(bytes) == View(token);
  if (!is_canonical || bytes.size() < kOverhead || bytes[0] != kVersion) return std::nullopt;
  const TokenKey user_key = UserKey(key, user_id);
  std::string content(bytes.size() - kOverhead, '\0');
  const uint8_t* const nonce = Bytes(std::string_view(bytes)) + 1;
  const uint8_t* const ciphertext = nonce + kNonceSize;
  uint8_t* const tag = Bytes(bytes) + bytes.size() - kTagSize;
  const CipherContext cipher = NewContext();
  int length = 0;
  const bool is_genuine =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, user_key.data(), nonce) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Bytes(content), &length, ciphertext, static_cast<int>(content.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), Bytes(content) + content.size(), &length) == 1;
  if (!is_genuine) return std::nullopt;
  return content;
}

}  // namespace todo
