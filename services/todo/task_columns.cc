#include "services/todo/task_columns.h"

#include <cmath>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "services/todo/timestamps.h"

namespace todo {
namespace {

// Seconds since the epoch as a double hold a microsecond exactly until the year 2242.
google::protobuf::Timestamp ReadTimestamp(const pqxx::field& field) {
  double seconds = 0;
  (void)absl::SimpleAtod(field.c_str(), &seconds);
  return ToProto(absl::FromUnixMicros(std::llround(seconds * 1e6)));
}

}  // namespace

std::string TaskColumns(const std::string& alias) {
  return absl::StrReplaceAll(
      "@.id, @.title, @.description, @.is_completed, @.priority, to_char(@.due_date, 'YYYY-MM-DD'), "
      "date_part('epoch', @.completed_at), date_part('epoch', @.created_at), date_part('epoch', @.updated_at), "
      "@.revision",
      {{"@", alias}});
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
  if (!field(6).is_null()) *task.mutable_completed_at() = ReadTimestamp(field(6));
  *task.mutable_created_at() = ReadTimestamp(field(7));
  *task.mutable_updated_at() = ReadTimestamp(field(8));
  task.set_etag(field(9).c_str());
  return task;
}

int64_t ReadInteger(const pqxx::row& row, int column) {
  int64_t number = 0;
  if (!row[column].is_null()) (void)absl::SimpleAtoi(row[column].c_str(), &number);
  return number;
}

}  // namespace todo
