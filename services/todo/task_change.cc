#include "services/todo/task_change.h"

#include <vector>

#include "common/grpc/error.h"
#include "services/todo/task_errors.h"
#include "services/todo/timestamps.h"

namespace todo {

absl::Status CheckExpectation(const TaskExpectation& expected, const v1::Task& task, const std::string& path) {
  if (expected.precondition && *expected.precondition != task.etag()) return PreconditionFailed();
  if (expected.etag && *expected.etag != task.etag()) return StaleEtag();
  std::vector<common::FieldViolation> violations;
  const auto require = [&violations, &path](bool holds, const char* field) {
    if (!holds) violations.push_back({path + field, "is output only and differs from the stored value: leave it out"});
  };
  if (expected.created_at) require(*expected.created_at == FromProto(task.created_at()), "created_at");
  if (expected.updated_at) require(*expected.updated_at == FromProto(task.updated_at()), "updated_at");
  if (expected.completed_at) {
    const std::optional<absl::Time> stored =
        task.has_completed_at() ? std::optional<absl::Time>(FromProto(task.completed_at())) : std::nullopt;
    require(*expected.completed_at == stored, "completed_at");
  }
  return violations.empty() ? absl::OkStatus() : common::InvalidFields(violations);
}

}  // namespace todo
