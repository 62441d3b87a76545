#include "services/todo/change_feed.h"

#include <algorithm>
#include <utility>

#include "services/todo/task_errors.h"

namespace todo {
namespace {

constexpr int kServers = 2;
constexpr int kPageSize = 100;
constexpr absl::Duration kLookInterval = absl::Seconds(1);
constexpr absl::Duration kReadTimeout = absl::Seconds(2);
// How many users are asked about at a time.
constexpr size_t kMaxAskedAbout = 1000;

}  // namespace

ChangeFeed::ChangeFeed(ChangeLog& log, DatabaseFacts& facts, const common::Clock& clock)
    : log_(log), facts_(facts), clock_(clock) {
  for (int i = 0; i < kServers; ++i) threads_.emplace_back([this] { Serve(); });
  threads_.emplace_back([this] { Watch(); });
}

ChangeFeed::~ChangeFeed() {
  EndAll(DatabaseUnavailable("the service is stopping; connect again"));
  {
    common::MutexLock lock(mutex_);
    while (!streams_.empty()) is_empty_.Wait(mutex_);
    is_stopping_ = true;
    has_woken_.NotifyAll();
    stopping_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

uint64_t ChangeFeed::HashOf(const std::string& user_id) {
  // FNV-1a, 64 bits: the same on every machine.
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : user_id) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

absl::StatusOr<grpc::ServerWriteReactor<v1::WatchTasksResponse>*> ChangeFeed::Open(const std::string& user_id,
                                                                                   const std::string& last_event_id,
                                                                                   absl::Time expire_time) {
  common::MutexLock lock(mutex_);
  if (!end_.ok()) return end_;
  User& user = users_[user_id];
  if (user.streams.size() >= kMaxStreams) return TooManyStreams();
  const std::shared_ptr<TaskStream> stream =
      TaskStream::Make({.user_id = user_id,
                        .last_event_id = last_event_id,
                        .expire_time = expire_time,
                        .on_hungry = [this, user_id] { Wake(user_id); },
                        .on_done = [this](const TaskStream* gone) { Remove(gone); }});
  user.streams.insert(stream);
  hashes_[HashOf(user_id)] = user_id;
  streams_[stream.get()] = stream;
  WakeLocked(user_id, user);
  if (streams_.size() == 1 && on_first_stream_) on_first_stream_();
  return stream.get();
}

void ChangeFeed::OnFirstStream(std::function<void()> action) {
  common::MutexLock lock(mutex_);
  on_first_stream_ = std::move(action);
}

void ChangeFeed::Remove(const TaskStream* stream) {
  common::MutexLock lock(mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  const auto user = users_.find(stream->user_id());
  user->second.streams.erase(found->second);
  ForgetIfIdle(user);
  streams_.erase(found);
  if (streams_.empty()) is_empty_.NotifyAll();
}

void ChangeFeed::Wake(const std::string& user_id) {
  common::MutexLock lock(mutex_);
  const auto user = users_.find(user_id);
  if (user != users_.end()) WakeLocked(user_id, user->second);
}

void ChangeFeed::WakeHash(uint64_t hash) {
  common::MutexLock lock(mutex_);
  const auto user_id = hashes_.find(hash);
  if (user_id == hashes_.end()) return;
  const auto user = users_.find(user_id->second);
  if (user != users_.end()) WakeLocked(user->first, user->second);
}

void ChangeFeed::WakeAll() {
  common::MutexLock lock(mutex_);
  for (auto& [user_id, user] : users_) WakeLocked(user_id, user);
}

void ChangeFeed::WakeLocked(const std::string& user_id, User& user) {
  if (std::exchange(user.is_woken, true) || user.is_served) return;
  woken_.push_back(user_id);
  has_woken_.NotifyOne();
}

void ChangeFeed::ForgetIfIdle(Users::iterator user) {
  if (!user->second.streams.empty() || user->second.is_woken || user->second.is_served) return;
  hashes_.erase(HashOf(user->first));
  users_.erase(user);
}

void ChangeFeed::Serve() {
  common::MutexLock lock(mutex_);
  while (true) {
    while (woken_.empty() && !is_stopping_) has_woken_.Wait(mutex_);
    if (is_stopping_) return;
    const std::string user_id = std::move(woken_.front());
    woken_.pop_front();
    const auto user = users_.find(user_id);
    // From here on whoever wakes the user has him served once more.
    user->second.is_woken = false;
    user->second.is_served = true;
    std::vector<std::shared_ptr<TaskStream>> streams(user->second.streams.begin(), user->second.streams.end());
    mutex_.Unlock();
    ServeUser(user_id, streams);
    streams.clear();
    mutex_.Lock();
    user->second.is_served = false;
    if (std::exchange(user->second.is_woken, false)) WakeLocked(user_id, user->second);
    ForgetIfIdle(user);
  }
}

void ChangeFeed::ServeUser(const std::string& user_id, const std::vector<std::shared_ptr<TaskStream>>& streams) {
  const absl::StatusOr<TokenKey> key = facts_.GetTokenKey(DeadlineAfter(kReadTimeout));
  if (!key.ok()) {
    for (const auto& stream : streams) stream->Fail(key.status());
    return;
  }
  std::vector<std::shared_ptr<TaskStream>> hungry;
  int64_t after = INT64_MAX;
  for (const auto& stream : streams) {
    stream->Open(*key);
    const std::optional<int64_t> wants = stream->Wants();
    if (!wants) continue;
    after = std::min(after, *wants);
    hungry.push_back(stream);
  }
  if (hungry.empty()) return;
  const absl::StatusOr<Changes> changes = log_.Read(user_id, after, kPageSize, DeadlineAfter(kReadTimeout));
  for (const auto& stream : hungry) {
    if (changes.ok()) {
      stream->Deliver(*changes);
    } else {
      stream->Fail(changes.status());
    }
  }
}

void ChangeFeed::Watch() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    stopping_.WaitUntil(mutex_, DeadlineAfter(kLookInterval));
    if (is_stopping_) return;
    if (streams_.empty()) continue;
    mutex_.Unlock();
    EndExpired();
    LookForChanges();
    mutex_.Lock();
  }
}

void ChangeFeed::EndExpired() {
  const absl::Time now = clock_.Now();
  for (const auto& stream : AllStreams()) {
    if (stream->expire_time() <= now) stream->End(TokenExpired());
  }
}

void ChangeFeed::LookForChanges() {
  const std::vector<std::shared_ptr<TaskStream>> streams = AllStreams();
  std::vector<std::string> users;
  for (const auto& stream : streams) users.push_back(stream->user_id());
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  std::map<std::string, ChangeState> states;
  for (size_t i = 0; i < users.size(); i += kMaxAskedAbout) {
    const std::vector<std::string> part(
        users.begin() + static_cast<std::ptrdiff_t>(i),
        users.begin() + static_cast<std::ptrdiff_t>(std::min(users.size(), i + kMaxAskedAbout)));
    absl::StatusOr<std::map<std::string, ChangeState>> some = log_.ReadStates(part, DeadlineAfter(kReadTimeout));
    if (!some.ok()) return;
    states.merge(*some);
  }
  for (const auto& stream : streams) {
    if (stream->IsBehind(states[stream->user_id()])) Wake(stream->user_id());
  }
}

std::vector<std::shared_ptr<TaskStream>> ChangeFeed::AllStreams() const {
  common::MutexLock lock(mutex_);
  std::vector<std::shared_ptr<TaskStream>> streams;
  streams.reserve(streams_.size());
  for (const auto& [key, stream] : streams_) streams.push_back(stream);
  return streams;
}

void ChangeFeed::EndAll(const absl::Status& status) {
  {
    common::MutexLock lock(mutex_);
    if (end_.ok()) end_ = status;
  }
  for (const auto& stream : AllStreams()) stream->End(status);
}

size_t ChangeFeed::size() const {
  common::MutexLock lock(mutex_);
  return streams_.size();
}

}  // namespace todo
