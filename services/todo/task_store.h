#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/todo/deadline.h"
#include "services/todo/page_token.h"
#include "services/todo/task_change.h"
#include "services/todo/task_list_query.h"
#include "todo/v1/task.pb.h"

namespace todo {

// How many tasks a user has, those in the trash not counted.
struct TaskCounts {
  struct ByPriority {
    int64_t high = 0;
    int64_t medium = 0;
    int64_t low = 0;
    int64_t total() const { return high + medium + low; }
  };

  ByPriority pending;
  ByPriority completed;

  // How many match the filters of `query`.
  int64_t Matching(const TaskListQuery& query) const;
};

// Some tasks of a list, in order.
struct TaskPage {
  google::protobuf::RepeatedPtrField<v1::Task> tasks;
  // Whether there are more behind the last one.
  bool has_more = false;
  // Of all the user's tasks, at the same instant.
  TaskCounts counts;
};

// Keeps users' tasks. `user_id` is always the caller's own: no method sees or touches another user's task. Requests are
// valid already. Thread-safe; blocks until `deadline` at most.
//
// Errors of every method: UNAVAILABLE where nothing was written; DEADLINE_EXCEEDED where a write may have happened.
// Methods that name a task: NOT_FOUND where the user has no such task outside the trash.
class TaskStore {
 public:
  virtual ~TaskStore() = default;

  virtual absl::StatusOr<v1::Task> Create(const std::string& user_id, const NewTask& task, Deadline deadline) = 0;
  virtual absl::StatusOr<v1::Task> Get(const std::string& user_id, const std::string& task_id, Deadline deadline) = 0;
  // At most `page_size` tasks, fewer where they would take more than 1 MiB. `cursor` unset begins at the first.
  virtual absl::StatusOr<TaskPage> List(const std::string& user_id, const TaskListQuery& query,
                                        const std::optional<TaskListCursor>& cursor, int page_size,
                                        Deadline deadline) = 0;
  // Changes a task where it is as `change` expects, at one instant: ABORTED or INVALID_ARGUMENT where it is not, as
  // CheckExpectation() says. A change that changes nothing leaves etag and updated_at as they are.
  virtual absl::StatusOr<v1::Task> Change(const std::string& user_id, const std::string& task_id,
                                          const TaskChange& change, Deadline deadline) = 0;
  // Moves a task to the trash.
  virtual absl::Status Delete(const std::string& user_id, const std::string& task_id, Deadline deadline) = 0;

  // How many tasks there are, and how many of the pending ones were due before `today` (`YYYY-MM-DD`).
  struct Metrics {
    TaskCounts counts;
    int64_t overdue = 0;
  };
  virtual absl::StatusOr<Metrics> GetMetrics(const std::string& user_id, const std::string& today,
                                             Deadline deadline) = 0;

  // The key that page tokens of these tasks are authenticated with.
  virtual absl::StatusOr<PageTokenKey> GetPageTokenKey(Deadline deadline) = 0;
};

}  // namespace todo
