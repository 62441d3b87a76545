#pragma once

#include <optional>
#include <string>
#include <vector>

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
  // `HH:MM`.
  std::optional<std::string> due_time;
  std::optional<std::string> time_zone;
  // No tag twice.
  std::vector<std::string> tags;
  // A UUID in lower case.
  std::optional<std::string> list_id;
  // Unset: behind all others.
  std::optional<std::string> position;
  // Of a task that is imported; unset: now.
  std::optional<absl::Time> created_at;
  std::optional<absl::Time> completed_at;
};

// What must hold of the stored task for a change to be made. What is unset may be anything. A value.
struct TaskExpectation {
  // The etag that the request asks for (`If-Match`).
  std::optional<std::string> precondition;
  // The etag of the task that was sent.
  std::optional<std::string> etag;
  std::optional<absl::Time> created_at;
  std::optional<absl::Time> updated_at;
  // Set but empty: the task must be pending.
  std::optional<std::optional<absl::Time>> completed_at;
};

// What is done with a task.
enum class TaskOperation { kUpdate, kToggle, kDelete, kUndelete };

// A change of one task; valid. What is unset stays as it is. A value.
struct TaskChange {
  // A UUID in lower case.
  std::string task_id;
  TaskOperation operation = TaskOperation::kUpdate;
  // What an update sets; where there are two layers, set but empty means cleared.
  std::optional<std::string> title;
  std::optional<std::optional<std::string>> description;
  std::optional<bool> is_completed;
  std::optional<v1::Priority> priority;
  std::optional<std::optional<std::string>> due_date;
  std::optional<std::optional<std::string>> due_time;
  std::optional<std::optional<std::string>> time_zone;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::optional<std::string>> list_id;
  std::optional<std::string> position;
  TaskExpectation expected;
};

// OK where `task` is as expected. ABORTED where its etag is another one; otherwise INVALID_ARGUMENT with a violation
// for each output-only field that differs, under `path` (such as `task.`).
absl::Status CheckExpectation(const TaskExpectation& expected, const v1::Task& task, const std::string& path);

}  // namespace todo
