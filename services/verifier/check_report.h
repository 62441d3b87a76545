#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

// What a check of the configuration found, in the order in which it was looked at. A value; not thread-safe.
class CheckReport {
 public:
  // An error keeps the verifier from working; a warning does not.
  enum class Level { kOk, kWarning, kError };

  struct Finding {
    Level level;
    // What it is about: one word, such as `key_set`, `key` or `token`.
    std::string about;
    std::string text;
  };

  void Add(Level level, std::string_view about, std::string_view text);
  // Adds an error that may be gone the next time: something did not answer.
  void AddUnreachable(std::string_view about, std::string_view text);

  const std::vector<Finding>& findings() const { return findings_; }

  // 0 without errors, kExitConfiguration where something is wrong, kExitUnreachable where the only errors are that
  // something did not answer.
  int exit_code() const;

  // One line a finding: `LEVEL ABOUT TEXT`, where LEVEL is `ok`, `warning` or `error`. Control characters in texts
  // become `?`, so that none can forge a line.
  void WriteText(std::ostream& out) const;
  // One JSON object: `{"exit_code":0,"findings":[{"level":"ok","about":"key","text":"…"}]}`.
  void WriteJson(std::ostream& out) const;

 private:
  std::vector<Finding> findings_;
  bool has_fault_ = false;
  bool is_unreachable_ = false;
};

// Text from outside between quotes, with control characters escaped, for one line of a report.
std::string Quoted(std::string_view text);

}  // namespace verifier
