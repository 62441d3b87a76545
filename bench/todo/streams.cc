// Open streams: what each costs, and how soon an event reaches it.
#include "bench/todo/sections.h"

#include <atomic>
#include <functional>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/todo/measured_service.h"

namespace todo::bench {
namespace {

constexpr int kStreams = 1000;
constexpr int kStreamsEach = 25;

// Reads all its streams on the threads of gRPC and notes when each message came.
class Watcher : public grpc::ClientReadReactor<v1::WatchTasksResponse> {
 public:
  Watcher(v1::TaskService::Stub& stub, const std::string& user,
          std::function<void(const v1::WatchTasksResponse&)> on_message)
      : on_message_(std::move(on_message)) {
    context_.AddMetadata("authorization", "Bearer token-of-" + user);
    request_.set_user_id(user);
    stub.async()->WatchTasks(&context_, &request_, this);
    StartRead(&message_);
    StartCall();
  }
  ~Watcher() override {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    while (!is_done_) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      lock.lock();
    }
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    on_message_(message_);
    StartRead(&message_);
  }
  void OnDone(const grpc::Status&) override {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
  }

 private:
  const std::function<void(const v1::WatchTasksResponse&)> on_message_;
  grpc::ClientContext context_;
  v1::WatchTasksRequest request_;
  v1::WatchTasksResponse message_;
  std::mutex mutex_;
  bool is_done_ = false;
};

}  // namespace

void MeasureStreams(const FakeVerifier& verifier) {
  TestDatabase database;
  const MeasuredService service(database, verifier);
  const auto stub = v1::TaskService::NewStub(service.NewChannel());
  // As the gateway does, few connections with many streams each.
  std::vector<std::unique_ptr<v1::TaskService::Stub>> stubs;
  for (int i = 0; i < 4; ++i) stubs.push_back(v1::TaskService::NewStub(service.NewChannel()));
  const auto user_of = [](int stream) { return absl::StrCat("user-", stream / kStreamsEach); };
  v1::CreateTaskRequest request;
  request.mutable_task()->set_title("warm up");
  for (int i = 0; i < 500; ++i) {
    Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stub, &v1::TaskService::Stub::CreateTask, user_of(i * 2),
                                                        request);
  }
  std::atomic<int> begun = 0;
  std::atomic<int> delivered = 0;
  std::mutex mutex;
  std::vector<double> delays;
  std::atomic<int64_t> sent_at = 0;
  const int64_t before = service.ResidentKiB();
  std::fprintf(stderr, "todo: opening %d streams\n", kStreams);
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < kStreams; ++i) {
    watchers.push_back(std::make_unique<Watcher>(
        *stubs[static_cast<size_t>(i) % 4], user_of(i), [&](const v1::WatchTasksResponse& message) {
          if (!message.has_task()) {
            ++begun;
            return;
          }
          const double delay = static_cast<double>(absl::GetCurrentTimeNanos() - sent_at) / 1e6;
          const std::lock_guard lock(mutex);
          delays.push_back(delay);
          ++delivered;
        }));
  }
  while (begun < kStreams) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const int64_t open = service.ResidentKiB();
  int expected = 0;
  std::fprintf(stderr, "todo: events to streams\n");
  for (int event = 0; event < 200; ++event) {
    sent_at = absl::GetCurrentTimeNanos();
    Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stub, &v1::TaskService::Stub::CreateTask,
                                                        user_of(event * kStreamsEach % kStreams), request);
    expected += kStreamsEach;
    while (delivered < expected) std::this_thread::yield();
  }
  // All at once: one event of each user, to every stream there is.
  std::vector<double> alone = std::exchange(delays, {});
  std::vector<std::thread> creators;
  sent_at = absl::GetCurrentTimeNanos();
  for (int part = 0; part < 4; ++part) {
    creators.emplace_back([&, part] {
      for (int user = part; user < kStreams / kStreamsEach; user += 4) {
        Call<v1::CreateTaskRequest, v1::CreateTaskResponse>(*stubs[static_cast<size_t>(part)],
                                                            &v1::TaskService::Stub::CreateTask,
                                                            absl::StrCat("user-", user), request);
      }
    });
  }
  for (std::thread& creator : creators) creator.join();
  expected += kStreams;
  while (delivered < expected) std::this_thread::yield();
  const int64_t after = service.ResidentKiB();
  std::printf(
      "### %d open streams\n\n%d users with %d streams each, over 4 connections. Delay: from before the create is "
      "sent until the "
      "event is read.\n\n| what | |\n| --- | --- |\n| memory a stream, open (resident, service's process) | %.1f KiB "
      "|\n"
      "| the same after events | %.1f KiB |\n| one change, 25 streams: delay p50 / p99 | %.1f / %.1f ms |\n"
      "| a change of every user at once, 1,000 streams: delay p50 / p99, the 40 creates included | %.1f / %.1f ms |\n",
      kStreams, kStreams / kStreamsEach, kStreamsEach, static_cast<double>(open - before) / kStreams,
      static_cast<double>(after - before) / kStreams, Median(alone), Percentile(alone, 0.99), Median(delays),
      Percentile(delays, 0.99));
}

}  // namespace todo::bench
