#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "todo/v1/task.pb.h"

namespace todo {

// The content of a task to be created; valid. A value.
struct NewTask {
  std::string title;
  std::optional<std::string> description;
  bool is_completed = false;
  v1::Priority priority = v1::PRIORITY_MEDIUM;
  // `YYYY-MM-DD`.
  std::optional<std::string> due_date;
};

// What must hold of the stored task for a change to be made. What is unset may be anything. A value.
struct TaskExpectation {
  std::optional<std::string> etag;
  std::optional<absl::Time> created_at;
  std::optional<absl::Time> updated_at;
  // Set but empty: the task must be pending.
  std::optional<std::optional<absl::Time>> completed_at;
};

// A change of a task; valid. What is unset stays as it is. A value.
struct TaskChange {
  std::optional<std::string> title;
  // Set but empty: cleared.
  std::optional<std::optional<std::string>> description;
  std::optional<bool> is_completed;
  // Turns a pending task into a completed one and the other way round; `is_completed` is unset then.
  bool toggles_completion = false;
  std::optional<v1::Priority> priority;
  // Set but empty: cleared.
  std::optional<std::optional<std::string>> due_date;
  TaskExpectation expected;
};

// OK where `task` is as expected. ABORTED where its etag is another one; otherwise INVALID_ARGUMENT with a violation
// for each output-only field that differs.
absl::Status CheckExpectation(const TaskExpectation& expected, const v1::Task& task);

}  // namespace todo
