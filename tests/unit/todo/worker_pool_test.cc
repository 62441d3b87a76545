#include "services/todo/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace todo {
namespace {

// Keeps one thread of a pool busy until it is released.
class Blocker {
 public:
  explicit Blocker(WorkerPool& pool, const std::string& user = "ada") {
    pool.Submit(user, [this](const absl::Status&) {
      started_.set_value();
      released_.get_future().wait();
    });
    started_.get_future().wait();
  }
  void Release() { released_.set_value(); }

 private:
  std::promise<void> started_;
  std::promise<void> released_;
};

std::shared_ptr<std::promise<absl::Status>> SubmitOne(WorkerPool& pool, const std::string& user = "ada") {
  auto outcome = std::make_shared<std::promise<absl::Status>>();
  pool.Submit(user, [outcome](const absl::Status& admitted) { outcome->set_value(admitted); });
  return outcome;
}

TEST(WorkerPool, RefusesAtOnceWhatDoesNotFitTheQueue) {
  WorkerPool pool({.threads = 1, .max_queued = 1, .max_wait = absl::Hours(1)});
  Blocker blocker(pool);
  const auto queued = SubmitOne(pool);
  EXPECT_TRUE(absl::IsUnavailable(SubmitOne(pool)->get_future().get()));
  blocker.Release();
  EXPECT_TRUE(queued->get_future().get().ok());
}

TEST(WorkerPool, RefusesWhatWaitsTooLongWhileAllThreadsAreBusy) {
  WorkerPool pool({.threads = 1, .max_queued = 10, .max_wait = absl::Milliseconds(30)});
  Blocker blocker(pool);
  const Deadline before = DeadlineAfter(absl::Milliseconds(30));
  const auto late = SubmitOne(pool);
  EXPECT_TRUE(absl::IsUnavailable(late->get_future().get()));
  EXPECT_TRUE(HasPassed(before));
  blocker.Release();
}

TEST(WorkerPool, PassesOverWhoHasEnoughThreadsForWhoHasNot) {
  WorkerPool pool({.threads = 3, .threads_a_user = 2, .max_queued = 10, .max_wait = absl::Hours(1)});
  Blocker first(pool), second(pool);
  const auto passed_over = SubmitOne(pool);
  EXPECT_TRUE(SubmitOne(pool, "bob")->get_future().get().ok());
  std::future<absl::Status> later = passed_over->get_future();
  EXPECT_EQ(later.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  first.Release();
  EXPECT_TRUE(later.get().ok());
  second.Release();
}

TEST(WorkerPool, RefusesWhoeverIsPassedOverForTooLong) {
  WorkerPool pool({.threads = 2, .threads_a_user = 1, .max_queued = 10, .max_wait = absl::Milliseconds(30)});
  Blocker blocker(pool);
  EXPECT_TRUE(absl::IsUnavailable(SubmitOne(pool)->get_future().get()));
  blocker.Release();
}

TEST(WorkerPool, RunsOnAnotherThread) {
  WorkerPool pool({.threads = 1});
  std::promise<std::thread::id> id;
  pool.Submit("ada", [&id](const absl::Status&) { id.set_value(std::this_thread::get_id()); });
  EXPECT_NE(id.get_future().get(), std::this_thread::get_id());
}

TEST(WorkerPool, RunsEachJobOnceAndAllBeforeItEnds) {
  std::atomic<int> runs = 0;
  {
    WorkerPool pool({.threads = 3, .threads_a_user = 2, .max_queued = 1000, .max_wait = absl::Hours(1)});
    for (int i = 0; i < 1000; ++i) pool.Submit(i % 2 == 0 ? "ada" : "bob", [&runs](const absl::Status&) { ++runs; });
  }
  EXPECT_EQ(runs, 1000);
}

}  // namespace
}  // namespace todo
