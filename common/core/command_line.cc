#include "common/core/command_line.h"

#include <iostream>

#include "common/core/version.h"

namespace common {
namespace {

int PrintUsage(std::ostream& out, const CommandLine& command_line,
               const std::map<std::string, std::function<int()>>& commands) {
  out << "usage:\n";
  for (const auto& [name, command] : commands)
    out << "  " << command_line.program << (name.empty() ? "" : " ") << name << "\n";
  out << "  " << command_line.program << " --version\n";
  return kExitConfiguration;
}

}  // namespace

int RunCommand(const CommandLine& command_line, const std::map<std::string, std::function<int()>>& commands) {
  const std::string name = command_line.arguments.empty() ? "" : command_line.arguments.front();
  if (name == "--version") {
    std::cout << command_line.program << " " << kVersion << "\n";
    return 0;
  }
  if (name == "--help") {
    PrintUsage(std::cout, command_line, commands);
    return 0;
  }
  const auto command = commands.find(name);
  if (command == commands.end() || command_line.arguments.size() > 1) {
    std::cerr << command_line.program << ": unknown command\n";
    return PrintUsage(std::cerr, command_line, commands);
  }
  for (const std::string& fault : command_line.faults) std::cerr << command_line.program << ": " << fault << "\n";
  return command_line.faults.empty() ? command->second() : kExitConfiguration;
}

}  // namespace common
