#include "gateway/time_text.h"

#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace gateway {
namespace {

constexpr int64_t kMinSeconds = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxSeconds = 253402300799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315576000000;
constexpr int64_t kDay = 86400;

// Days since 1970-01-01 in the proleptic Gregorian calendar: years begin in March, so that the leap day is the last.
int64_t DaysFromDate(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct Date {
  int year, month, day;
};

Date DateFromDays(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  const int calendar_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {static_cast<int>(year_of_era + era * 400 + (calendar_month <= 2)), calendar_month,
          static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

bool TakeDigits(std::string_view* text, size_t count, int* value) {
  if (text->size() < count) return false;
  *value = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return true;
}

bool Take(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// `.` and one to nine digits, if there is a point.
bool TakeFraction(std::string_view* text, int32_t* nanos) {
  *nanos = 0;
  if (!Take(text, '.')) return true;
  int digits = 0;
  while (!text->empty() && text->front() >= '0' && text->front() <= '9') {
    if (++digits > 9) return false;
    *nanos = *nanos * 10 + (text->front() - '0');
    text->remove_prefix(1);
  }
  for (int i = digits; i < 9; ++i) *nanos *= 10;
  return digits > 0;
}

bool TakeOffset(std::string_view* text, int* seconds) {
  *seconds = 0;
  if (Take(text, 'Z') || Take(text, 'z')) return true;
  const bool is_west = Take(text, '-');
  if (!is_west && !Take(text, '+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!TakeDigits(text, 2, &hours) || !Take(text, ':') || !TakeDigits(text, 2, &minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  *seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
  return true;
}

int DaysInMonth(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// The numbers 0 to 99, two digits each.
constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void PutPair(char* at, int value) { std::memcpy(at, kPairs.data() + 2 * value, 2); }

// Three, six or nine digits behind a point; nothing where all are zero.
void AppendFraction(int32_t nanos, std::string* out) {
  if (nanos == 0) return;
  const size_t size = nanos % 1'000'000 == 0 ? 4 : nanos % 1000 == 0 ? 7 : 10;
  char digits[10];
  for (int i = 8; i >= 0; i -= 2, nanos /= 100) PutPair(digits + i, nanos % 100);
  // Of the five pairs the first digit is always zero.
  digits[0] = '.';
  out->append(digits, size);
}

}  // namespace

std::optional<SecondsAndNanos> ParseTimestamp(std::string_view text) {
  int year, month, day, hour, minute, second, offset;
  SecondsAndNanos time;
  if (!TakeDigits(&text, 4, &year) || !Take(&text, '-') || !TakeDigits(&text, 2, &month) || !Take(&text, '-') ||
      !TakeDigits(&text, 2, &day) || !(Take(&text, 'T') || Take(&text, 't')) || !TakeDigits(&text, 2, &hour) ||
      !Take(&text, ':') || !TakeDigits(&text, 2, &minute) || !Take(&text, ':') || !TakeDigits(&text, 2, &second) ||
      !TakeFraction(&text, &time.nanos) || !TakeOffset(&text, &offset) || !text.empty()) {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  time.seconds = DaysFromDate(year, month, day) * kDay + hour * 3600 + minute * 60 + second - offset;
  if (time.seconds < kMinSeconds || time.seconds > kMaxSeconds) return std::nullopt;
  return time;
}

bool AppendTimestamp(SecondsAndNanos time, std::string* out) {
  if (time.seconds < kMinSeconds || time.seconds > kMaxSeconds || time.nanos < 0 || time.nanos > 999999999)
    return false;
  int64_t days = time.seconds / kDay;
  int64_t rest = time.seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const Date date = DateFromDays(days);
  const int second_of_day = static_cast<int>(rest);
  char text[] = "0000-00-00T00:00:00";
  PutPair(text, date.year / 100);
  PutPair(text + 2, date.year % 100);
  PutPair(text + 5, date.month);
  PutPair(text + 8, date.day);
  PutPair(text + 11, second_of_day / 3600);
  PutPair(text + 14, second_of_day / 60 % 60);
  PutPair(text + 17, second_of_day % 60);
  out->append(text, sizeof text - 1);
  AppendFraction(time.nanos, out);
  out->push_back('Z');
  return true;
}

std::optional<SecondsAndNanos> ParseDuration(std::string_view text) {
  const bool is_negative = Take(&text, '-');
  SecondsAndNanos duration;
  size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 12) return std::nullopt;
    duration.seconds = duration.seconds * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0 || !TakeFraction(&text, &duration.nanos) || text != "s" || duration.seconds > kMaxDuration) {
    return std::nullopt;
  }
  if (is_negative) duration = {-duration.seconds, -duration.nanos};
  return duration;
}

bool AppendDuration(SecondsAndNanos duration, std::string* out) {
  const bool is_negative = duration.seconds < 0 || duration.nanos < 0;
  if (is_negative && (duration.seconds > 0 || duration.nanos > 0)) return false;
  if (duration.seconds > kMaxDuration || duration.seconds < -kMaxDuration) return false;
  if (duration.nanos > 999999999 || duration.nanos < -999999999) return false;
  if (is_negative) {
    out->push_back('-');
    duration = {-duration.seconds, -duration.nanos};
  }
  absl::StrAppend(out, duration.seconds);
  AppendFraction(duration.nanos, out);
  out->push_back('s');
  return true;
}

}  // namespace gateway
