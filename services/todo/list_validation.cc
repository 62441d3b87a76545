// What a ListTasks request means.
#include <algorithm>

#include "services/todo/task_validation.h"
#include "services/todo/unicode_text.h"

namespace todo {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 200;
constexpr size_t kMaxSearch = 255;

bool IsDescendingByDefault(v1::TaskSortBy sort_by) {
  return sort_by == v1::TASK_SORT_BY_CREATED_AT || sort_by == v1::TASK_SORT_BY_UPDATED_AT;
}

std::string CheckSearch(const std::string& search, FieldViolations& violations) {
  if (CountCharacters(search) > kMaxSearch) violations.Add("search", "must not be longer than 255 characters");
  if (search.find('\0') != std::string::npos) violations.Add("search", "must not hold NUL");
  return search;
}

void ReadOrder(const v1::ListTasksRequest& request, TaskListQuery& query, FieldViolations& violations) {
  if (!v1::TaskSortBy_IsValid(request.sort_by())) {
    violations.Add("sort_by", "must be created_at, updated_at, due_date, priority, title or position");
  }
  if (!v1::SortOrder_IsValid(request.sort_order())) violations.Add("sort_order", "must be asc or desc");
  if (request.sort_by() != v1::TASK_SORT_BY_UNSPECIFIED) query.sort_by = request.sort_by();
  query.is_descending = request.sort_order() == v1::SORT_ORDER_UNSPECIFIED
                            ? IsDescendingByDefault(query.sort_by)
                            : request.sort_order() == v1::SORT_ORDER_DESC;
}

void ReadFilters(const v1::ListTasksRequest& request, TaskListQuery& query, FieldViolations& violations) {
  if (!v1::TaskStatus_IsValid(request.status())) violations.Add("status", "must be pending or completed");
  query.status = request.status();
  query.priority = CheckPriority(request.priority(), violations);
  query.tags = CheckTags(request.tags(), violations);
  std::sort(query.tags.begin(), query.tags.end());
  if (!request.list_id().empty()) query.list_id = CheckUuid(request.list_id(), "list_id", violations);
  query.search = CheckSearch(request.search(), violations);
  if (!request.due_before().empty()) query.due_before = CheckDay(request.due_before(), "due_before", violations);
  if (!request.due_after().empty()) query.due_after = CheckDay(request.due_after(), "due_after", violations);
  if (!request.time_zone().empty()) query.time_zone = CheckTimeZone(request.time_zone(), violations);
  query.show_deleted = request.show_deleted();
}

}  // namespace

absl::StatusOr<TaskListing> ValidateList(const v1::ListTasksRequest& request) {
  FieldViolations violations;
  CheckUserId(request.user_id(), violations);
  TaskListing list;
  ReadFilters(request, list.query, violations);
  ReadOrder(request, list.query, violations);
  if (request.page_size() < 0) violations.Add("page_size", "must not be negative");
  list.page_size = request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  return list;
}

}  // namespace todo
