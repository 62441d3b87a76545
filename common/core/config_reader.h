#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/url.h"

namespace common {

// Reads a process's configuration and collects every fault, so that an operator sees all of them at once.
//
// Each getter answers a harmless value where the variable is at fault; nothing may be used before `faults()` was found
// empty. A variable that is set to the empty string counts as not set. Only a `config.cc` uses this. Not thread-safe.
class ConfigReader {
 public:
  // Gives the value of a variable, or nothing where it is not set.
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;

  // The process's own environment.
  static Environment ProcessEnvironment();

  explicit ConfigReader(Environment environment) : environment_(std::move(environment)) {}

  std::optional<std::string> Optional(const std::string& name);
  std::string String(const std::string& name, std::string_view default_value);
  // `example` is shown where the variable is missing.
  std::string Required(const std::string& name, std::string_view example);
  // Also reads the file that `<NAME>_FILE` names, without its trailing line break. Setting both is a fault.
  std::optional<std::string> Secret(const std::string& name);
  std::string RequiredSecret(const std::string& name, std::string_view example);
  // `true`, `false`, `1` or `0`.
  bool Bool(const std::string& name, bool default_value);
  int64_t Integer(const std::string& name, int64_t default_value, int64_t min, int64_t max);
  // 0 to 65535; 0 lets the system choose.
  uint16_t Port(const std::string& name, uint16_t default_value);
  // An absolute http or https URL; empty where it is missing or at fault.
  std::optional<Url> OptionalUrl(const std::string& name, std::string_view example);
  // Comma-separated; white space around an entry and empty entries are dropped.
  std::vector<std::string> List(const std::string& name);

  // Records that `name` is at fault. `example` may be empty. Never pass a secret's value.
  void Fault(std::string_view name, std::string_view problem, std::string_view example);

  // The names of the variables that are set, of those that were asked for: `BETTER_AUTH_URL,HOST`. For the log, which
  // must not hold their values.
  std::string variables() const;

  // One line a fault: the variable, what is wrong with it, and an example.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  std::optional<std::string> Lookup(const std::string& name);

  Environment environment_;
  std::set<std::string> variables_;
  std::vector<std::string> faults_;
};

}  // namespace common
