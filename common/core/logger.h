#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace common {

// One field of a log line. Views must live until the call returns.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, int64_t, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, int v) : name(n), value(int64_t{v}) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
};

// Writes one JSON object a line (`time level service event`, then the fields given) to standard error; in development a
// line for human eyes instead. Control characters are escaped, so no value can forge a line. Tokens, secrets and
// connection strings must never be passed. Cheap to copy; thread-safe.
class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  // `service` names the process. `human_readable` is for DEBUG=true.
  static Logger ToStandardError(std::string_view service, bool human_readable);
  // Writes nothing.
  static Logger Silent();

  void Info(std::string_view event, Fields fields = {}) const { Write(Level::kInfo, event, fields); }
  void Warning(std::string_view event, Fields fields = {}) const { Write(Level::kWarning, event, fields); }
  void Error(std::string_view event, Fields fields = {}) const { Write(Level::kError, event, fields); }

 private:
  enum class Level { kInfo, kWarning, kError };

  Logger(std::shared_ptr<spdlog::logger> sink, std::string_view service, bool human_readable)
      : sink_(std::move(sink)), service_(service), human_readable_(human_readable) {}

  void Write(Level level, std::string_view event, Fields fields) const;

  std::shared_ptr<spdlog::logger> sink_;
  std::string service_;
  bool human_readable_;
};

}  // namespace common
