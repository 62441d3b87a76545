#include "services/todo/database_url.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace todo {
namespace {

// What applies where the operator says nothing else. Times are in seconds.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"connect_timeout", "5"},  {"application_name", "todo-service"},
    {"keepalives_idle", "30"}, {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
};

const char* DefaultOf(std::string_view keyword) {
  for (const auto& [name, value] : kDefaults) {
    if (keyword == name) return value;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<std::string> ToConnectionString(const std::string& database_url) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(database_url.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError("is neither a PostgreSQL URL nor a keyword string that libpq accepts");
  }
  std::string connection_string;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const char* value = option->val != nullptr ? option->val : DefaultOf(option->keyword);
    if (value == nullptr) continue;
    // libpq would find this out only when it connects.
    const bool is_port = std::string_view(option->keyword) == "port";
    if (is_port && std::string_view(value).find_first_not_of("0123456789,") != std::string_view::npos) {
      return absl::InvalidArgumentError("has a port that is no number");
    }
    absl::StrAppend(&connection_string, option->keyword, "='",
                    absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "' ");
  }
  return connection_string;
}

std::string UserOf(const std::string& connection_string) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(connection_string.c_str(), nullptr), PQconninfoFree);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) == "user" && option->val != nullptr) return option->val;
  }
  return "";
}

}  // namespace todo
