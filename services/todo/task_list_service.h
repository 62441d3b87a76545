#pragma once

#include "services/todo/call_gate.h"
#include "services/todo/task_list_store.h"
#include "todo/v1/task_list_service.grpc.pb.h"

namespace todo {

// todo.v1.TaskListService on gRPC.
class TaskListService final : public v1::TaskListService::CallbackService {
 public:
  // Both must outlive the service and the calls under way.
  TaskListService(CallGate& gate, TaskListStore& lists) : gate_(gate), lists_(lists) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* CreateTaskList(Context* context, const v1::CreateTaskListRequest* request,
                          v1::CreateTaskListResponse* response) override;
  Reactor* ListTaskLists(Context* context, const v1::ListTaskListsRequest* request,
                         v1::ListTaskListsResponse* response) override;
  Reactor* GetTaskList(Context* context, const v1::GetTaskListRequest* request,
                       v1::GetTaskListResponse* response) override;
  Reactor* UpdateTaskList(Context* context, const v1::UpdateTaskListRequest* request,
                          v1::UpdateTaskListResponse* response) override;
  Reactor* DeleteTaskList(Context* context, const v1::DeleteTaskListRequest* request,
                          v1::DeleteTaskListResponse* response) override;

 private:
  CallGate& gate_;
  TaskListStore& lists_;
};

}  // namespace todo
