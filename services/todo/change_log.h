#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "services/todo/database.h"
#include "services/todo/sync_token.h"
#include "todo/v1/task.pb.h"
#include "todo/v1/task_list.pb.h"

namespace todo {

// One change of a user's: what changed, as it is now. A value.
struct Change {
  int64_t number = 0;
  std::variant<v1::Task, v1::TaskList> item;
};

// Some changes, in order.
struct Changes {
  ChangeState state;
  std::vector<Change> changes;
  // Whether there are more behind the last one.
  bool has_more = false;
};

// What has changed, and in which order. There is no log beside the data: each task and each list holds the number of
// the change that wrote it last, and what was deleted stays in the trash for as long as changes are told. Thread-safe.
class ChangeLog {
 public:
  // `database` must outlive the log.
  explicit ChangeLog(Database& database) : database_(database) {}

  // The changes behind number `after`: at most `limit` (1 to 1,000), and 1 MiB. One round trip.
  absl::StatusOr<Changes> Read(const std::string& user_id, int64_t after, int limit, Deadline deadline);

  // How far each of the users' changes have come, where they have any. One round trip.
  absl::StatusOr<std::map<std::string, ChangeState>> ReadStates(const std::vector<std::string>& user_ids,
                                                                Deadline deadline);

 private:
  Database& database_;
};

}  // namespace todo
