#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace common {

// Exit codes of every binary and script.
inline constexpr int kExitConfiguration = 1;
inline constexpr int kExitUnreachable = 2;

// What a process was started with.
struct CommandLine {
  std::string program;
  std::vector<std::string> arguments;
  // The faults of the configuration; a command runs only where there are none.
  std::vector<std::string> faults;
};

// Runs the command that the first argument names and gives its exit code; no argument is the command "". `--version`
// and
// `--help` need no configuration. Prints all faults to standard error and gives kExitConfiguration where there are any,
// or where the command is not known.
int RunCommand(const CommandLine& command_line, const std::map<std::string, std::function<int()>>& commands);

}  // namespace common
