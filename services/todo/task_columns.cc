#include "services/todo/task_columns.h"

#include <cmath>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/todo/sync_token.h"
#include "services/todo/timestamps.h"

namespace todo {
namespace {

// Stands between tags, which hold no control characters.
constexpr char kTagSeparator = '\x1f';

// The columns of a row, one after the other. pqxx::row's operator[] would copy the row for each.
class Columns {
 public:
  Columns(const pqxx::row& row, int first) : column_(row.begin() + first) {}

  // NULL gives "": no column is relied on to hold what its table promises, since an answer that was kept for a repeated
  // call may be from before the column was there.
  const char* Text() {
    const char* const text = column_.c_str();
    ++column_;
    return text;
  }

  // NULL gives a null pointer.
  const char* TextOrNull() {
    const bool is_null = column_.is_null();
    const char* const text = Text();
    return is_null ? nullptr : text;
  }

 private:
  pqxx::const_row_iterator column_;
};

// Seconds since the epoch as a double hold a microsecond exactly until the year 2242.
absl::Time ReadTime(const char* text) {
  double seconds = 0;
  (void)absl::SimpleAtod(text, &seconds);
  return absl::FromUnixMicros(std::llround(seconds * 1e6));
}

void ReadTags(const char* text, v1::Task& task) {
  if (text[0] == '\0') return;
  for (absl::string_view tag : absl::StrSplit(text, kTagSeparator)) task.add_tags(tag.data(), tag.size());
}

}  // namespace

std::string TaskColumns(const std::string& source) {
  return absl::StrReplaceAll(
      "@.id, @.title, @.description, @.is_completed, @.priority, to_char(@.due_date, 'YYYY-MM-DD'), "
      "date_part('epoch', @.completed_at), date_part('epoch', @.created_at), date_part('epoch', @.updated_at), "
      "@.revision, to_char(@.due_time, 'HH24:MI'), @.time_zone, array_to_string(@.tags, chr(31)), @.list_id, "
      "@.position, date_part('epoch', @.deleted_at)",
      {{"@", source}});
}

v1::Task ReadTask(const pqxx::row& row, int first, const std::string& user_id) {
  Columns columns(row, first);
  v1::Task task;
  task.set_user_id(user_id);
  task.set_id(columns.Text());
  task.set_title(columns.Text());
  if (const char* description = columns.TextOrNull()) task.set_description(description);
  task.set_is_completed(columns.Text()[0] == 't');
  int priority = 0;
  (void)absl::SimpleAtoi(columns.Text(), &priority);
  task.set_priority(static_cast<v1::Priority>(priority));
  if (const char* due_date = columns.TextOrNull()) task.set_due_date(due_date);
  if (const char* completed_at = columns.TextOrNull()) *task.mutable_completed_at() = ToProto(ReadTime(completed_at));
  *task.mutable_created_at() = ToProto(ReadTime(columns.Text()));
  *task.mutable_updated_at() = ToProto(ReadTime(columns.Text()));
  task.set_etag(columns.Text());
  if (const char* due_time = columns.TextOrNull()) task.set_due_time(due_time);
  if (const char* time_zone = columns.TextOrNull()) task.set_time_zone(time_zone);
  ReadTags(columns.Text(), task);
  if (const char* list_id = columns.TextOrNull()) task.set_list_id(list_id);
  task.set_position(columns.Text());
  if (const char* text = columns.TextOrNull()) {
    const absl::Time deleted_at = ReadTime(text);
    *task.mutable_deleted_at() = ToProto(deleted_at);
    *task.mutable_purge_at() = ToProto(deleted_at + kChangeRetention);
  }
  return task;
}

std::string TaskListColumns(const std::string& source) {
  return absl::StrReplaceAll("@.id, @.name, @.position, @.revision, date_part('epoch', @.deleted_at)", {{"@", source}});
}

v1::TaskList ReadTaskList(const pqxx::row& row, int first, const std::string& user_id) {
  v1::TaskList list;
  list.set_user_id(user_id);
  list.set_id(row[first].c_str());
  list.set_name(row[first + 1].c_str());
  list.set_position(row[first + 2].c_str());
  list.set_etag(row[first + 3].c_str());
  if (!row[first + 4].is_null()) *list.mutable_deleted_at() = ToProto(ReadTime(row[first + 4].c_str()));
  return list;
}

int64_t ReadInteger(const pqxx::row& row, int column) {
  int64_t number = 0;
  if (!row[column].is_null()) (void)absl::SimpleAtoi(row[column].c_str(), &number);
  return number;
}

}  // namespace todo
