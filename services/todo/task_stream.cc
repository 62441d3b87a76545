#include "services/todo/task_stream.h"

#include <utility>

#include "common/grpc/error.h"
#include "common/grpc/status_mapping.h"
#include "services/todo/task_errors.h"

namespace todo {

std::shared_ptr<TaskStream> TaskStream::Make(Options options) {
  auto stream = std::shared_ptr<TaskStream>(new TaskStream(std::move(options)));
  stream->self_ = stream;
  return stream;
}

TaskStream::TaskStream(Options options) : options_(std::move(options)) {}

void TaskStream::Open(const TokenKey& key) {
  common::MutexLock lock(mutex_);
  if (has_begun_) return;
  token_key_ = key;
  if (options_.last_event_id.empty()) return;
  const std::optional<SyncPosition> position = DecodeSyncToken(key, options_.user_id, options_.last_event_id);
  if (!position) {
    return FinishLocked(
        common::InvalidFields({{"last_event_id", "is no event id of this user's: begin again without one"}}));
  }
  position_ = *position;
}

std::optional<int64_t> TaskStream::Wants() {
  common::MutexLock lock(mutex_);
  if (is_over_) return std::nullopt;
  may_have_more_ = true;
  if (!unwritten_.empty()) return std::nullopt;
  // One that begins now needs no changes, only the number of the last one.
  return has_begun_ || !options_.last_event_id.empty() ? position_.number : INT64_MAX;
}

bool TaskStream::IsBehind(const ChangeState& state) {
  common::MutexLock lock(mutex_);
  return !has_begun_ || position_.number != state.last_number || position_.began_at != state.began_at;
}

void TaskStream::Deliver(const Changes& changes) {
  common::MutexLock lock(mutex_);
  if (is_over_ || !unwritten_.empty()) return;
  if (!has_begun_ && options_.last_event_id.empty()) {
    position_ = {changes.state.began_at, changes.state.last_number, changes.state.now};
  }
  if (IsExpired(position_, changes.state)) return FinishLocked(SyncTokenExpired());
  position_.began_at = changes.state.began_at;
  if (!has_begun_) Queue(position_, nullptr);
  has_begun_ = true;
  for (const Change& change : changes.changes) {
    if (change.number <= position_.number) continue;
    position_.number = change.number;
    // Only who has been told everything knows it as of now.
    if (!changes.has_more && &change == &changes.changes.back()) position_.known_at = changes.state.now;
    Queue(position_, &change);
  }
  may_have_more_ = changes.has_more;
  if (!unwritten_.empty()) WriteNext();
}

void TaskStream::Queue(const SyncPosition& position, const Change* change) {
  v1::WatchTasksResponse& message = unwritten_.emplace_back();
  message.set_event_id(EncodeSyncToken(token_key_, options_.user_id, position));
  if (change == nullptr) return;
  if (const auto* task = std::get_if<v1::Task>(&change->item)) {
    *message.mutable_task() = *task;
  } else {
    *message.mutable_task_list() = std::get<v1::TaskList>(change->item);
  }
}

void TaskStream::WriteNext() { StartWrite(&unwritten_.front()); }

void TaskStream::Fail(const absl::Status& status) {
  common::MutexLock lock(mutex_);
  if (!has_begun_) FinishLocked(status);
}

void TaskStream::End(const absl::Status& status) {
  common::MutexLock lock(mutex_);
  FinishLocked(status);
}

void TaskStream::FinishLocked(const absl::Status& status) {
  if (std::exchange(is_over_, true)) return;
  Finish(common::ToGrpcStatus(status));
}

void TaskStream::OnWriteDone(bool ok) {
  bool is_hungry = false;
  {
    common::MutexLock lock(mutex_);
    unwritten_.pop_front();
    if (!ok) return FinishLocked(absl::CancelledError("the caller has gone away"));
    if (is_over_) return;
    if (!unwritten_.empty()) return WriteNext();
    // The memory of a page that was written is not kept.
    unwritten_.shrink_to_fit();
    is_hungry = may_have_more_;
  }
  if (is_hungry) options_.on_hungry();
}

void TaskStream::OnCancel() { End(absl::CancelledError("the caller has gone away")); }

void TaskStream::OnDone() {
  options_.on_done(this);
  self_ = nullptr;
}

}  // namespace todo
