#include "services/todo/connection_pool.h"

#include <algorithm>
#include <utility>

namespace todo {
namespace {

// Enough to open a pool quickly over a slow network.
constexpr int kMakers = 2;

}  // namespace

ConnectionPool::Lease::~Lease() {
  if (connection_ != nullptr) pool_->GiveBack(std::move(connection_), is_spoilt_);
}

ConnectionPool::ConnectionPool(ConnectionPoolOptions options) : options_(std::move(options)) {
  for (int i = 0; i < std::min(kMakers, options_.size); ++i) makers_.emplace_back([this] { MakeConnections(); });
}

ConnectionPool::~ConnectionPool() {
  {
    common::MutexLock lock(mutex_);
    is_stopping_ = true;
    is_wanted_.NotifyAll();
  }
  for (std::thread& maker : makers_) maker.join();
}

absl::StatusOr<ConnectionPool::Lease> ConnectionPool::Acquire(Deadline deadline) {
  const Deadline start = std::chrono::steady_clock::now();
  const Deadline held_by_others = std::min(deadline, start + absl::ToChronoNanoseconds(options_.acquire_timeout));
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> connection = WaitInLine(held_by_others, deadline);
  acquire_seconds_.Observe(absl::FromChrono(std::chrono::steady_clock::now() - start));
  if (!connection.ok()) return connection.status();
  return Lease(*this, *std::move(connection));
}

absl::StatusOr<std::unique_ptr<DatabaseConnection>> ConnectionPool::WaitInLine(Deadline held_by_others,
                                                                               Deadline being_made) {
  common::MutexLock lock(mutex_);
  ++waiting_;
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> connection = Wait(held_by_others, being_made);
  --waiting_;
  return connection;
}

ConnectionPool::Usage ConnectionPool::usage() const {
  common::MutexLock lock(mutex_);
  const int idle = static_cast<int>(idle_.size());
  return {.in_use = open_ - wanted_ - being_made_ - idle, .idle = idle, .max = options_.size};
}

absl::StatusOr<std::unique_ptr<DatabaseConnection>> ConnectionPool::Wait(Deadline held_by_others, Deadline being_made) {
  const int failures_before = failures_;
  while (true) {
    if (auto connection = TakeIdle()) return connection;
    if (failures_ != failures_before) return last_failure_;
    AskForConnection();
    const bool one_is_coming = wanted_ + being_made_ > 0;
    const Deadline limit = one_is_coming ? being_made : held_by_others;
    if (HasPassed(limit)) {
      if (one_is_coming) return absl::UnavailableError("no connection to the database could be made in time");
      return absl::ResourceExhaustedError("all connections to the database are in use");
    }
    changed_.WaitUntil(mutex_, limit);
  }
}

void ConnectionPool::AskForConnection() {
  if (open_ == options_.size || wanted_ + being_made_ >= waiting_) return;
  ++open_;
  ++wanted_;
  is_wanted_.NotifyOne();
}

void ConnectionPool::GiveBack(std::unique_ptr<DatabaseConnection> connection, bool is_spoilt) {
  if (is_spoilt) connection.reset();
  common::MutexLock lock(mutex_);
  if (connection == nullptr) {
    --open_;
  } else {
    idle_.push_back({std::move(connection), DeadlineAfter(options_.max_idle)});
  }
  changed_.NotifyOne();
}

std::unique_ptr<DatabaseConnection> ConnectionPool::TakeIdle() {
  CloseExpired();
  while (!idle_.empty()) {
    std::unique_ptr<DatabaseConnection> connection = std::move(idle_.back().connection);
    idle_.pop_back();
    if (connection->IsQuiet()) return connection;
    --open_;
  }
  return nullptr;
}

void ConnectionPool::CloseExpired() {
  const auto first_fresh =
      std::find_if(idle_.begin(), idle_.end(), [](const Idle& idle) { return !HasPassed(idle.expires); });
  open_ -= static_cast<int>(first_fresh - idle_.begin());
  idle_.erase(idle_.begin(), first_fresh);
}

void ConnectionPool::MakeConnections() {
  common::MutexLock lock(mutex_);
  while (!is_stopping_) {
    if (wanted_ > 0) {
      MakeOne();
      continue;
    }
    // Idle connections are closed in time even where nobody asks for one.
    is_wanted_.WaitUntil(mutex_, idle_.empty() ? DeadlineAfter(options_.max_idle) : idle_.front().expires);
    CloseExpired();
  }
}

void ConnectionPool::MakeOne() {
  --wanted_;
  ++being_made_;
  mutex_.Unlock();
  absl::StatusOr<std::unique_ptr<DatabaseConnection>> connection = Connect();
  mutex_.Lock();
  --being_made_;
  if (connection.ok()) {
    idle_.push_back({*std::move(connection), DeadlineAfter(options_.max_idle)});
  } else {
    --open_;
    ++failures_;
    last_failure_ = connection.status();
  }
  changed_.NotifyAll();
}

absl::StatusOr<std::unique_ptr<DatabaseConnection>> ConnectionPool::Connect() const {
  auto connection = DatabaseConnection::Open(options_.connection_string);
  if (!connection.ok() || !options_.check) return connection;
  if (absl::Status status = options_.check(**connection); !status.ok()) return status;
  return connection;
}

}  // namespace todo
