#include "services/todo/database_facts.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/grpc/error.h"
#include "services/todo/task_errors.h"
#include "services/todo/task_statements.h"

namespace todo {

absl::StatusOr<TokenKey> DatabaseFacts::GetTokenKey(Deadline deadline) {
  {
    common::MutexLock lock(mutex_);
    if (token_key_) return *token_key_;
  }
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTokenKey(), {}, deadline);
  if (!rows.ok()) return rows.status();
  const std::string bytes = rows->empty() ? "" : absl::HexStringToBytes(rows->front()[0].c_str());
  TokenKey key;
  if (bytes.size() != key.size()) return absl::InternalError("the database holds no token key");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  common::MutexLock lock(mutex_);
  token_key_ = key;
  return key;
}

absl::Status DatabaseFacts::CheckTimeZone(const std::string& time_zone, const std::string& field, Deadline deadline) {
  if (time_zone == "UTC") return absl::OkStatus();
  const auto answer = [&](bool is_known) {
    return is_known ? absl::OkStatus() : common::InvalidFields({{field, std::string(kNoSuchTimeZone)}});
  };
  {
    common::MutexLock lock(mutex_);
    if (!time_zones_.empty()) return answer(time_zones_.count(time_zone) > 0);
  }
  absl::StatusOr<pqxx::result> rows = database_.Read(SelectTimeZones(), {}, deadline);
  if (!rows.ok()) return rows.status();
  common::MutexLock lock(mutex_);
  for (const auto& row : *rows) time_zones_.insert(row[0].c_str());
  return answer(time_zones_.count(time_zone) > 0);
}

}  // namespace todo
