#include "services/todo/task_fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/civil_time.h"
#include "services/todo/unicode_text.h"
#include "services/todo/uuid.h"

namespace todo {
namespace {

constexpr size_t kMaxUserId = 255;
constexpr size_t kMaxTitle = 255;
constexpr size_t kMaxDescription = 2000;

bool HoldsNul(const std::string& text) { return text.find('\0') != std::string::npos; }

// Whether `text` has the form `YYYY-MM-DD`.
bool LooksLikeDate(const std::string& text) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (i == 4 || i == 7 ? c != '-' : !absl::ascii_isdigit(c)) return false;
  }
  return true;
}

bool IsDay(const std::string& text) {
  if (!LooksLikeDate(text)) return false;
  int year = 0, month = 0, day = 0;
  if (!absl::SimpleAtoi(text.substr(0, 4), &year) || !absl::SimpleAtoi(text.substr(5, 2), &month) ||
      !absl::SimpleAtoi(text.substr(8, 2), &day)) {
    return false;
  }
  // A day that does not exist becomes another one.
  const absl::CivilDay civil(year, month, day);
  return year >= 1 && civil.year() == year && civil.month() == month && civil.day() == day;
}

}  // namespace

void CheckUserId(const std::string& user_id, FieldViolations& violations) {
  if (CountCharacters(user_id) > kMaxUserId) violations.Add("user_id", "must not be longer than 255 characters");
  if (HoldsNul(user_id)) violations.Add("user_id", "must not hold NUL");
}

std::string CheckTaskId(const std::string& task_id, FieldViolations& violations) {
  if (!IsUuid(task_id)) violations.Add("task_id", "must be a UUID");
  return absl::AsciiStrToLower(task_id);
}

std::string CheckTitle(const std::string& title, FieldViolations& violations) {
  const std::string_view trimmed = TrimWhiteSpace(title);
  if (trimmed.empty()) violations.Add("task.title", "is required and must hold more than white space");
  if (CountCharacters(trimmed) > kMaxTitle) violations.Add("task.title", "must not be longer than 255 characters");
  if (HasControlCharacter(trimmed)) violations.Add("task.title", "must not hold control characters");
  return std::string(trimmed);
}

std::string CheckDescription(const std::string& description, FieldViolations& violations) {
  if (CountCharacters(description) > kMaxDescription) {
    violations.Add("task.description", "must not be longer than 2000 characters");
  }
  if (HoldsNul(description)) violations.Add("task.description", "must not hold NUL");
  return description;
}

std::string CheckDueDate(const std::string& due_date, FieldViolations& violations) {
  if (!IsDay(due_date)) {
    violations.Add("task.due_date", "must be a day that exists, as YYYY-MM-DD, from 0001-01-01 to 9999-12-31");
  }
  return due_date;
}

v1::Priority CheckPriority(v1::Priority priority, std::string_view field, FieldViolations& violations) {
  if (!v1::Priority_IsValid(priority)) violations.Add(field, "must be High, Medium or Low");
  return priority;
}

}  // namespace todo
