#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "common/json/json_text.h"

namespace gateway {

// Puts JSON text together, commas included. Names and values must alternate as JSON has them.
class JsonBuilder {
 public:
  JsonBuilder& Open() { return Put("{", /*opens=*/true); }
  JsonBuilder& Close() { return End('}'); }
  JsonBuilder& OpenList() { return Put("[", /*opens=*/true); }
  JsonBuilder& CloseList() { return End(']'); }

  // A member's name; its value must follow.
  JsonBuilder& Name(std::string_view name) {
    Comma();
    json::AppendString(name, &text_);
    text_.push_back(':');
    needs_comma_ = false;
    return *this;
  }
  JsonBuilder& String(std::string_view value) {
    Comma();
    json::AppendString(value, &text_);
    return *this;
  }
  JsonBuilder& Number(int64_t value) { return Put(std::to_string(value), /*opens=*/false); }
  JsonBuilder& Null() { return Put("null", /*opens=*/false); }
  JsonBuilder& Bool(bool value) { return Put(value ? "true" : "false", /*opens=*/false); }

  // A member whose value is text.
  JsonBuilder& Member(std::string_view name, std::string_view value) { return Name(name).String(value); }
  // The same, left out where it is empty.
  JsonBuilder& MemberUnlessEmpty(std::string_view name, std::string_view value) {
    return value.empty() ? *this : Member(name, value);
  }

  std::string Take() { return std::move(text_); }

 private:
  void Comma() {
    if (needs_comma_) text_.push_back(',');
    needs_comma_ = true;
  }
  JsonBuilder& Put(std::string_view text, bool opens) {
    Comma();
    text_.append(text);
    needs_comma_ = !opens;
    return *this;
  }
  JsonBuilder& End(char bracket) {
    text_.push_back(bracket);
    needs_comma_ = true;
    return *this;
  }

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace gateway
