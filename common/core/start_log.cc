#include "common/core/start_log.h"

#include "common/core/version.h"

namespace common {

void LogStart(const Logger& logger, const std::string& variables) {
  logger.Info("started", {{"version", kVersion}, {"variables", variables}});
}

}  // namespace common
