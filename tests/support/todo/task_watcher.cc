#include "tests/support/todo/task_watcher.h"

namespace todo::testing {

TaskWatcher::TaskWatcher(const std::shared_ptr<grpc::Channel>& channel, const std::string& user,
                         const std::string& last_event_id)
    : stub_(v1::TaskService::NewStub(channel)) {
  context_.AddMetadata("authorization", "Bearer token-of-" + user);
  v1::WatchTasksRequest request;
  request.set_user_id(user);
  request.set_last_event_id(last_event_id);
  reader_ = stub_->WatchTasks(&context_, request);
  thread_ = std::thread([this] { Read(); });
}

TaskWatcher::~TaskWatcher() {
  context_.TryCancel();
  thread_.join();
}

void TaskWatcher::Read() {
  v1::WatchTasksResponse message;
  while (reader_->Read(&message)) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
    changed_.notify_all();
  }
  const grpc::Status status = reader_->Finish();
  const std::lock_guard lock(mutex_);
  status_ = status;
  has_ended_ = true;
  changed_.notify_all();
}

bool TaskWatcher::WaitFor(size_t count, absl::Duration limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(limit), [&] { return has_ended_ || messages_.size() >= count; });
  return messages_.size() >= count;
}

grpc::Status TaskWatcher::WaitForEnd() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(20), [&] { return has_ended_; });
  return has_ended_ ? status_ : grpc::Status(grpc::StatusCode::UNKNOWN, "the stream did not end");
}

std::vector<v1::WatchTasksResponse> TaskWatcher::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::vector<std::string> TaskWatcher::Told() const {
  std::vector<std::string> titles;
  for (const v1::WatchTasksResponse& message : messages()) {
    if (!message.has_task()) continue;
    titles.push_back(message.task().has_deleted_at() ? "[" + message.task().title() + "]" : message.task().title());
  }
  return titles;
}

}  // namespace todo::testing
