#include "services/todo/change_signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/todo/task_statements.h"
#include "services/todo/uuid.h"

namespace todo {
namespace {

constexpr char kChannel[] = "todo_changes";
constexpr absl::Duration kGatherTime = absl::Milliseconds(20);
constexpr absl::Duration kTellTimeout = absl::Seconds(2);
constexpr absl::Duration kReconnectPause = absl::Seconds(1);
// A payload may have 8,000 bytes; a user takes 17.
constexpr size_t kMaxUsersTold = 400;
// How often it is asked whether there still are streams.
constexpr int kListenMilliseconds = 10000;

}  // namespace

ChangeSignals::ChangeSignals(Database& database, ChangeFeed& feed, std::string direct_database, common::Logger logger)
    : database_(database),
      feed_(feed),
      direct_database_(std::move(direct_database)),
      logger_(std::move(logger)),
      own_name_(NewUuid(absl::Now())),
      stop_event_(eventfd(0, EFD_CLOEXEC)),
      teller_([this] { Tell(); }),
      hearer_([this] { Hear(); }) {
  feed_.OnFirstStream([this] { StreamsBegan(); });
}

ChangeSignals::~ChangeSignals() {
  feed_.OnFirstStream(nullptr);
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    changed_.NotifyAll();
    stopping_.NotifyAll();
    has_streams_.NotifyAll();
  }
  const uint64_t one = 1;
  (void)!write(stop_event_, &one, sizeof one);
  teller_.join();
  hearer_.join();
  close(stop_event_);
}

void ChangeSignals::Changed(const std::string& user_id) {
  feed_.Wake(user_id);
  common::MutexLock lock(mutex_);
  if (untold_.empty()) changed_.NotifyOne();
  untold_.insert(ChangeFeed::HashOf(user_id));
}

void ChangeSignals::StreamsBegan() {
  common::MutexLock lock(mutex_);
  has_streams_.NotifyOne();
}

void ChangeSignals::Tell() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    while (untold_.empty() && !is_stopping_) changed_.Wait(mutex_);
    const Deadline gathered = DeadlineAfter(kGatherTime);
    while (!is_stopping_ && stopping_.WaitUntil(mutex_, gathered)) {
    }
    const std::set<uint64_t> users = std::exchange(untold_, {});
    mutex_.Unlock();
    SendAll(users);
    mutex_.Lock();
  }
}

void ChangeSignals::SendAll(const std::set<uint64_t>& users) {
  std::string payload = own_name_;
  size_t count = 0;
  for (const uint64_t user : users) {
    absl::StrAppend(&payload, ",", absl::Hex(user, absl::kZeroPad16));
    if (++count % kMaxUsersTold != 0 && count != users.size()) continue;
    // What cannot be told is found by the other replicas within a second.
    (void)database_.Read(Notify(), {kChannel, payload}, DeadlineAfter(kTellTimeout));
    payload = own_name_;
  }
}

void ChangeSignals::Hear() {
  if (direct_database_.empty()) return;
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    mutex_.Unlock();
    const bool has_streams = feed_.size() > 0;
    const absl::Status status = has_streams ? Listen() : absl::OkStatus();
    if (!status.ok())
      logger_.Warning("change_listen_failed", {{"outcome", "failed"}, {"reason", std::string(status.message())}});
    mutex_.Lock();
    if (is_stopping_) return;
    if (has_streams) {
      stopping_.WaitUntil(mutex_, DeadlineAfter(kReconnectPause));
    } else {
      has_streams_.WaitUntil(mutex_, DeadlineAfter(kReconnectPause));
    }
  }
}

absl::Status ChangeSignals::Listen() {
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> connection = DatabaseConnection::Open(direct_database_);
  if (!connection.ok()) return connection.status();
  if (absl::Status status = (*connection)->Listen(kChannel); !status.ok()) return status;
  // What happened before this connection listened was not heard.
  feed_.WakeAll();
  while (feed_.size() > 0) {
    pollfd waiting[] = {{(*connection)->socket(), POLLIN, 0}, {stop_event_, POLLIN, 0}};
    (void)poll(waiting, 2, kListenMilliseconds);
    if (IsStopping()) return absl::OkStatus();
    absl::StatusOr<std::vector<std::string>> payloads = (*connection)->TakeNotifications();
    if (!payloads.ok()) return payloads.status();
    for (const std::string& payload : *payloads) WakeFor(payload);
  }
  return absl::OkStatus();
}

void ChangeSignals::WakeFor(const std::string& payload) {
  const std::vector<std::string> parts = absl::StrSplit(payload, ',');
  if (parts[0] == own_name_) return;
  for (size_t i = 1; i < parts.size(); ++i) {
    uint64_t user = 0;
    if (absl::SimpleHexAtoi(parts[i], &user)) feed_.WakeHash(user);
  }
}

bool ChangeSignals::IsStopping() const {
  common::MutexLock lock(mutex_);
  return is_stopping_;
}

}  // namespace todo
