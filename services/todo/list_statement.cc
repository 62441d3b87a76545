#include "services/todo/list_statement.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/todo/array_literal.h"
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
      return {"revision", "bigint"};
    case v1::TASK_SORT_BY_DUE_DATE:
      return {"due_date", "date"};
    case v1::TASK_SORT_BY_PRIORITY:
      return {"priority", "smallint"};
    case v1::TASK_SORT_BY_TITLE:
      return {"title", "text"};
    case v1::TASK_SORT_BY_POSITION:
      return {"position", "text"};
    default:
      return {"created_at", "timestamptz"};
  }
}

std::vector<int> StatesOf(const TaskListQuery& query) {
  std::vector<int> states;
  for (const int in_trash : {0, 2}) {
    if (in_trash > 0 && !query.show_deleted) break;
    if (query.status != v1::TASK_STATUS_COMPLETED) states.push_back(in_trash);
    if (query.status != v1::TASK_STATUS_PENDING) states.push_back(in_trash + 1);
  }
  return states;
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
    ReadFilters();
  }

  ListPageSql Build(const std::optional<TaskListCursor>& cursor) {
    for (const int state : StatesOf(query_)) AddArms(state, cursor);
    const std::string sql =
        absl::StrCat("SELECT ", kCounterColumns, ", ", CountOfMatches(), ", p.matches, p.looked_at, ", TaskColumns("p"),
                     " FROM (VALUES (1)) AS one (n) LEFT JOIN todo.user_counters AS c ON c.user_id = $1 LEFT JOIN (",
                     filters_.empty() ? AllRows() : FilteredRows(), ") AS p ON true ORDER BY ",
                     filters_.empty() ? Order("p") : "p.looked_at", " LIMIT $2::integer");
    return {Statement(sql), std::move(parameters_)};
  }

 private:
  void ReadFilters() {
    if (query_.priority != v1::PRIORITY_UNSPECIFIED) {
      const std::string is_priority =
          absl::StrCat("priority = ", Placeholder(absl::StrCat(static_cast<int>(query_.priority))), "::smallint");
      // The index of the order is a stretch of this priority already.
      (query_.sort_by == v1::TASK_SORT_BY_PRIORITY ? index_conditions_ : filters_).push_back(is_priority);
    }
    if (!query_.list_id.empty()) {
      const std::string is_in_list = absl::StrCat("list_id = ", Placeholder(query_.list_id), "::uuid");
      (query_.sort_by == v1::TASK_SORT_BY_POSITION ? index_conditions_ : filters_).push_back(is_in_list);
    }
    if (!query_.tags.empty()) {
      filters_.push_back(absl::StrCat("tags @> ", Placeholder(ArrayLiteral(query_.tags)), "::text[]"));
    }
    if (!query_.search.empty()) AddSearch();
    if (!query_.due_before.empty()) AddDue("<", query_.due_before, "+ 2");
    if (!query_.due_after.empty()) AddDue(">", query_.due_after, "- 2");
  }

  // Letters and digits are Unicode's, whatever the database's own collation.
  void AddSearch() {
    filters_.push_back(absl::StrCat(
        "lower((title || ' ' || coalesce(description, '')) COLLATE \"und-x-icu\") ~ ALL ((SELECT coalesce(array_agg("
        "'(^|[^[:alnum:]])' || word), ARRAY['x\\A']) FROM regexp_split_to_table(lower(",
        Placeholder(query_.search),
        "::text COLLATE \"und-x-icu\"), '[^[:alnum:]]+') AS word WHERE word <> '')::text[])"));
  }

  // The day in the zone of the request; `slack` is by how much the day in the task's own zone may differ.
  void AddDue(const char* comparison, const std::string& day, const char* slack) {
    const std::string limit = absl::StrCat(Placeholder(day), "::date");
    if (time_zone_.empty()) time_zone_ = Placeholder(query_.time_zone);
    filters_.push_back(
        absl::StrCat("CASE WHEN due_time IS NOT NULL AND overdue_at IS NOT NULL THEN (overdue_at AT TIME ZONE ",
                     time_zone_, ")::date ELSE due_date END ", comparison, " ", limit));
    if (query_.sort_by == v1::TASK_SORT_BY_DUE_DATE) {
      index_conditions_.push_back(absl::StrCat("due_date ", comparison, " ", limit, " ", slack));
    }
  }

  // Tasks without a due date come last in either order, so they are a stretch of the index of their own.
  void AddArms(int state, const std::optional<TaskListCursor>& cursor) {
    if (query_.sort_by != v1::TASK_SORT_BY_DUE_DATE) {
      AddArm(state, cursor ? absl::StrCat(" AND ", Behind(*cursor)) : "");
      return;
    }
    const bool is_in_nulls = cursor && !cursor->sort_value;
    if (!is_in_nulls) {
      AddArm(state, absl::StrCat(" AND due_date IS NOT NULL", cursor ? absl::StrCat(" AND ", Behind(*cursor)) : ""));
    }
    if (!query_.due_before.empty() || !query_.due_after.empty()) return;
    AddArm(state,
           absl::StrCat(" AND due_date IS NULL",
                        is_in_nulls ? absl::StrCat(" AND id ", Comparison(), " ", CursorId(*cursor), "::uuid") : ""));
  }

  void AddArm(int state, const std::string& condition) {
    arms_.push_back(absl::StrCat("(SELECT * FROM todo.tasks WHERE user_id = $1 AND state = ", state, Conditions(),
                                 condition, " ORDER BY ", key_.column, Direction(),
                                 IsUnique() ? "" : absl::StrCat(", id", Direction()), " LIMIT ",
                                 filters_.empty() ? limit_step_ : kMaxLookedAt, ")"));
  }

  std::string Conditions() const {
    return index_conditions_.empty() ? "" : absl::StrCat(" AND ", absl::StrJoin(index_conditions_, " AND "));
  }

  std::string AllRows() const {
    return absl::StrCat("SELECT a.*, true AS matches, NULL::bigint AS looked_at FROM (",
                        absl::StrJoin(arms_, " UNION ALL "), ") AS a ORDER BY ", Order("a"), " LIMIT ", limit_step_);
  }

  std::string FilteredRows() const {
    return absl::StrCat("SELECT * FROM (SELECT w.*, coalesce(", absl::StrJoin(filters_, " AND "),
                        ", false) AS matches, row_number() OVER (ORDER BY ", Order("w"), ") AS looked_at FROM (",
                        absl::StrJoin(arms_, " UNION ALL "), ") AS w) AS f WHERE looked_at <= ", kMaxLookedAt,
                        " AND (matches OR looked_at = ", kMaxLookedAt, ") LIMIT ", limit_step_);
  }

  std::string CountOfMatches() const {
    if (query_.is_counted()) return "NULL::bigint";
    const std::string filter = filters_.empty() ? "true" : absl::StrJoin(filters_, " AND ");
    return absl::StrCat(
        "(SELECT count(*) FROM (SELECT FROM (SELECT * FROM todo.tasks WHERE user_id = $1 AND state IN (",
        absl::StrJoin(StatesOf(query_), ", "), ")", Conditions(), " LIMIT ", kMaxLookedAt, ") AS w WHERE ", filter,
        " LIMIT ", kMaxCount + 1, ") AS m)");
  }

  std::string Order(const std::string& relation) const {
    return absl::StrCat(relation, ".", key_.column, Direction(),
                        query_.sort_by == v1::TASK_SORT_BY_DUE_DATE && query_.is_descending ? " NULLS LAST" : "",
                        IsUnique() ? "" : absl::StrCat(", ", relation, ".id", Direction()));
  }

  std::string Behind(const TaskListCursor& cursor) {
    if (sort_value_.empty()) sort_value_ = Placeholder(*cursor.sort_value);
    const std::string value = absl::StrCat(sort_value_, "::", key_.type);
    if (IsUnique()) return absl::StrCat(key_.column, " ", Comparison(), " ", value);
    return absl::StrCat("(", key_.column, ", id) ", Comparison(), " (", value, ", ", CursorId(cursor), "::uuid)");
  }

  // The arms share the cursor's parameters.
  std::string CursorId(const TaskListCursor& cursor) {
    if (cursor_id_.empty()) cursor_id_ = Placeholder(cursor.task_id);
    return cursor_id_;
  }

  std::string Placeholder(std::string value) {
    parameters_.emplace_back(std::move(value));
    return absl::StrCat("$", parameters_.size());
  }

  bool IsUnique() const { return query_.sort_by == v1::TASK_SORT_BY_UPDATED_AT; }
  const char* Comparison() const { return query_.is_descending ? "<" : ">"; }
  const char* Direction() const { return query_.is_descending ? " DESC" : " ASC"; }

  const TaskListQuery& query_;
  const SortKey key_;
  const int limit_step_;
  // Conditions that the index of the order helps with, and those that it does not.
  std::vector<std::string> index_conditions_;
  std::vector<std::string> filters_;
  std::vector<std::string> arms_;
  std::string sort_value_;
  std::string cursor_id_;
  std::string time_zone_;
  Parameters parameters_;
};

}  // namespace

ListPageSql MakeListPageSql(const std::string& user_id, const TaskListQuery& query,
                            const std::optional<TaskListCursor>& cursor, int limit) {
  return Builder(user_id, query, limit).Build(cursor);
}

}  // namespace todo
