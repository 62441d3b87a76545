#include "common/core/log_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace common {
namespace {

struct Pipe {
  Pipe() { EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }

  std::string Read(size_t size) const {
    std::string text(size, '\0');
    size_t done = 0;
    while (done < size) {
      const ssize_t more = read(ends[0], text.data() + done, size - done);
      if (more <= 0) break;
      done += static_cast<size_t>(more);
    }
    text.resize(done);
    return text;
  }

  int ends[2] = {-1, -1};
};

struct TemporaryFile {
  TemporaryFile() : file_descriptor(mkstemp(path)) { unlink(path); }
  ~TemporaryFile() { close(file_descriptor); }

  std::string Content() const {
    std::string text(1 << 16, '\0');
    const ssize_t size = pread(file_descriptor, text.data(), text.size(), 0);
    text.resize(static_cast<size_t>(std::max<ssize_t>(size, 0)));
    return text;
  }

  char path[32] = "/tmp/log_writer_test.XXXXXX";
  int file_descriptor;
};

void AwaitDropped(const LogWriter& writer, uint64_t lines) {
  while (writer.dropped() < lines) std::this_thread::yield();
  EXPECT_EQ(writer.dropped(), lines);
}

TEST(LogWriter, EndsThoughNobodyReads) {
  const std::string line = std::string(999, 'x') + "\n";
  // The thread that cannot end writes to it for as long as the process lives.
  static const Pipe* const pipe = new Pipe();
  LogWriter writer(pipe->ends[1]);
  for (int i = 0; i < 5000; ++i) writer.Write(line);
  EXPECT_GT(writer.dropped(), 0u);
}

TEST(LogWriter, WritesAllButWhatItCountsAsDropped) {
  constexpr uint64_t kLines = 5000;
  const std::string line = std::string(999, 'x') + "\n";
  Pipe pipe;
  LogWriter writer(pipe.ends[1]);
  for (uint64_t i = 0; i < kLines; ++i) writer.Write(line);
  ASSERT_LT(writer.dropped(), kLines);
  const size_t expected = (kLines - writer.dropped()) * line.size();
  const std::string text = pipe.Read(expected);
  ASSERT_EQ(text.size(), expected);
  for (size_t i = 0; i < text.size(); i += line.size()) ASSERT_EQ(text.substr(i, line.size()), line);
  writer.Write("after\n");
  EXPECT_EQ(pipe.Read(6), "after\n");
}

TEST(LogWriter, KeepsEachThreadsLinesWholeAndInOrder) {
  TemporaryFile file;
  auto writer = std::make_unique<LogWriter>(file.file_descriptor);
  std::vector<std::thread> threads;
  for (char name = 'a'; name < 'e'; ++name) {
    threads.emplace_back([&writer, name] {
      for (int i = 1000; i < 1500; ++i) writer->Write(name + std::to_string(i) + "\n");
    });
  }
  for (std::thread& thread : threads) thread.join();
  writer = nullptr;
  const std::string text = file.Content();
  ASSERT_EQ(text.size(), 4u * 500 * 6);
  for (char name = 'a'; name < 'e'; ++name) {
    size_t at = 0;
    for (int i = 1000; i < 1500; ++i) {
      at = text.find(name + std::to_string(i) + "\n", at);
      ASSERT_NE(at, std::string::npos) << name << i;
    }
  }
}

TEST(LogWriter, CountsWhatAFullDiskTakes) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  {
    LogWriter writer(full);
    for (int i = 0; i < 3; ++i) writer.Write("line\n");
    AwaitDropped(writer, 3);
  }
  close(full);
}

TEST(LogWriter, BeginsANewLineAfterOneThatDidNotFit) {
  TemporaryFile file;
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit eight_bytes = {8, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &eight_bytes), 0);
  {
    LogWriter writer(file.file_descriptor);
    writer.Write("first\n");
    // A write of its own, whatever the first was gathered with.
    while (file.Content() != "first\n") std::this_thread::yield();
    writer.Write("second\n");
    AwaitDropped(writer, 1);
    setrlimit(RLIMIT_FSIZE, &before);
    writer.Write("third\n");
  }
  EXPECT_EQ(file.Content(), "first\nse\nthird\n");
}

TEST(LogWriter, WaitsWhereTheFileIsNonBlocking) {
  Pipe pipe;
  ASSERT_EQ(fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK), 0);
  LogWriter writer(pipe.ends[1]);
  // More than a pipe holds.
  const std::string line = std::string(200'000, 'x') + "\n";
  writer.Write(line);
  EXPECT_EQ(pipe.Read(line.size()), line);
  EXPECT_EQ(writer.dropped(), 0u);
}

}  // namespace
}  // namespace common
