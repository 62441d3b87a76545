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

// Seconds since the epoch as a double hold a microsecond exactly until the year 2242.
absl::Time ReadTime(const pqxx::field& field) {
  double seconds = 0;
  (void)absl::SimpleAtod(field.c_str(), &seconds);
  return absl::FromUnixMicros(std::llround(seconds * 1e6));
}

void ReadTags(const pqxx::field& field, v1::Task& task) {
  if (field.c_str()[0] == '\0') return;
  for (absl::string_view tag : absl::StrSplit(field.c_str(), kTagSeparator)) task.add_tags(tag.data(), tag.size());
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
  const auto field = [&row, first](int i) { return row[first + i]; };
  v1::Task task;
  task.set_user_id(user_id);
  task.set_id(field(0).c_str());
  task.set_title(field(1).c_str());
  if (!field(2).is_null()) task.set_description(field(2).c_str());
  task.set_is_completed(field(3).c_str()[0] == 't');
  task.set_priority(static_cast<v1::Priority>(ReadInteger(row, first + 4)));
  if (!field(5).is_null()) task.set_due_date(field(5).c_str());
  if (!field(6).is_null()) *task.mutable_completed_at() = ToProto(ReadTime(field(6)));
  *task.mutable_created_at() = ToProto(ReadTime(field(7)));
  *task.mutable_updated_at() = ToProto(ReadTime(field(8)));
  task.set_etag(field(9).c_str());
  if (!field(10).is_null()) task.set_due_time(field(10).c_str());
  if (!field(11).is_null()) task.set_time_zone(field(11).c_str());
  ReadTags(field(12), task);
  if (!field(13).is_null()) task.set_list_id(field(13).c_str());
  task.set_position(field(14).c_str());
  if (!field(15).is_null()) {
    const absl::Time deleted_at = ReadTime(field(15));
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
  if (!row[first + 4].is_null()) *list.mutable_deleted_at() = ToProto(ReadTime(row[first + 4]));
  return list;
}

int64_t ReadInteger(const pqxx::row& row, int column) {
  int64_t number = 0;
  if (!row[column].is_null()) (void)absl::SimpleAtoi(row[column].c_str(), &number);
  return number;
}

}  // namespace todo
