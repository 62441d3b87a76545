#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/todo/batch_validation.h"
#include "services/todo/deadline.h"
#include "services/todo/task_change.h"
#include "services/todo/task_list_query.h"
#include "services/todo/task_validation.h"
#include "todo/v1/task.pb.h"

namespace todo {

// How many tasks a user has.
struct TaskCounts {
  struct ByPriority {
    int64_t high = 0;
    int64_t medium = 0;
    int64_t low = 0;
    int64_t total() const { return high + medium + low; }
  };

  // Outside the trash.
  ByPriority pending;
  ByPriority completed;
  int64_t trashed = 0;

  // How many match a query of which is_counted() is true.
  int64_t Matching(const TaskListQuery& query) const;
  int64_t total() const { return pending.total() + completed.total(); }
};

using Tasks = google::protobuf::RepeatedPtrField<v1::Task>;

// Some tasks of a list, in order.
struct TaskPage {
  Tasks tasks;
  // Where the next page begins; unset where there is none.
  std::optional<TaskListCursor> next;
  // How many tasks match on all pages together.
  int64_t count = 0;
  // Where it is not, there are at least `count`.
  bool is_count_exact = false;
};

// Keeps users' tasks. `user_id` is always the caller's own: no method sees or touches another user's task. Requests are
// valid already. Thread-safe; blocks until `deadline` at most.
//
// Errors of every method: UNAVAILABLE where nothing was written; DEADLINE_EXCEEDED where a write may have happened.
// Methods that name a task: NOT_FOUND where the user has no such task outside the trash. Writes: INVALID_ARGUMENT where
// a list that is named is not there, or an idempotency key came with another content before.
class TaskStore {
 public:
  virtual ~TaskStore() = default;

  // All or none, in order.
  virtual absl::StatusOr<Tasks> Create(const std::string& user_id, const CreateTasks& create, Deadline deadline) = 0;
  // How many tasks and lists there were created: all or none.
  struct Imported {
    int tasks = 0;
    int lists = 0;
  };
  virtual absl::StatusOr<Imported> Import(const std::string& user_id, const ImportTasks& import, Deadline deadline) = 0;
  virtual absl::StatusOr<v1::Task> Get(const std::string& user_id, const std::string& task_id, Deadline deadline) = 0;
  // At most `page_size` tasks, fewer where they would take more than 1 MiB. `cursor` unset begins at the first.
  virtual absl::StatusOr<TaskPage> List(const std::string& user_id, const TaskListQuery& query,
                                        const std::optional<TaskListCursor>& cursor, int page_size,
                                        Deadline deadline) = 0;
  // Changes tasks where all are as expected, at one instant, in order: ABORTED or INVALID_ARGUMENT where one is not, as
  // CheckExpectation() says. A change that changes nothing leaves etag and updated_at as they are.
  virtual absl::StatusOr<Tasks> Change(const std::string& user_id, const ChangeTasks& change, Deadline deadline) = 0;

  // How many tasks there are, and how many of the pending ones are too late at `now` for who is in `time_zone`.
  struct Metrics {
    TaskCounts counts;
    int64_t overdue = 0;
  };
  virtual absl::StatusOr<Metrics> GetMetrics(const std::string& user_id, absl::Time now, const std::string& time_zone,
                                             Deadline deadline) = 0;
  // Tasks outside the trash by id, behind `after` where that is not empty: at most `page_size` and 1 MiB.
  struct Export {
    Tasks tasks;
    bool has_more = false;
  };
  virtual absl::StatusOr<Export> ExportPage(const std::string& user_id, const std::string& after, int page_size,
                                            Deadline deadline) = 0;

  // The tags in use.
  virtual absl::StatusOr<google::protobuf::RepeatedPtrField<v1::Tag>> ListTags(const std::string& user_id,
                                                                               Deadline deadline) = 0;
  // NOT_FOUND where no task has it.
  virtual absl::StatusOr<v1::Tag> GetTag(const std::string& user_id, const std::string& tag, Deadline deadline) = 0;
  // Takes a tag off all tasks. NOT_FOUND where none outside the trash has it. What was done by the deadline stays.
  virtual absl::Status DeleteTag(const std::string& user_id, const std::string& tag, Deadline deadline) = 0;

  // Removes everything that the user has. What was done by the deadline stays.
  virtual absl::Status Forget(const std::string& user_id, Deadline deadline) = 0;
};

}  // namespace todo
