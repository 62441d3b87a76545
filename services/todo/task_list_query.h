#pragma once

#include <optional>
#include <string>
#include <vector>

#include "todo/v1/task.pb.h"

namespace todo {

// Which of a user's tasks to list and in which order; nothing is left open. A value.
struct TaskListQuery {
  // Unspecified gives both.
  v1::TaskStatus status = v1::TASK_STATUS_UNSPECIFIED;
  // Unspecified gives all.
  v1::Priority priority = v1::PRIORITY_UNSPECIFIED;
  // Never unspecified.
  v1::TaskSortBy sort_by = v1::TASK_SORT_BY_CREATED_AT;
  bool is_descending = true;
  // Those in the trash too.
  bool show_deleted = false;
  // All of them; in order, none twice.
  std::vector<std::string> tags = {};
  // What is empty filters nothing.
  std::string list_id = {};
  std::string search = {};
  std::string due_before = {};
  std::string due_after = {};
  // In which `due_before` and `due_after` are meant.
  std::string time_zone = "UTC";

  // Whether the counters alone tell how many tasks match.
  bool is_counted() const {
    return tags.empty() && list_id.empty() && search.empty() && due_before.empty() && due_after.empty() &&
           !(show_deleted && has_filter());
  }
  // Whether anything is filtered at all.
  bool has_filter() const {
    return status != v1::TASK_STATUS_UNSPECIFIED || priority != v1::PRIORITY_UNSPECIFIED || !tags.empty() ||
           !list_id.empty() || !search.empty() || !due_before.empty() || !due_after.empty();
  }
};

// Where a page begins: behind the task that has this sort value and this id.
struct TaskListCursor {
  // As SQL takes it; unset where the task has no due date and the list is ordered by that.
  std::optional<std::string> sort_value;
  // A UUID.
  std::string task_id;
};

// The cursor behind `task`.
TaskListCursor CursorBehind(const v1::Task& task, v1::TaskSortBy sort_by);

}  // namespace todo
