#pragma once

#include "common/core/shutdown_signal.h"
#include "services/todo/config.h"

namespace todo {

// What the program can be told to do. Each answers the exit code: 0 where all went well, kExitConfiguration, or
// kExitUnreachable where the database cannot be reached. Says on standard error what went wrong.

// Serves until `shutdown`, then drains for 10 s at most.
int Serve(const Config& config, common::ShutdownSignal& shutdown);

// Brings the database's schema up to date.
int RunMigrations(const Config& config);

// Whether each configured database can be reached.
int CheckDatabases(const Config& config);

}  // namespace todo
