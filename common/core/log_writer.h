#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "common/core/mutex.h"

namespace common {

// Writes lines to a file descriptor on a thread of its own, so that nobody who logs waits for whoever reads: for a pipe
// that is not emptied, or a disk that is slow or full. Lines that come within five milliseconds of each other are
// written at once. A line that finds 1 MiB waiting, or cannot be written, is dropped and counted. Thread-safe.
//
// spdlog's asynchronous logger would wait for its thread without end where that cannot write, and does not say which
// lines a full disk took: docs/decisions has the figures.
class LogWriter {
 public:
  // `file_descriptor` must stay open; it is not closed.
  explicit LogWriter(int file_descriptor);
  // What waits is still written, for at most a second: a process can end whose log nobody reads.
  ~LogWriter();

  // Takes over a line, which ends with a line feed. Never waits for I/O.
  void Write(std::string_view line);

  // How many lines are lost.
  uint64_t dropped() const { return state_->dropped.load(std::memory_order_relaxed); }

 private:
  // What the thread uses too: it outlives a writer that could not wait for it.
  struct State {
    explicit State(int fd) : file_descriptor(fd) {}

    const int file_descriptor;
    std::atomic<uint64_t> dropped = 0;
    Mutex mutex;
    CondVar changed;
    std::string waiting GUARDED_BY(mutex);
    bool is_asleep GUARDED_BY(mutex) = false;
    bool is_ending GUARDED_BY(mutex) = false;
    bool has_ended GUARDED_BY(mutex) = false;
  };

  static void Run(State& state);
  static bool TakeLines(State& state, std::string& lines);

  const std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace common
