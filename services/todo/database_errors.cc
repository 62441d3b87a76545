#include "services/todo/database_errors.h"

namespace todo {
namespace {

size_t ClassOf(const absl::Status& failure) {
  switch (failure.code()) {
    case absl::StatusCode::kUnknown:
      return 0;
    case absl::StatusCode::kDeadlineExceeded:
      return 2;
    case absl::StatusCode::kAborted:
      return 3;
    case absl::StatusCode::kUnavailable:
      return 4;
    default:
      return 5;
  }
}

}  // namespace

void DatabaseErrors::CountFailed(const absl::Status& failure) { counts_[ClassOf(failure)].Add(); }

}  // namespace todo
