#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "common/core/config_reader.h"

namespace verifier {

// The streams of a command.
struct CommandStreams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

// `token-verifier check`: says for an operator what the server would make of the configuration in `environment`, of the
// key set and, with `--token -`, of the token on standard input. Gives the exit code: CheckReport's, or
// kExitConfiguration for flags that are not known. Blocks.
int RunCheckCommand(const std::vector<std::string>& arguments, const common::ConfigReader::Environment& environment,
                    const CommandStreams& streams);

}  // namespace verifier
