#include "common/core/config_reader.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace common {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) return std::nullopt;
  while (!content.empty() && (content.back() == '\n' || content.back() == '\r')) content.pop_back();
  return content;
}

}  // namespace

ConfigReader::Environment ConfigReader::ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

std::optional<std::string> ConfigReader::Lookup(const std::string& name) {
  std::optional<std::string> value = environment_(name);
  if (!value || value->empty()) return std::nullopt;
  variables_.insert(name);
  return value;
}

std::string ConfigReader::variables() const { return absl::StrJoin(variables_, ","); }

std::optional<std::string> ConfigReader::Optional(const std::string& name) { return Lookup(name); }

std::string ConfigReader::String(const std::string& name, std::string_view default_value) {
  return Lookup(name).value_or(std::string(default_value));
}

std::string ConfigReader::Required(const std::string& name, std::string_view example) {
  std::optional<std::string> value = Lookup(name);
  if (!value) Fault(name, "is not set", example);
  return value.value_or("");
}

std::optional<std::string> ConfigReader::Secret(const std::string& name) {
  const std::string file_variable = name + "_FILE";
  std::optional<std::string> value = Lookup(name);
  const std::optional<std::string> path = Lookup(file_variable);
  if (!path) return value;
  if (value) {
    Fault(name, absl::StrCat("is set and so is ", file_variable, ": set one of them"), "");
    return std::nullopt;
  }
  value = ReadFile(*path);
  if (!value || value->empty()) {
    Fault(file_variable, absl::StrCat("names a file that cannot be read or is empty: ", *path), "");
    return std::nullopt;
  }
  return value;
}

std::string ConfigReader::RequiredSecret(const std::string& name, std::string_view example) {
  const size_t faults_before = faults_.size();
  std::optional<std::string> value = Secret(name);
  if (!value && faults_.size() == faults_before) {
    Fault(name, absl::StrCat("is not set, and neither is ", name, "_FILE"), example);
  }
  return value.value_or("");
}

bool ConfigReader::Bool(const std::string& name, bool default_value) {
  const std::optional<std::string> value = Lookup(name);
  if (!value) return default_value;
  const std::string lower = absl::AsciiStrToLower(*value);
  if (lower == "true" || lower == "1") return true;
  if (lower == "false" || lower == "0") return false;
  Fault(name, absl::StrCat("is neither true nor false: ", *value), "false");
  return default_value;
}

int64_t ConfigReader::Integer(const std::string& name, int64_t default_value, int64_t min, int64_t max) {
  const std::optional<std::string> value = Lookup(name);
  if (!value) return default_value;
  int64_t number = 0;
  if (!absl::SimpleAtoi(*value, &number) || number < min || number > max) {
    Fault(name, absl::StrCat("is no whole number from ", min, " to ", max, ": ", *value), absl::StrCat(default_value));
    return default_value;
  }
  return number;
}

uint16_t ConfigReader::Port(const std::string& name, uint16_t default_value) {
  return static_cast<uint16_t>(Integer(name, default_value, 0, 65535));
}

std::optional<Url> ConfigReader::OptionalUrl(const std::string& name, std::string_view example) {
  const std::optional<std::string> value = Lookup(name);
  if (!value) return std::nullopt;
  absl::StatusOr<Url> url = Url::Parse(*value);
  if (!url.ok()) {
    Fault(name, std::string(url.status().message()), example);
    return std::nullopt;
  }
  return *std::move(url);
}

std::vector<std::string> ConfigReader::List(const std::string& name) {
  std::vector<std::string> entries;
  for (absl::string_view entry : absl::StrSplit(Lookup(name).value_or(""), ',')) {
    entry = absl::StripAsciiWhitespace(entry);
    if (!entry.empty()) entries.emplace_back(entry);
  }
  return entries;
}

void ConfigReader::Fault(std::string_view name, std::string_view problem, std::string_view example) {
  std::string line = absl::StrCat(View(name), " ", View(problem));
  if (!example.empty()) absl::StrAppend(&line, " (example: ", View(name), "=", View(example), ")");
  faults_.push_back(std::move(line));
}

}  // namespace common
