#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "common/core/mutex.h"
#include "gateway/stream_call.h"

namespace gateway {

// The streams that are under way, so that they can be ended together. Thread-safe; touched twice a stream, never once a
// message. Kept alive by each of its members.
class StreamSet : public std::enable_shared_from_this<StreamSet> {
 public:
  // Takes over the call, and lets go of it when nobody holds it any longer. Null once EndAll() was called.
  std::shared_ptr<StreamCall> Add(std::unique_ptr<StreamCall> call) EXCLUDES(mutex_) {
    std::shared_ptr<StreamCall> shared(call.release(), [set = shared_from_this()](StreamCall* gone) {
      set->Forget(gone);
      delete gone;
    });
    common::MutexLock lock(mutex_);
    if (is_ended_) return nullptr;
    calls_.emplace(shared.get(), shared);
    return shared;
  }

  void EndAll() EXCLUDES(mutex_) {
    std::vector<std::shared_ptr<StreamCall>> calls;
    {
      common::MutexLock lock(mutex_);
      is_ended_ = true;
      for (const auto& [pointer, weak] : calls_) calls.push_back(weak.lock());
    }
    for (const auto& call : calls) {
      if (call != nullptr) call->EndForShutdown();
    }
  }

 private:
  void Forget(StreamCall* call) EXCLUDES(mutex_) {
    common::MutexLock lock(mutex_);
    calls_.erase(call);
  }

  common::Mutex mutex_;
  bool is_ended_ GUARDED_BY(mutex_) = false;
  std::unordered_map<StreamCall*, std::weak_ptr<StreamCall>> calls_ GUARDED_BY(mutex_);
};

}  // namespace gateway
