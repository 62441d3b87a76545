#include "services/todo/list_statement.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/todo/task_columns.h"

namespace todo {
namespace {

struct SortKey {
  const char* column;
  const char* type;
};

SortKey KeyOf(v1::TaskSortBy sort_by) {
  switch (sort_by) {
    case v1::TASK_SORT_BY_UPDATED_AT:
      return {"updated_at", "timestamptz"};
    case v1::TASK_SORT_BY_DUE_DATE:
      return {"due_date", "date"};
    case v1::TASK_SORT_BY_PRIORITY:
      return {"priority", "smallint"};
    case v1::TASK_SORT_BY_TITLE:
      return {"title", "text"};
    default:
      return {"created_at", "timestamptz"};
  }
}

const char* StatusFilter(v1::TaskStatus status) {
  switch (status) {
    case v1::TASK_STATUS_PENDING:
      return " AND NOT is_completed";
    case v1::TASK_STATUS_COMPLETED:
      return " AND is_completed";
    default:
      return "";
  }
}

// The limit is part of the text, in three steps, because the planner must know that few rows are wanted: with a
// parameter it takes them for a tenth of the table and may sort all of it.
int LimitStep(int limit) { return limit <= 21 ? 21 : limit <= 51 ? 51 : kMaxListRows; }

// Builds one statement; keeps its parameters in step with the placeholders.
class Builder {
 public:
  Builder(const std::string& user_id, const TaskListQuery& query, int limit)
      : query_(query), key_(KeyOf(query.sort_by)), limit_step_(LimitStep(limit)) {
    parameters_ = {user_id, absl::StrCat(limit)};
    filter_ = absl::StrCat("user_id = $1 AND deleted_at IS NULL", StatusFilter(query.status));
    if (query.priority != v1::PRIORITY_UNSPECIFIED) {
      absl::StrAppend(&filter_, " AND priority = ", Placeholder(absl::StrCat(static_cast<int>(query.priority))),
                      "::smallint");
    }
  }

  ListPageSql Build(const std::optional<TaskListCursor>& cursor) {
    if (query_.sort_by == v1::TASK_SORT_BY_DUE_DATE) {
      AddDueDateArms(cursor);
    } else {
      AddArm(cursor ? absl::StrCat(" AND ", Behind(*cursor)) : "");
    }
    const std::string sql =
        absl::StrCat("SELECT ", kCounterColumns, ", ", TaskColumns("p"),
                     " FROM (VALUES (1)) AS one (n) LEFT JOIN todo.user_counters AS c ON c.user_id = $1 LEFT JOIN (",
                     absl::StrJoin(arms_, " UNION ALL "), ") AS p ON true ORDER BY p.", key_.column, Direction(),
                     " NULLS LAST, p.id", Direction(), " LIMIT $2::integer");
    return {Statement(sql), std::move(parameters_)};
  }

 private:
  // Tasks without a due date come last in either order, so they are a stretch of the index of their own.
  void AddDueDateArms(const std::optional<TaskListCursor>& cursor) {
    if (!cursor) {
      AddArm(" AND due_date IS NOT NULL");
      AddArm(" AND due_date IS NULL");
    } else if (cursor->sort_value) {
      AddArm(absl::StrCat(" AND due_date IS NOT NULL AND ", Behind(*cursor)));
      AddArm(" AND due_date IS NULL");
    } else {
      AddArm(absl::StrCat(" AND due_date IS NULL AND id ", Comparison(), " ", Placeholder(cursor->task_id), "::uuid"));
    }
  }

  void AddArm(const std::string& condition) {
    arms_.push_back(absl::StrCat("(SELECT * FROM todo.tasks WHERE ", filter_, condition, " ORDER BY ", key_.column,
                                 Direction(), ", id", Direction(), " LIMIT ", limit_step_, ")"));
  }

  std::string Behind(const TaskListCursor& cursor) {
    const std::string value = Placeholder(*cursor.sort_value);
    const std::string id = Placeholder(cursor.task_id);
    return absl::StrCat("(", key_.column, ", id) ", Comparison(), " (", value, "::", key_.type, ", ", id, "::uuid)");
  }

  std::string Placeholder(std::string value) {
    parameters_.emplace_back(std::move(value));
    return absl::StrCat("$", parameters_.size());
  }

  const char* Comparison() const { return query_.is_descending ? "<" : ">"; }
  const char* Direction() const { return query_.is_descending ? " DESC" : " ASC"; }

  const TaskListQuery& query_;
  const SortKey key_;
  const int limit_step_;
  std::string filter_;
  std::vector<std::string> arms_;
  Parameters parameters_;
};

}  // namespace

ListPageSql MakeListPageSql(const std::string& user_id, const TaskListQuery& query,
                            const std::optional<TaskListCursor>& cursor, int limit) {
  return Builder(user_id, query, limit).Build(cursor);
}

}  // namespace todo
