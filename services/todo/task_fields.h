#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/grpc/error.h"
#include "todo/v1/task.pb.h"

namespace todo {

// The faults of one request, so that its sender sees all of them at once.
class FieldViolations {
 public:
  void Add(std::string_view field, std::string_view description) {
    violations_.push_back({std::string(field), std::string(description)});
  }
  // OK, or INVALID_ARGUMENT with every violation.
  absl::Status ToStatus() const { return violations_.empty() ? absl::OkStatus() : common::InvalidFields(violations_); }

 private:
  std::vector<common::FieldViolation> violations_;
};

// The rules of single fields, as the protos state them. Each adds what is wrong to `violations`, under the field's
// path, and answers the value to go on with, which means nothing where a violation was added.

// The owner: 1 to 255 characters without NUL.
void CheckUserId(const std::string& user_id, FieldViolations& violations);

// A UUID; the answer is in lower case.
std::string CheckTaskId(const std::string& task_id, FieldViolations& violations);

// 1 to 255 Unicode characters after trimming, without control characters; the answer is trimmed.
std::string CheckTitle(const std::string& title, FieldViolations& violations);

// At most 2,000 Unicode characters, without NUL.
std::string CheckDescription(const std::string& description, FieldViolations& violations);

// A day that exists, `YYYY-MM-DD`, of the years 1 to 9999.
std::string CheckDueDate(const std::string& due_date, FieldViolations& violations);

// A known priority or unspecified. `field` is its path: tasks and queries have one.
v1::Priority CheckPriority(v1::Priority priority, std::string_view field, FieldViolations& violations);

}  // namespace todo
