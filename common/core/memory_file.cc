#include "common/core/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace common {
namespace {

absl::Status Failed() {
  return absl::UnavailableError(absl::StrCat("a file in memory cannot be made: ", std::strerror(errno)));
}

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

absl::Status MemoryFile::Replace(std::string_view content) {
  const int made = memfd_create("todo-jwt", MFD_CLOEXEC);
  if (made < 0) return Failed();
  if (!WriteAll(made, content)) {
    const absl::Status status = Failed();
    close(made);
    return status;
  }
  if (descriptor_ < 0) {
    descriptor_ = made;
    path_ = absl::StrCat("/proc/self/fd/", made);
    return absl::OkStatus();
  }
  // From here on the path leads to the new one.
  const absl::Status status = dup3(made, descriptor_, O_CLOEXEC) < 0 ? Failed() : absl::OkStatus();
  close(made);
  return status;
}

}  // namespace common
