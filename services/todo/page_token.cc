#include "services/todo/page_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/grpc/error.h"

namespace todo {
namespace {

constexpr char kVersion = 1;
constexpr size_t kTagSize = 32;
constexpr size_t kIdSize = 36;
constexpr size_t kHeaderSize = 1 + kTagSize;
constexpr size_t kMinSize = kHeaderSize + 1 + kIdSize;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Payload(const TaskListCursor& cursor) {
  return absl::StrCat(cursor.sort_value ? "1" : "0", cursor.task_id, cursor.sort_value.value_or(""));
}

// Each part has a fixed form or its length before it, so that no two inputs give the same bytes.
std::string Tag(const PageTokenKey& key, std::string_view user_id, const TaskListQuery& query,
                std::string_view payload) {
  const std::string authenticated =
      absl::StrCat("todo.v1 page token ", static_cast<int>(kVersion), ",", static_cast<int>(query.status), ",",
                   static_cast<int>(query.priority), ",", static_cast<int>(query.sort_by), ",",
                   query.is_descending ? 1 : 0, ",", user_id.size(), ",", View(user_id), View(payload));
  std::string tag(kTagSize, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const uint8_t*>(authenticated.data()),
       authenticated.size(), reinterpret_cast<uint8_t*>(tag.data()), nullptr);
  return tag;
}

absl::Status BadToken() {
  return common::InvalidFields(
      {{"page_token", "is not the next_page_token of a page of this query: start again without it"}});
}

}  // namespace

std::string EncodePageToken(const PageTokenKey& key, std::string_view user_id, const TaskListQuery& query,
                            const TaskListCursor& cursor) {
  const std::string payload = Payload(cursor);
  return absl::WebSafeBase64Escape(
      absl::StrCat(absl::string_view(&kVersion, 1), Tag(key, user_id, query, payload), payload));
}

absl::StatusOr<TaskListCursor> DecodePageToken(const PageTokenKey& key, std::string_view user_id,
                                               const TaskListQuery& query, std::string_view token) {
  std::string bytes;
  // Only the canonical spelling counts: base64 has others for the same bytes.
  const bool is_canonical =
      absl::WebSafeBase64Unescape(View(token), &bytes) && absl::WebSafeBase64Escape(bytes) == View(token);
  if (!is_canonical || bytes.size() < kMinSize || bytes[0] != kVersion) return BadToken();
  const std::string payload = bytes.substr(kHeaderSize);
  const std::string tag = Tag(key, user_id, query, payload);
  if (CRYPTO_memcmp(tag.data(), bytes.data() + 1, kTagSize) != 0) return BadToken();
  TaskListCursor cursor;
  cursor.task_id = payload.substr(1, kIdSize);
  if (payload[0] == '1') cursor.sort_value = payload.substr(1 + kIdSize);
  return cursor;
}

}  // namespace todo
