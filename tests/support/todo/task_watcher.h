#pragma once

#include <grpcpp/client_context.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo::testing {

// One open stream of changes: reads on a thread of its own and keeps what comes. Cancelled with the object.
class TaskWatcher {
 public:
  TaskWatcher(const std::shared_ptr<grpc::Channel>& channel, const std::string& user,
              const std::string& last_event_id = "");
  ~TaskWatcher();

  // Waits until there are `count` messages, the first one included, or the stream has ended; tells whether there are.
  bool WaitFor(size_t count, absl::Duration limit = absl::Seconds(10));
  // Waits for the end.
  grpc::Status WaitForEnd();
  std::vector<v1::WatchTasksResponse> messages() const;
  // The titles of the tasks that were told of, in order; in brackets for those that were deleted.
  std::vector<std::string> Told() const;

 private:
  void Read();

  std::unique_ptr<v1::TaskService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchTasksResponse>> reader_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1::WatchTasksResponse> messages_;
  bool has_ended_ = false;
  grpc::Status status_;
  std::thread thread_;
};

}  // namespace todo::testing
