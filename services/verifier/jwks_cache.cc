#include "services/verifier/jwks_cache.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace verifier {
namespace {

// An instant of the monotonic clock: comparable with each other only.
absl::Time MonotonicNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

absl::Duration RandomUpTo(absl::Duration bound, std::mt19937_64& random) {
  return bound * std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

JwksCache::JwksCache(Options options, JwksFetcher::Options fetcher_options, common::Logger logger)
    : options_(options),
      logger_(std::move(logger)),
      fetcher_(std::move(fetcher_options)),
      random_(std::random_device()()),
      last_fetch_(absl::UnavailableError("no fetch has finished yet")),
      lookup_budget_(options.lookup_burst, options.lookup_interval),
      thread_([this] { Run(); }) {}

JwksCache::~JwksCache() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  fetcher_.Wake();
  thread_.join();
  ExpireWaiters(absl::InfiniteFuture());
}

absl::Status JwksCache::WaitUntilUsable(absl::Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(timeout);
  common::MutexLock lock(mutex_);
  while (Current() == nullptr) {
    if (!changed_.WaitUntil(mutex_, deadline)) return last_fetch_;
  }
  return absl::OkStatus();
}

std::shared_ptr<const KeySet> JwksCache::Current() const {
  const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
  if (snapshot == nullptr || MonotonicNow() >= snapshot->usable_until) return nullptr;
  return snapshot->keys;
}

bool JwksCache::IsCurrent(const KeySet* keys) const {
  return keys == current_keys_.load(std::memory_order_acquire) &&
         absl::ToUnixNanos(MonotonicNow()) < usable_until_nanos_.load(std::memory_order_relaxed);
}

KeySetStatus JwksCache::Status() const {
  common::MutexLock lock(mutex_);
  return status_;
}

void JwksCache::LookUp(const std::string& key_id, Callback done) {
  const absl::Time now = MonotonicNow();
  std::optional<Lookup> answer;
  {
    common::MutexLock lock(mutex_);
    const int64_t next = fetches_started_ + 1;
    if (is_stopping_) {
      answer = Lookup::kUnavailable;
    } else if (IsRememberedAbsent(key_id, now)) {
      answer = Lookup::kCurrent;
    } else if (waiters_.size() >= options_.max_waiting) {
      answer = Lookup::kUnavailable;
    } else if (paid_fetch_ == next || lookup_budget_.Take(now)) {
      paid_fetch_ = next;
      waiters_.push_back({key_id, now + options_.lookup_timeout, next, /*only_joined=*/false, std::move(done)});
    } else if (is_fetching_) {
      waiters_.push_back(
          {key_id, now + options_.lookup_timeout, fetches_started_, /*only_joined=*/true, std::move(done)});
    } else {
      answer = Lookup::kUnavailable;
    }
  }
  if (answer) return done(*answer);
  fetcher_.Wake();
}

void JwksCache::Run() {
  while (!IsStopping()) {
    StartFetchIfDue(MonotonicNow());
    std::optional<absl::StatusOr<JwksResponse>> response = fetcher_.Wait(UntilNextEvent(MonotonicNow()));
    if (response) Finish(*std::move(response), MonotonicNow());
    ExpireWaiters(MonotonicNow());
  }
}

bool JwksCache::IsStopping() {
  common::MutexLock lock(mutex_);
  return is_stopping_;
}

void JwksCache::StartFetchIfDue(absl::Time now) {
  if (fetcher_.IsUnderWay()) return;
  common::MutexLock lock(mutex_);
  if (now < next_refresh_ && waiters_.empty()) return;
  ++fetches_started_;
  is_fetching_ = true;
  fetcher_.Start(etag_);
}

absl::Duration JwksCache::UntilNextEvent(absl::Time now) {
  absl::Time next = fetcher_.IsUnderWay() ? absl::InfiniteFuture() : next_refresh_;
  common::MutexLock lock(mutex_);
  for (const Waiter& waiter : waiters_) next = std::min(next, waiter.deadline);
  // Rounded up to what the poll can sleep, so that the loop does not spin through the last millisecond.
  return std::clamp(next - now, absl::ZeroDuration(), absl::Hours(1)) + absl::Milliseconds(1);
}

void JwksCache::Finish(absl::StatusOr<JwksResponse> response, absl::Time now) {
  absl::Status status = response.ok() ? Accept(*response, now) : response.status();
  if (status.ok()) {
    failures_ = 0;
  } else {
    if (!response.ok()) {
      const char* const what = absl::IsUnavailable(status) ? "is unreachable: " : "returned no keys: ";
      status = absl::Status(status.code(), absl::StrCat("JWKS endpoint ", what, status.message()));
    }
    ScheduleAfterFailure(status, now);
  }
  {
    common::MutexLock lock(mutex_);
    Record(response, status, now);
  }
  AnswerWaiters(status, now);
}

void JwksCache::Record(const absl::StatusOr<JwksResponse>& response, const absl::Status& status, absl::Time now) {
  const absl::Time wall_now = absl::Now();
  status_.next_fetch = wall_now + (next_refresh_ - now);
  status_.last_error = std::string(status.message());
  if (status.ok()) {
    status_.last_success = wall_now;
    status_.usable_until = wall_now + (snapshot_.load()->usable_until - now);
    ++(response->not_modified ? status_.not_modified : status_.fetched);
  } else {
    ++(absl::IsUnavailable(status) ? status_.unreachable : status_.bad_answers);
  }
}

// Takes over a good answer and plans the next refresh.
absl::Status JwksCache::Accept(const JwksResponse& response, absl::Time now) {
  absl::StatusOr<std::shared_ptr<const KeySet>> keys = KeysOf(response);
  if (!keys.ok()) return keys.status();
  const absl::Duration lifetime = std::clamp(response.max_age.value_or(options_.lifetime),
                                             std::min(options_.min_lifetime, options_.lifetime), options_.lifetime);
  // At a random point of the last tenth, so that replicas do not all ask at once; at least 30 s ahead where there is
  // room.
  const absl::Duration ahead = std::max(RandomUpTo(lifetime / 10, random_), std::min(absl::Seconds(30), lifetime / 2));
  next_refresh_ = now + lifetime - ahead;
  logger_.Info("jwks_fetched", {{"outcome", "ok"},
                                {"reason", response.not_modified ? "not modified" : ""},
                                {"jwks_url", fetcher_.url()},
                                {"keys", static_cast<int64_t>((*keys)->keys().size())}});
  LogChanges(**keys);
  Publish(*std::move(keys), now + lifetime + options_.grace);
  return absl::OkStatus();
}

// Who may sign is what an auditor asks for first.
void JwksCache::LogChanges(const KeySet& keys) const {
  static const std::vector<Jwk> kNone;
  const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
  const std::vector<Jwk>& before = snapshot == nullptr ? kNone : snapshot->keys->keys();
  const auto log_missing = [this](const char* event, const std::vector<Jwk>& from, const std::vector<Jwk>& in) {
    for (const Jwk& key : from) {
      // A name alone is no key: another one may be published under it.
      const auto is_same = [&key](const Jwk& other) {
        return other.key_id == key.key_id && other.thumbprint == key.thumbprint &&
               other.public_key.algorithm() == key.public_key.algorithm();
      };
      if (std::any_of(in.begin(), in.end(), is_same)) continue;
      logger_.Info(event, {{"kid", key.key_id.value_or("")},
                           {"alg", AlgorithmName(key.public_key.algorithm())},
                           {"thumbprint", key.thumbprint},
                           {"jwks_url", fetcher_.url()}});
    }
  };
  log_missing("jwks_key_added", keys.keys(), before);
  log_missing("jwks_key_dropped", before, keys.keys());
}

// The keys of a good answer. One that says the same as the last gives the same set, so that what was verified with it
// need not be verified again.
absl::StatusOr<std::shared_ptr<const KeySet>> JwksCache::KeysOf(const JwksResponse& response) {
  const std::shared_ptr<const Snapshot> current = snapshot_.load();
  if (response.not_modified && current == nullptr) {
    return absl::FailedPreconditionError("JWKS endpoint answered 304 to an unconditional request");
  }
  if (response.not_modified) return current->keys;
  if (current != nullptr && response.body == last_good_body_) {
    etag_ = response.etag;
    return current->keys;
  }
  absl::StatusOr<KeySet> parsed = KeySet::Parse(response.body, options_.max_keys, options_.rsa_algorithm);
  if (!parsed.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("JWKS endpoint returned no keys: ", parsed.status().message()));
  }
  for (const KeySet::SkippedKey& skipped : parsed->skipped()) {
    logger_.Warning(
        "jwks_key_skipped",
        {{"outcome", "refused"}, {"reason", skipped.reason}, {"kid", skipped.key_id}, {"jwks_url", fetcher_.url()}});
  }
  if (parsed->keys().empty()) {
    return absl::FailedPreconditionError(parsed->skipped().empty() ? "JWKS endpoint returned no keys"
                                                                   : "JWKS endpoint returned no keys that can be used");
  }
  etag_ = response.etag;
  last_good_body_ = response.body;
  return std::make_shared<const KeySet>(*std::move(parsed));
}

void JwksCache::Publish(std::shared_ptr<const KeySet> keys, absl::Time usable_until) {
  usable_until_nanos_.store(absl::ToUnixNanos(usable_until), std::memory_order_relaxed);
  current_keys_.store(keys.get(), std::memory_order_release);
  snapshot_.store(std::make_shared<const Snapshot>(Snapshot{std::move(keys), usable_until}));
}

void JwksCache::ScheduleAfterFailure(const absl::Status& status, absl::Time now) {
  absl::Duration bound = options_.min_backoff;
  for (int i = 0; i < failures_ && bound < options_.max_backoff; ++i) bound *= 2;
  ++failures_;
  // Asked for whole the next time: an endpoint that fails where it is asked conditionally would fail for ever.
  etag_.clear();
  next_refresh_ = now + RandomUpTo(std::min(bound, options_.max_backoff), random_);
  logger_.Error("jwks_unreachable",
                {{"outcome", "failed"}, {"reason", std::string(status.message())}, {"jwks_url", fetcher_.url()}});
}

void JwksCache::AnswerWaiters(const absl::Status& fetched, absl::Time now) {
  std::vector<std::pair<Callback, Lookup>> answers;
  const std::shared_ptr<const Snapshot> snapshot = snapshot_.load();
  const auto is_published = [&snapshot](const std::string& key_id) {
    const std::vector<Jwk>& keys = snapshot->keys->keys();
    return std::any_of(keys.begin(), keys.end(), [&key_id](const Jwk& key) { return key.key_id == key_id; });
  };
  {
    common::MutexLock lock(mutex_);
    is_fetching_ = false;
    last_fetch_ = fetched;
    std::vector<Waiter> rest;
    for (Waiter& waiter : waiters_) {
      const bool found = fetched.ok() && is_published(waiter.key_id);
      if (!found && waiter.needs > fetches_started_) {
        rest.push_back(std::move(waiter));
        continue;
      }
      const bool is_known = found || (fetched.ok() && !waiter.only_joined);
      if (is_known && !found) RememberAbsent(waiter.key_id, now);
      answers.emplace_back(std::move(waiter.done), is_known ? Lookup::kCurrent : Lookup::kUnavailable);
    }
    waiters_ = std::move(rest);
  }
  changed_.NotifyAll();
  for (auto& [done, lookup] : answers) done(lookup);
}

void JwksCache::ExpireWaiters(absl::Time now) {
  std::vector<Callback> expired;
  {
    common::MutexLock lock(mutex_);
    const auto first = std::stable_partition(waiters_.begin(), waiters_.end(),
                                             [now](const Waiter& waiter) { return waiter.deadline > now; });
    for (auto waiter = first; waiter != waiters_.end(); ++waiter) expired.push_back(std::move(waiter->done));
    waiters_.erase(first, waiters_.end());
  }
  for (const Callback& done : expired) done(Lookup::kUnavailable);
}

bool JwksCache::IsRememberedAbsent(const std::string& key_id, absl::Time now) {
  const auto entry = absent_until_.find(key_id);
  return entry != absent_until_.end() && now < entry->second;
}

void JwksCache::RememberAbsent(const std::string& key_id, absl::Time now) {
  if (absent_until_.size() >= options_.max_absent) {
    absl::erase_if(absent_until_, [now](const auto& entry) { return now >= entry.second; });
  }
  if (absent_until_.size() < options_.max_absent) absent_until_[key_id] = now + options_.absent_for;
}

}  // namespace verifier
