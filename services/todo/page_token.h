#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/todo/sealed_token.h"
#include "services/todo/task_list_query.h"

namespace todo {

// A page token says where a page begins, sealed: it works only for the user and the query that it was made for, nobody
// but us can make one, and nobody sees the title in it.
std::string EncodePageToken(const TokenKey& key, std::string_view user_id, const TaskListQuery& query,
                            const TaskListCursor& cursor);

// Fails with INVALID_ARGUMENT, a violation of `page_token`, for anything but a token that EncodePageToken() made with
// the same key, user and query.
absl::StatusOr<TaskListCursor> DecodePageToken(const TokenKey& key, std::string_view user_id,
                                               const TaskListQuery& query, std::string_view token);

}  // namespace todo
