#pragma once

#include <optional>
#include <string>
#include <unordered_set>

#include "common/core/mutex.h"
#include "services/todo/database.h"
#include "services/todo/sealed_token.h"

namespace todo {

// What the database says and does not change while this process lives: asked for once each. Thread-safe.
class DatabaseFacts {
 public:
  // `database` must outlive this.
  explicit DatabaseFacts(Database& database) : database_(database) {}

  // The key that all replicas seal tokens with.
  absl::StatusOr<TokenKey> GetTokenKey(Deadline deadline) EXCLUDES(mutex_);

  // OK where there is such a time zone, by the IANA database that PostgreSQL has, in its exact spelling;
  // INVALID_ARGUMENT, a violation of `field`, where there is none. Asks nothing about UTC.
  absl::Status CheckTimeZone(const std::string& time_zone, const std::string& field, Deadline deadline)
      EXCLUDES(mutex_);

 private:
  Database& database_;
  common::Mutex mutex_;
  std::optional<TokenKey> token_key_ GUARDED_BY(mutex_);
  std::unordered_set<std::string> time_zones_ GUARDED_BY(mutex_);
};

}  // namespace todo
