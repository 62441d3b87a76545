#include "services/todo/watchdog.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace todo {
namespace {

// Two sockets that are connected with each other.
class SocketPair {
 public:
  SocketPair() { socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()); }
  ~SocketPair() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int near_end() const { return ends_[0]; }
  int far_end() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_;
};

TEST(Watchdog, EndsAReadThatStalls) {
  Watchdog watchdog;
  SocketPair sockets;
  Watchdog::Watch watch(watchdog, sockets.near_end(), DeadlineAfter(absl::Milliseconds(20)));
  char byte;
  EXPECT_EQ(read(sockets.near_end(), &byte, 1), 0);  // would block for ever
  EXPECT_TRUE(watch.Cancel());
  EXPECT_TRUE(watch.Cancel());
}

TEST(Watchdog, EndsTheEarlierOfTwoThoughAddedLater) {
  Watchdog watchdog;
  SocketPair late, early;
  Watchdog::Watch late_watch(watchdog, late.near_end(), DeadlineAfter(absl::Hours(1)));
  Watchdog::Watch early_watch(watchdog, early.near_end(), DeadlineAfter(absl::Milliseconds(20)));
  char byte;
  EXPECT_EQ(read(early.near_end(), &byte, 1), 0);
  EXPECT_TRUE(early_watch.Cancel());
  EXPECT_FALSE(late_watch.Cancel());
}

TEST(Watchdog, LeavesASocketWhoseWatchHasEnded) {
  Watchdog watchdog;
  SocketPair sockets;
  {
    Watchdog::Watch watch(watchdog, sockets.near_end(), DeadlineAfter(absl::Hours(1)));
    EXPECT_FALSE(watch.Cancel());
  }
  EXPECT_EQ(write(sockets.far_end(), "a", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(sockets.near_end(), &byte, 1), 1);
  EXPECT_EQ(byte, 'a');
}

}  // namespace
}  // namespace todo
