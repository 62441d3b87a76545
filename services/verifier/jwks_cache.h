#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/core/logger.h"
#include "common/core/mutex.h"
#include "services/verifier/jwks_fetcher.h"
#include "services/verifier/jwks_options.h"
#include "services/verifier/key_set_status.h"
#include "services/verifier/key_source.h"
#include "services/verifier/token_bucket.h"

namespace verifier {

// The key set of one issuer: fetched in the background by one thread, read by all others as an immutable snapshot.
//
// An answer that is no good never replaces a good one. The last good set serves for `lifetime` and, where it cannot be
// refreshed, for `grace` beyond. All scheduling is by the monotonic clock.
class JwksCache : public KeySource {
 public:
  using Options = JwksOptions;

  // Starts fetching at once.
  JwksCache(Options options, JwksFetcher::Options fetcher_options, common::Logger logger);
  // Ends the lookups under way with kUnavailable.
  ~JwksCache() override;

  // Blocks until there is a usable key. After `timeout` gives UNAVAILABLE with what the last attempt met.
  absl::Status WaitUntilUsable(absl::Duration timeout) EXCLUDES(mutex_);

  std::shared_ptr<const KeySet> Current() const override;
  bool IsCurrent(const KeySet* keys) const override;
  void LookUp(const std::string& key_id, Callback done) override EXCLUDES(mutex_);

  KeySetStatus Status() const EXCLUDES(mutex_);
  const std::string& url() const { return fetcher_.url(); }

 private:
  struct Snapshot {
    std::shared_ptr<const KeySet> keys;
    absl::Time usable_until;
  };
  // A lookup that waits for the fetch number `needs`. Where it only joined one that was under way already, a key that
  // is not in the answer may still have appeared since.
  struct Waiter {
    std::string key_id;
    absl::Time deadline;
    int64_t needs;
    bool only_joined;
    Callback done;
  };

  void Run();
  bool IsStopping() EXCLUDES(mutex_);
  void StartFetchIfDue(absl::Time now) EXCLUDES(mutex_);
  absl::Duration UntilNextEvent(absl::Time now) EXCLUDES(mutex_);
  void Finish(absl::StatusOr<JwksResponse> response, absl::Time now) EXCLUDES(mutex_);
  absl::Status Accept(const JwksResponse& response, absl::Time now);
  absl::StatusOr<std::shared_ptr<const KeySet>> KeysOf(const JwksResponse& response);
  void LogChanges(const KeySet& keys) const;
  void Publish(std::shared_ptr<const KeySet> keys, absl::Time usable_until);
  void Record(const absl::StatusOr<JwksResponse>& response, const absl::Status& status, absl::Time now)
      REQUIRES(mutex_);
  void ScheduleAfterFailure(const absl::Status& status, absl::Time now);
  void AnswerWaiters(const absl::Status& fetched, absl::Time now) EXCLUDES(mutex_);
  void ExpireWaiters(absl::Time now) EXCLUDES(mutex_);
  bool IsRememberedAbsent(const std::string& key_id, absl::Time now) REQUIRES(mutex_);
  void RememberAbsent(const std::string& key_id, absl::Time now) REQUIRES(mutex_);

  const Options options_;
  const common::Logger logger_;

  std::atomic<std::shared_ptr<const Snapshot>> snapshot_;
  // What is in the snapshot, for readers that need not keep it: they cost each other nothing.
  std::atomic<const KeySet*> current_keys_ = nullptr;
  std::atomic<int64_t> usable_until_nanos_ = 0;

  // Owned by the thread, except for Wake().
  JwksFetcher fetcher_;
  std::mt19937_64 random_;
  absl::Time next_refresh_ = absl::InfinitePast();
  std::string etag_;
  std::string last_good_body_;
  int failures_ = 0;

  mutable common::Mutex mutex_;
  common::CondVar changed_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  absl::Status last_fetch_ GUARDED_BY(mutex_);
  KeySetStatus status_ GUARDED_BY(mutex_);
  int64_t fetches_started_ GUARDED_BY(mutex_) = 0;
  // The number of the last fetch that a lookup took from the budget for: others wait for it without paying again.
  int64_t paid_fetch_ GUARDED_BY(mutex_) = 0;
  bool is_fetching_ GUARDED_BY(mutex_) = false;
  std::vector<Waiter> waiters_ GUARDED_BY(mutex_);
  TokenBucket lookup_budget_ GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, absl::Time> absent_until_ GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace verifier
