#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/json_text.h"

namespace todo {

// Appends one JSON object to a text, member by member; closes it at the end of its scope. Names are ours and need no
// escaping.
class JsonObject {
 public:
  explicit JsonObject(std::string* out) : out_(out) { out_->push_back('{'); }
  ~JsonObject() { out_->push_back('}'); }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  void Text(std::string_view name, std::string_view value) {
    Name(name);
    json::AppendString(value, out_);
  }
  // `null` where it is unset.
  void OptionalText(std::string_view name, const std::optional<std::string>& value) {
    if (value) return Text(name, std::string_view(*value));
    Raw(name, "null");
  }
  void Texts(std::string_view name, const std::vector<std::string>& values) {
    Name(name);
    out_->push_back('[');
    for (const std::string& value : values) {
      if (out_->back() != '[') out_->push_back(',');
      json::AppendString(value, out_);
    }
    out_->push_back(']');
  }
  // A number, a truth value, or what else is JSON already.
  void Raw(std::string_view name, std::string_view value) {
    Name(name);
    out_->append(value);
  }
  // Begins a member; its value is appended by the caller.
  void Name(std::string_view name) {
    if (out_->back() != '{') out_->push_back(',');
    out_->push_back('"');
    out_->append(name);
    out_->append("\":");
  }

 private:
  std::string* const out_;
};

}  // namespace todo
