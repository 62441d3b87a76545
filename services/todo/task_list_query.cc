#include "services/todo/task_list_query.h"

#include "absl/strings/str_cat.h"
#include "services/todo/timestamps.h"

namespace todo {
namespace {

std::optional<std::string> SortValue(const v1::Task& task, v1::TaskSortBy sort_by) {
  switch (sort_by) {
    case v1::TASK_SORT_BY_UPDATED_AT:
      // The number of the change, which is in the same order and never equal.
      return task.etag();
    case v1::TASK_SORT_BY_DUE_DATE:
      return task.has_due_date() ? std::optional<std::string>(task.due_date()) : std::nullopt;
    case v1::TASK_SORT_BY_PRIORITY:
      return absl::StrCat(static_cast<int>(task.priority()));
    case v1::TASK_SORT_BY_TITLE:
      return task.title();
    case v1::TASK_SORT_BY_POSITION:
      return task.position();
    default:
      return ToSql(FromProto(task.created_at()));
  }
}

}  // namespace

TaskListCursor CursorBehind(const v1::Task& task, v1::TaskSortBy sort_by) {
  return {SortValue(task, sort_by), task.id()};
}

}  // namespace todo
