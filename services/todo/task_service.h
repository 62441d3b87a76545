#pragma once

#include <string>

#include "common/core/clock.h"
#include "services/todo/call_gate.h"
#include "services/todo/change_feed.h"
#include "services/todo/change_log.h"
#include "services/todo/database_facts.h"
#include "services/todo/task_list_store.h"
#include "services/todo/task_store.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo {

// todo.v1.TaskService on gRPC: each method checks what it can without the database, asks a store and puts what that
// gives into the answer.
class TaskService final : public v1::TaskService::CallbackService {
 public:
  // What it works with. All must outlive the service and the calls under way.
  struct Parts {
    CallGate& gate;
    TaskStore& tasks;
    TaskListStore& lists;
    ChangeLog& log;
    ChangeFeed& feed;
    DatabaseFacts& facts;
    const common::Clock& clock;
  };
  explicit TaskService(const Parts& parts) : parts_(parts) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* GetMe(Context* context, const v1::GetMeRequest* request, v1::GetMeResponse* response) override;
  Reactor* DeleteMe(Context* context, const v1::DeleteMeRequest* request, v1::DeleteMeResponse* response) override;
  Reactor* CreateTask(Context* context, const v1::CreateTaskRequest* request,
                      v1::CreateTaskResponse* response) override;
  Reactor* ListTasks(Context* context, const v1::ListTasksRequest* request, v1::ListTasksResponse* response) override;
  Reactor* GetTaskMetrics(Context* context, const v1::GetTaskMetricsRequest* request,
                          v1::GetTaskMetricsResponse* response) override;
  Reactor* GetTask(Context* context, const v1::GetTaskRequest* request, v1::GetTaskResponse* response) override;
  Reactor* ReplaceTask(Context* context, const v1::ReplaceTaskRequest* request,
                       v1::ReplaceTaskResponse* response) override;
  Reactor* UpdateTask(Context* context, const v1::UpdateTaskRequest* request,
                      v1::UpdateTaskResponse* response) override;
  Reactor* ToggleTask(Context* context, const v1::ToggleTaskRequest* request,
                      v1::ToggleTaskResponse* response) override;
  Reactor* CompleteTask(Context* context, const v1::CompleteTaskRequest* request,
                        v1::CompleteTaskResponse* response) override;
  Reactor* DeleteTask(Context* context, const v1::DeleteTaskRequest* request,
                      v1::DeleteTaskResponse* response) override;
  Reactor* UndeleteTask(Context* context, const v1::UndeleteTaskRequest* request,
                        v1::UndeleteTaskResponse* response) override;
  Reactor* BatchCreateTasks(Context* context, const v1::BatchCreateTasksRequest* request,
                            v1::BatchCreateTasksResponse* response) override;
  Reactor* BatchUpdateTasks(Context* context, const v1::BatchUpdateTasksRequest* request,
                            v1::BatchUpdateTasksResponse* response) override;
  Reactor* BatchDeleteTasks(Context* context, const v1::BatchDeleteTasksRequest* request,
                            v1::BatchDeleteTasksResponse* response) override;
  Reactor* SyncTasks(Context* context, const v1::SyncTasksRequest* request, v1::SyncTasksResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchTasksResponse>* WatchTasks(Context* context,
                                                               const v1::WatchTasksRequest* request) override;
  Reactor* ExportTasks(Context* context, const v1::ExportTasksRequest* request,
                       v1::ExportTasksResponse* response) override;
  Reactor* ImportTasks(Context* context, const v1::ImportTasksRequest* request,
                       v1::ImportTasksResponse* response) override;
  Reactor* ListTags(Context* context, const v1::ListTagsRequest* request, v1::ListTagsResponse* response) override;
  Reactor* GetTag(Context* context, const v1::GetTagRequest* request, v1::GetTagResponse* response) override;
  Reactor* DeleteTag(Context* context, const v1::DeleteTagRequest* request, v1::DeleteTagResponse* response) override;

 private:
  // A write of tasks that answers the only one.
  template <typename Request, typename Response, typename Validate>
  Reactor* ChangeOne(Context* context, const Request* request, Response* response, Validate validate);
  absl::Status ListPage(const v1::ListTasksRequest& request, int page_size, const TaskListQuery& query,
                        Deadline deadline, v1::ListTasksResponse& response);
  absl::Status CountTasks(const std::string& user_id, const std::string& time_zone, Deadline deadline,
                          v1::GetTaskMetricsResponse& response);
  absl::Status SyncPage(const v1::SyncTasksRequest& request, int page_size, Deadline deadline,
                        v1::SyncTasksResponse& response);
  absl::Status ExportPage(const v1::ExportTasksRequest& request, Deadline deadline, v1::ExportTasksResponse& response);
  // Whether the time zones that the tasks of a write name exist.
  absl::Status CheckTimeZones(const CreateTasks& create, Deadline deadline);
  absl::Status CheckTimeZones(const ChangeTasks& change, Deadline deadline);

  const Parts parts_;
};

}  // namespace todo
