#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/core/clock.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "services/todo/change_log.h"
#include "services/todo/database_facts.h"
#include "services/todo/task_stream.h"

namespace todo {

// Brings changes to the streams of this replica: where a user's data has changed it reads what is new once, however
// many streams the user has, and hands it to each. It is woken by whoever knows of a change, and looks for itself each
// second while there are streams, so that a wake-up that was lost delays and loses nothing. Thread-safe.
class ChangeFeed {
 public:
  // All must outlive the feed.
  ChangeFeed(ChangeLog& log, DatabaseFacts& facts, const common::Clock& clock);
  // Ends all streams and waits until each call is over.
  ~ChangeFeed();

  // Opens a stream, behind `last_event_id` where that is not empty. RESOURCE_EXHAUSTED where the user has kMaxStreams;
  // UNAVAILABLE once the feed is ending.
  absl::StatusOr<grpc::ServerWriteReactor<v1::WatchTasksResponse>*> Open(const std::string& user_id,
                                                                         const std::string& last_event_id,
                                                                         absl::Time expire_time) EXCLUDES(mutex_);

  // A user's data has changed. Does nothing where the user has no stream here.
  void Wake(const std::string& user_id) EXCLUDES(mutex_);
  // The same for each user whose HashOf() is `hash`.
  void WakeHash(uint64_t hash) EXCLUDES(mutex_);
  // The same for all: something may have been missed.
  void WakeAll() EXCLUDES(mutex_);

  // Called, from now on, when there are streams where there were none. Must not block.
  void OnFirstStream(std::function<void()> action) EXCLUDES(mutex_);

  // Ends all streams with `status`, and takes in no more.
  void EndAll(const absl::Status& status) EXCLUDES(mutex_);
  // How many streams there are.
  size_t size() const EXCLUDES(mutex_);

  // What users are called between replicas.
  static uint64_t HashOf(const std::string& user_id);

  static constexpr size_t kMaxStreams = 32;

 private:
  struct User {
    std::set<std::shared_ptr<TaskStream>> streams;
    // To be served, once more where it is being done: in `woken_` unless `is_served`.
    bool is_woken = false;
    // By one thread at a time, so that nobody is handed what was read before what he has.
    bool is_served = false;
  };

  // A call is over.
  void Remove(const TaskStream* stream) EXCLUDES(mutex_);
  using Users = std::map<std::string, User>;

  void WakeLocked(const std::string& user_id, User& user) REQUIRES(mutex_);
  void ForgetIfIdle(Users::iterator user) REQUIRES(mutex_);
  // Two of these serve those who were woken.
  void Serve() EXCLUDES(mutex_);
  void ServeUser(const std::string& user_id, const std::vector<std::shared_ptr<TaskStream>>& streams);
  // Looks each second for changes that nobody told of, and for streams whose token has ended.
  void Watch() EXCLUDES(mutex_);
  void LookForChanges() EXCLUDES(mutex_);
  void EndExpired() EXCLUDES(mutex_);
  std::vector<std::shared_ptr<TaskStream>> AllStreams() const EXCLUDES(mutex_);

  ChangeLog& log_;
  DatabaseFacts& facts_;
  const common::Clock& clock_;
  mutable common::Mutex mutex_;
  common::CondVar has_woken_;
  common::CondVar stopping_;
  common::CondVar is_empty_;
  Users users_ GUARDED_BY(mutex_);
  std::unordered_map<uint64_t, std::string> hashes_ GUARDED_BY(mutex_);
  std::unordered_map<const TaskStream*, std::shared_ptr<TaskStream>> streams_ GUARDED_BY(mutex_);
  std::deque<std::string> woken_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  absl::Status end_ GUARDED_BY(mutex_);
  std::function<void()> on_first_stream_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace todo
