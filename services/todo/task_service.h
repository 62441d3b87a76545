#pragma once

#include <functional>
#include <string>

#include "common/auth/principal.h"
#include "common/core/clock.h"
#include "common/core/logger.h"
#include "services/todo/deadline.h"
#include "services/todo/task_store.h"
#include "services/todo/worker_pool.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo {

// todo.v1.TaskService on gRPC. Each call goes the same way: a principal is there, or the call is denied; the request's
// `user_id` is the principal's, or it is refused; the request is valid, or it is refused; and only then, on a worker
// thread, comes the store.
class TaskService final : public v1::TaskService::CallbackService {
 public:
  // All must outlive the service and the calls under way.
  TaskService(TaskStore& store, WorkerPool& workers, const common::Clock& clock, common::Logger logger)
      : store_(store), workers_(workers), clock_(clock), logger_(std::move(logger)) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* GetMe(Context* context, const v1::GetMeRequest* request, v1::GetMeResponse* response) override;
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

 private:
  // What a call does on a worker thread, once its request is valid.
  using Work = std::function<absl::Status(Deadline deadline)>;

  // Takes a call up to the store. `validate(request)` gives a StatusOr of what `run(valid, deadline)` is called with.
  template <typename Request, typename Validate, typename Run>
  Reactor* ForOwner(Context* context, const Request& request, Validate validate, Run run);

  // Checks `user_id`, logging `authz_fail` where it is another's.
  absl::Status CheckOwner(const auth::Principal& principal, const std::string& user_id,
                          const google::protobuf::Message& request) const;
  // Runs `work` on a worker thread and finishes the call with what it gives.
  void Submit(Context* context, Reactor* reactor, Work work);

  absl::Status ListPage(const v1::ListTasksRequest& request, int page_size, const TaskListQuery& query,
                        Deadline deadline, v1::ListTasksResponse& response);
  absl::Status CountTasks(const std::string& user_id, Deadline deadline, v1::GetTaskMetricsResponse& response);

  TaskStore& store_;
  WorkerPool& workers_;
  const common::Clock& clock_;
  const common::Logger logger_;
};

}  // namespace todo
