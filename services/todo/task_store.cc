#include "services/todo/task_store.h"

namespace todo {

int64_t TaskCounts::Matching(const TaskListQuery& query) const {
  const auto of_priority = [&query](const ByPriority& counts) {
    switch (query.priority) {
      case v1::PRIORITY_HIGH:
        return counts.high;
      case v1::PRIORITY_MEDIUM:
        return counts.medium;
      case v1::PRIORITY_LOW:
        return counts.low;
      default:
        return counts.total();
    }
  };
  int64_t count = query.show_deleted ? trashed : 0;
  if (query.status != v1::TASK_STATUS_COMPLETED) count += of_priority(pending);
  if (query.status != v1::TASK_STATUS_PENDING) count += of_priority(completed);
  return count;
}

}  // namespace todo
