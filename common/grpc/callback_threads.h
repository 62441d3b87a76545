#pragma once

namespace common {

// Keeps gRPC's threads for callbacks from now on until the process ends. gRPC 1.51 ends them with the last server or
// channel that has used them, and may abort the process in doing so while a call is just done. Thread-safe.
void KeepCallbackThreads();

}  // namespace common
