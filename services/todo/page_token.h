#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/todo/task_list_query.h"

namespace todo {

// The key that all replicas authenticate page tokens with.
using PageTokenKey = std::array<uint8_t, 32>;

// A page token is base64url (RFC 4648 section 5, no padding) of
//   version (1 byte) | HMAC-SHA256 over all the rest, the user and the query (32 bytes) | has sort value (1 byte) |
//   task id (36 bytes) | sort value
// so a token works only for the user and the query that it was made for, and nobody but us can make one.
std::string EncodePageToken(const PageTokenKey& key, std::string_view user_id, const TaskListQuery& query,
                            const TaskListCursor& cursor);

// Fails with INVALID_ARGUMENT, a violation of `page_token`, for anything but a token that EncodePageToken() made with
// the same key, user and query.
absl::StatusOr<TaskListCursor> DecodePageToken(const PageTokenKey& key, std::string_view user_id,
                                               const TaskListQuery& query, std::string_view token);

}  // namespace todo
