#pragma once

#include <grpcpp/support/server_callback.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/core/mutex.h"
#include "services/todo/change_log.h"
#include "services/todo/sealed_token.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo {

// One open WatchTasks call: holds where its client has come to and at most one page of changes that are yet to be
// written, so that a client that reads slowly costs no more than one that does not. Lives until gRPC is done with the
// call and nobody else holds it. Thread-safe.
class TaskStream final : public grpc::ServerWriteReactor<v1::WatchTasksResponse> {
 public:
  struct Options {
    std::string user_id;
    // Where the client says that it is; empty begins now.
    std::string last_event_id;
    // The stream ends then.
    absl::Time expire_time;
    // Called when all that was delivered is written and there may be more.
    std::function<void()> on_hungry;
    // Called once the call is over.
    std::function<void(const TaskStream*)> on_done;
  };

  static std::shared_ptr<TaskStream> Make(Options options);

  const std::string& user_id() const { return options_.user_id; }
  absl::Time expire_time() const { return options_.expire_time; }

  // Gives it the key that event ids are sealed with; ends it where its last event id is none of ours. Before all else.
  void Open(const TokenKey& key) EXCLUDES(mutex_);
  // Behind which change it wants to be told; nothing where it is busy with what it has, and asks again when it is not.
  std::optional<int64_t> Wants() EXCLUDES(mutex_);
  // Whether a change with this number would be news to it.
  bool IsBehind(const ChangeState& state) EXCLUDES(mutex_);
  // Hands over what was read behind a number that is not greater than the one that it wants.
  void Deliver(const Changes& changes) EXCLUDES(mutex_);
  // Reading failed: one that has not begun ends with it, the others wait for better times.
  void Fail(const absl::Status& status) EXCLUDES(mutex_);
  // Ends the call. Does nothing the second time.
  void End(const absl::Status& status) EXCLUDES(mutex_);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  explicit TaskStream(Options options);

  void Queue(const SyncPosition& position, const Change* change) REQUIRES(mutex_);
  void WriteNext() REQUIRES(mutex_);
  void FinishLocked(const absl::Status& status) REQUIRES(mutex_);

  const Options options_;
  // Keeps this alive until gRPC is done with it.
  std::shared_ptr<TaskStream> self_;
  common::Mutex mutex_;
  TokenKey token_key_ GUARDED_BY(mutex_) = {};
  SyncPosition position_ GUARDED_BY(mutex_);
  bool has_begun_ GUARDED_BY(mutex_) = false;
  bool may_have_more_ GUARDED_BY(mutex_) = true;
  bool is_over_ GUARDED_BY(mutex_) = false;
  // The front one is being written.
  std::deque<v1::WatchTasksResponse> unwritten_ GUARDED_BY(mutex_);
};

}  // namespace todo
