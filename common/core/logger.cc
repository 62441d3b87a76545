#include "common/core/logger.h"

#include <unistd.h>

#include <array>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/core/log_writer.h"
#include "common/json/json_text.h"

namespace common {
namespace {

constexpr size_t kMaxTextBytes = 1024;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// RFC 3339, UTC, with milliseconds. All but the last digits stay the same for a second.
void AppendTime(std::string* line) {
  thread_local int64_t second = 0;
  thread_local std::string text;
  const int64_t now = absl::ToUnixMillis(absl::Now());
  if (text.empty() || now / 1000 != second) {
    second = now / 1000;
    text = absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(second), absl::UTCTimeZone());
  }
  absl::StrAppend(line, text, ".", absl::Dec(now % 1000, absl::kZeroPad3), "Z");
}

// Some terminals and viewers act on the control characters beyond ASCII, and break lines at U+2028 and U+2029.
bool IsControl(std::string_view text, size_t i) {
  if (text[i] == '\xc2') return i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
  return text.substr(i, 3) == "\xe2\x80\xa8" || text.substr(i, 3) == "\xe2\x80\xa9";
}

void AppendText(std::string_view text, std::string* line) {
  text = text.substr(0, kMaxTextBytes);
  const auto lead = [text](size_t from) { return text.find_first_of("\xc2\xe2", from); };
  size_t i = lead(0);
  while (i != std::string_view::npos && !IsControl(text, i)) i = lead(i + 1);
  if (i == std::string_view::npos) return json::AppendString(text, line);
  std::string clean(text);
  for (; i < clean.size(); ++i) {
    // What is no UTF-8 is replaced.
    if (IsControl(clean, i)) clean[i] = '\xff';
  }
  json::AppendString(clean, line);
}

void AppendMilliseconds(absl::Duration duration, std::string* line) {
  const int64_t microseconds = absl::ToInt64Microseconds(duration);
  absl::StrAppend(line, microseconds / 1000, ".", absl::Dec(microseconds % 1000, absl::kZeroPad3));
}

void AppendValue(const LogField& field, std::string* line) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    AppendText(*text, line);
  } else if (const auto* number = std::get_if<int64_t>(&field.value)) {
    absl::StrAppend(line, *number);
  } else if (const auto* duration = std::get_if<absl::Duration>(&field.value)) {
    AppendMilliseconds(*duration, line);
  } else {
    line->append(std::get<bool>(field.value) ? "true" : "false");
  }
}

bool SaysNothing(const LogField& field) {
  const auto* text = std::get_if<std::string_view>(&field.value);
  return text != nullptr && text->empty();
}

}  // namespace

struct Logger::Sink {
  Sink(std::string_view name, bool is_human_readable)
      : service(name), human_readable(is_human_readable), writer(STDERR_FILENO) {}

  void AppendForHumans(std::string_view level, std::string_view event, Fields fields, std::string* line) const {
    AppendTime(line);
    absl::StrAppend(line, " ", View(level), " ", service, " ", View(event));
    for (const LogField& field : fields) {
      if (SaysNothing(field)) continue;
      absl::StrAppend(line, " ", View(field.name), "=");
      AppendValue(field, line);
    }
    line->push_back('\n');
  }

  void AppendJson(std::string_view level, std::string_view event, Fields fields, std::string* line) const {
    line->append("{\"time\":\"");
    AppendTime(line);
    absl::StrAppend(line, "\",\"level\":\"", View(level), "\",\"service\":\"", service, "\",\"event\":\"", View(event),
                    "\"");
    for (const LogField& field : fields) {
      if (SaysNothing(field)) continue;
      absl::StrAppend(line, ",\"", View(field.name), "\":");
      AppendValue(field, line);
    }
    line->append("}\n");
  }

  const std::string service;
  const bool human_readable;
  std::array<std::atomic<uint64_t>, 3> lines = {};
  LogWriter writer;
};

Logger Logger::ToStandardError(std::string_view service, bool human_readable) {
  return Logger(std::make_shared<Sink>(service, human_readable));
}

Logger Logger::Silent() { return Logger(nullptr); }

Logger::Counts Logger::counts() const {
  if (sink_ == nullptr) return {};
  return {.info = sink_->lines[0],
          .warning = sink_->lines[1],
          .error = sink_->lines[2],
          .dropped = sink_->writer.dropped()};
}

void Logger::Write(Level level, std::string_view event, Fields fields) const {
  if (sink_ == nullptr) return;
  static constexpr std::string_view kNames[] = {"info", "warning", "error"};
  const auto index = static_cast<size_t>(level);
  thread_local std::string line;
  line.clear();
  if (sink_->human_readable) {
    sink_->AppendForHumans(kNames[index], event, fields, &line);
  } else {
    sink_->AppendJson(kNames[index], event, fields, &line);
  }
  sink_->lines[index].fetch_add(1, std::memory_order_relaxed);
  sink_->writer.Write(line);
}

}  // namespace common
