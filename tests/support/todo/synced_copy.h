#pragma once

#include <map>
#include <string>

#include "todo/v1/task_service.pb.h"

namespace todo::testing {

// What a client holds that does nothing but sync. A value.
class SyncedCopy {
 public:
  void Apply(const v1::SyncTasksResponse& changes) {
    for (const v1::Task& task : changes.tasks()) {
      tasks_.erase(task.id());
      if (!task.has_deleted_at()) tasks_[task.id()] = task.SerializeAsString();
    }
  }
  // The tasks outside the trash, serialized, by id.
  const std::map<std::string, std::string>& tasks() const { return tasks_; }

 private:
  std::map<std::string, std::string> tasks_;
};

}  // namespace todo::testing
