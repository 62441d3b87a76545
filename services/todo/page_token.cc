#include "services/todo/page_token.h"

#include "absl/strings/str_cat.h"
#include "common/grpc/error.h"

namespace todo {
namespace {

constexpr size_t kIdSize = 36;

// Each text has its length before it, so that no two queries give the same bytes.
std::string ContextOf(const TaskListQuery& query) {
  std::string context = absl::StrCat("page ", static_cast<int>(query.status), ",", static_cast<int>(query.priority),
                                     ",", static_cast<int>(query.sort_by), ",", query.is_descending ? 1 : 0, ",",
                                     query.show_deleted ? 1 : 0, ",", query.tags.size());
  const auto add = [&context](const std::string& text) { absl::StrAppend(&context, ",", text.size(), ":", text); };
  for (const std::string& tag : query.tags) add(tag);
  for (const std::string* text :
       {&query.list_id, &query.search, &query.due_before, &query.due_after, &query.time_zone}) {
    add(*text);
  }
  return context;
}

}  // namespace

std::string EncodePageToken(const TokenKey& key, std::string_view user_id, const TaskListQuery& query,
                            const TaskListCursor& cursor) {
  return Seal(key, user_id, ContextOf(query),
              absl::StrCat(cursor.sort_value ? "1" : "0", cursor.task_id, cursor.sort_value.value_or("")));
}

absl::StatusOr<TaskListCursor> DecodePageToken(const TokenKey& key, std::string_view user_id,
                                               const TaskListQuery& query, std::string_view token) {
  const std::optional<std::string> content = Unseal(key, user_id, ContextOf(query), token);
  if (!content || content->size() < 1 + kIdSize) {
    return common::InvalidFields(
        {{"page_token", "is not the next_page_token of a page of this query: start again without it"}});
  }
  TaskListCursor cursor;
  cursor.task_id = content->substr(1, kIdSize);
  if (content->front() == '1') cursor.sort_value = content->substr(1 + kIdSize);
  return cursor;
}

}  // namespace todo
