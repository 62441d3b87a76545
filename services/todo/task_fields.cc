#include "services/todo/task_fields.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/todo/order_key.h"
#include "services/todo/task_errors.h"
#include "services/todo/unicode_text.h"
#include "services/todo/uuid.h"

namespace todo {
namespace {

constexpr size_t kMaxUserId = 255;
constexpr size_t kMaxTitle = 255;
constexpr size_t kMaxDescription = 2000;
constexpr size_t kMaxTimeZone = 64;
constexpr size_t kMaxTag = 50;
constexpr size_t kMaxTags = 20;
constexpr size_t kMaxIdempotencyKey = 255;

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

std::string CheckUuid(const std::string& id, std::string_view field, FieldViolations& violations) {
  if (!IsUuid(id)) violations.Add(field, "must be a UUID");
  return absl::AsciiStrToLower(id);
}

std::string CheckTitle(const std::string& title, std::string_view field, FieldViolations& violations) {
  const std::string_view trimmed = TrimWhiteSpace(title);
  if (trimmed.empty()) violations.Add(field, "is required and must hold more than white space");
  if (CountCharacters(trimmed) > kMaxTitle) violations.Add(field, "must not be longer than 255 characters");
  if (HasControlCharacter(trimmed)) violations.Add(field, "must not hold control characters");
  return std::string(trimmed);
}

std::string CheckDescription(const std::string& description, FieldViolations& violations) {
  if (CountCharacters(description) > kMaxDescription) {
    violations.Add("description", "must not be longer than 2000 characters");
  }
  if (HoldsNul(description)) violations.Add("description", "must not hold NUL");
  return description;
}

std::string CheckDay(const std::string& day, std::string_view field, FieldViolations& violations) {
  if (!IsDay(day)) violations.Add(field, "must be a day that exists, as YYYY-MM-DD, from 0001-01-01 to 9999-12-31");
  return day;
}

std::string CheckTimeOfDay(const std::string& time, FieldViolations& violations) {
  const auto is_digit = [&time](size_t i) { return absl::ascii_isdigit(static_cast<unsigned char>(time[i])); };
  const bool is_time = time.size() == 5 && time[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) && is_digit(4) &&
                       time.substr(0, 2) <= "23" && time[3] <= '5';
  if (!is_time) violations.Add("due_time", "must be a time of day, as HH:MM, from 00:00 to 23:59");
  return time;
}

std::string CheckTimeZone(const std::string& time_zone, FieldViolations& violations) {
  const bool is_name = !time_zone.empty() && time_zone.size() <= kMaxTimeZone &&
                       std::all_of(time_zone.begin(), time_zone.end(), [](char c) {
                         return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                                std::string_view("_+-/").find(c) != std::string_view::npos;
                       });
  if (!is_name) violations.Add("time_zone", kNoSuchTimeZone);
  return time_zone;
}

v1::Priority CheckPriority(v1::Priority priority, FieldViolations& violations) {
  if (!v1::Priority_IsValid(priority)) violations.Add("priority", "must be High, Medium or Low");
  return priority;
}

std::string CheckTag(const std::string& tag, std::string_view field, FieldViolations& violations) {
  const std::string_view trimmed = TrimWhiteSpace(tag);
  if (trimmed.empty()) violations.Add(field, "must hold more than white space");
  if (CountCharacters(trimmed) > kMaxTag) violations.Add(field, "must not be longer than 50 characters");
  if (HasControlCharacter(trimmed)) violations.Add(field, "must not hold control characters");
  return std::string(trimmed);
}

std::vector<std::string> CheckTags(const google::protobuf::RepeatedPtrField<std::string>& tags,
                                   FieldViolations& violations) {
  std::vector<std::string> different;
  for (int i = 0; i < tags.size(); ++i) {
    std::string tag = CheckTag(tags[i], absl::StrCat("tags[", i, "]"), violations);
    if (std::find(different.begin(), different.end(), tag) == different.end()) different.push_back(std::move(tag));
    if (different.size() > kMaxTags) {
      violations.Add("tags", "must not be more than 20");
      break;
    }
  }
  return different;
}

std::optional<std::string> CheckPosition(const std::string& position, FieldViolations& violations) {
  if (position.empty()) return std::nullopt;
  if (!IsOrderKey(position)) violations.Add("position", "must be an order key of 2 to 128 digits of [0-9A-Za-z]");
  return position;
}

std::optional<std::string> CheckIdempotencyKey(const std::string& key, FieldViolations& violations) {
  if (key.empty()) return std::nullopt;
  const bool is_key = key.size() <= kMaxIdempotencyKey &&
                      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_key) violations.Add("idempotency_key", "must be 1 to 255 visible ASCII characters");
  return key;
}

std::optional<std::string> CheckEtag(const std::string& etag, FieldViolations& violations) {
  if (etag.empty()) return std::nullopt;
  if (HoldsNul(etag)) violations.Add("etag", "must not hold NUL");
  return etag;
}

}  // namespace todo
