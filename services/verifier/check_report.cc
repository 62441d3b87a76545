#include "services/verifier/check_report.h"

#include "common/core/command_line.h"
#include "common/json/json_text.h"

namespace verifier {
namespace {

std::string_view Name(CheckReport::Level level) {
  switch (level) {
    case CheckReport::Level::kOk:
      return "ok";
    case CheckReport::Level::kWarning:
      return "warning";
    case CheckReport::Level::kError:
      return "error";
  }
  return "error";
}

}  // namespace

void CheckReport::Add(Level level, std::string_view about, std::string_view text) {
  findings_.push_back({level, std::string(about), std::string(text)});
  if (level == Level::kError) has_fault_ = true;
}

void CheckReport::AddUnreachable(std::string_view about, std::string_view text) {
  findings_.push_back({Level::kError, std::string(about), std::string(text)});
  is_unreachable_ = true;
}

int CheckReport::exit_code() const {
  if (has_fault_) return common::kExitConfiguration;
  return is_unreachable_ ? common::kExitUnreachable : 0;
}

void CheckReport::WriteText(std::ostream& out) const {
  for (const Finding& finding : findings_) {
    out << Name(finding.level) << " " << finding.about << " ";
    for (const unsigned char c : finding.text) out << (c < 0x20 || c == 0x7f ? '?' : static_cast<char>(c));
    out << "\n";
  }
}

void CheckReport::WriteJson(std::ostream& out) const {
  std::string text = R"({"exit_code":)" + std::to_string(exit_code()) + R"(,"findings":[)";
  const char* separator = "";
  for (const Finding& finding : findings_) {
    text += separator;
    text += R"({"level":")";
    text += Name(finding.level);
    text += R"(","about":)";
    json::AppendString(finding.about, &text);
    text += R"(,"text":)";
    json::AppendString(finding.text, &text);
    text += "}";
    separator = ",";
  }
  out << text << "]}\n";
}

std::string Quoted(std::string_view text) {
  std::string quoted;
  json::AppendString(text, &quoted);
  return quoted;
}

}  // namespace verifier
