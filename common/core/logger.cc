#include "common/core/logger.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/json/json_text.h"

namespace common {
namespace {

std::string Timestamp() { return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()); }

void AppendValue(const LogField& field, std::string* line) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    json::AppendString(*text, line);
  } else if (const auto* number = std::get_if<int64_t>(&field.value)) {
    absl::StrAppend(line, *number);
  } else {
    line->append(std::get<bool>(field.value) ? "true" : "false");
  }
}

}  // namespace

Logger Logger::ToStandardError(std::string_view service, bool human_readable) {
  auto sink = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  sink->set_pattern("%v");
  return Logger(std::move(sink), service, human_readable);
}

Logger Logger::Silent() { return Logger(nullptr, "", false); }

void Logger::Write(Level level, std::string_view event, Fields fields) const {
  if (sink_ == nullptr) return;
  static constexpr const char* kNames[] = {"info", "warning", "error"};
  const char* level_name = kNames[static_cast<int>(level)];
  std::string line;
  if (human_readable_) {
    absl::StrAppend(&line, Timestamp(), " ", level_name, " ", service_, " ",
                    absl::string_view(event.data(), event.size()));
    for (const LogField& field : fields) {
      absl::StrAppend(&line, " ", absl::string_view(field.name.data(), field.name.size()), "=");
      AppendValue(field, &line);
    }
  } else {
    absl::StrAppend(&line, "{\"time\":\"", Timestamp(), "\",\"level\":\"", level_name, "\",\"service\":");
    json::AppendString(service_, &line);
    line.append(",\"event\":");
    json::AppendString(event, &line);
    for (const LogField& field : fields) {
      line.push_back(',');
      json::AppendString(field.name, &line);
      line.push_back(':');
      AppendValue(field, &line);
    }
    line.push_back('}');
  }
  // The text is an argument, never the format: braces in it mean nothing.
  sink_->info("{}", line);
}

}  // namespace common
