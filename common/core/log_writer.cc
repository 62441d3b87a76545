#include "common/core/log_writer.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace common {
namespace {

using std::chrono::steady_clock;

constexpr size_t kMaxWaitingBytes = 1 << 20;
// Who wakes the thread pays for it: this is how long it stays awake for the lines that follow.
constexpr auto kGather = std::chrono::milliseconds(5);
constexpr auto kLastWords = std::chrono::seconds(1);

// Writes as much of `text` as can be written; the rest stays in it.
void WriteAll(int file_descriptor, std::string_view& text) {
  while (!text.empty()) {
    const ssize_t written = write(file_descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Somebody else made the file non-blocking: it is shared with whoever started this process.
      pollfd writable = {.fd = file_descriptor, .events = POLLOUT, .revents = 0};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace

LogWriter::LogWriter(int file_descriptor)
    : state_(std::make_shared<State>(file_descriptor)), thread_([state = state_] { Run(*state); }) {}

LogWriter::~LogWriter() {
  const auto deadline = steady_clock::now() + kLastWords;
  bool has_ended;
  {
    MutexLock lock(state_->mutex);
    state_->is_ending = true;
    state_->changed.NotifyAll();
    while (!state_->has_ended && state_->changed.WaitUntil(state_->mutex, deadline)) {
    }
    has_ended = state_->has_ended;
  }
  if (has_ended) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void LogWriter::Write(std::string_view line) {
  bool must_wake = false;
  {
    MutexLock lock(state_->mutex);
    if (state_->waiting.size() + line.size() > kMaxWaitingBytes) {
      state_->dropped.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    state_->waiting.append(line);
    must_wake = std::exchange(state_->is_asleep, false);
  }
  if (must_wake) state_->changed.NotifyAll();
}

void LogWriter::Run(State& state) {
  std::string lines;
  bool is_torn = false;
  while (TakeLines(state, lines)) {
    // What follows half a line would be lost with it.
    if (is_torn) lines.insert(0, 1, '\n');
    std::string_view rest = lines;
    WriteAll(state.file_descriptor, rest);
    if (rest.empty()) {
      is_torn = false;
      continue;
    }
    is_torn = rest.size() < lines.size() && lines[lines.size() - rest.size() - 1] != '\n';
    state.dropped.fetch_add(static_cast<uint64_t>(std::count(rest.begin(), rest.end(), '\n')),
                            std::memory_order_relaxed);
  }
  MutexLock lock(state.mutex);
  state.has_ended = true;
  state.changed.NotifyAll();
}

// Waits for lines and gives them; false once none will come.
bool LogWriter::TakeLines(State& state, std::string& lines) {
  lines.clear();
  MutexLock lock(state.mutex);
  while (state.waiting.empty() && !state.is_ending) {
    state.is_asleep = true;
    state.changed.Wait(state.mutex);
  }
  state.is_asleep = false;
  const auto until = steady_clock::now() + kGather;
  while (!state.is_ending && state.changed.WaitUntil(state.mutex, until)) {
  }
  lines.swap(state.waiting);
  return !lines.empty();
}

}  // namespace common
