#pragma once

#include <string>

#include "common/core/logger.h"

namespace common {

// Writes the first line of a process, `started`: its version, and the names of the variables that it was configured
// with (ConfigReader::variables()), so that a change of the configuration can be seen afterwards. Never their values.
void LogStart(const Logger& logger, const std::string& variables);

}  // namespace common
