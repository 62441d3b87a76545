#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "absl/time/time.h"

namespace common {

// One field of a log line. Views must live until the call returns. A text that is empty says nothing: the field is left
// out. A duration is written in milliseconds, so its name ends in `_ms`.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, int64_t, bool, absl::Duration> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, int v) : name(n), value(int64_t{v}) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, absl::Duration v) : name(n), value(v) {}
};

// Writes one JSON object a line (`time level service event`, then the fields given) to standard error; in development a
// line for human eyes instead. Control characters are escaped and long texts are cut, so no value can forge a line or
// fill the log. Never waits for whoever reads the log (LogWriter). docs/logs.md lists the events and fields. Tokens,
// secrets and connection strings must never be passed. Cheap to copy; thread-safe.
class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  // How many lines there were of each level, and how many of all were lost on the way.
  struct Counts {
    uint64_t info = 0;
    uint64_t warning = 0;
    uint64_t error = 0;
    uint64_t dropped = 0;
  };

  // `service` names the process. `human_readable` is for DEBUG=true.
  static Logger ToStandardError(std::string_view service, bool human_readable);
  // Writes nothing.
  static Logger Silent();

  void Info(std::string_view event, Fields fields = {}) const { Write(Level::kInfo, event, fields); }
  void Warning(std::string_view event, Fields fields = {}) const { Write(Level::kWarning, event, fields); }
  void Error(std::string_view event, Fields fields = {}) const { Write(Level::kError, event, fields); }

  // Of this logger and all its copies.
  Counts counts() const;

 private:
  enum class Level { kInfo, kWarning, kError };
  struct Sink;

  explicit Logger(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}

  void Write(Level level, std::string_view event, Fields fields) const;

  std::shared_ptr<Sink> sink_;
};

}  // namespace common
