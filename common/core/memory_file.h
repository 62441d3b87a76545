#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace common {

// A file that is in memory alone, for a library that takes nothing but paths. Its content is replaced as a whole:
// whoever opens `path()` finds the old one or the new one, never parts of both. Readable by this process and user.
// Stays there until the process ends, since a library may read on when the object is gone: for what there is one of.
// Not thread-safe, apart from those who open the path.
class MemoryFile {
 public:
  MemoryFile() = default;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  // Fails with UNAVAILABLE where the system has no file or memory left; then the old content stays.
  absl::Status Replace(std::string_view content);

  // The same from the first Replace() on; empty before.
  const std::string& path() const { return path_; }

 private:
  int descriptor_ = -1;
  std::string path_;
};

}  // namespace common
