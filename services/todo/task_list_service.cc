#include "services/todo/task_list_service.h"

#include <utility>

#include "services/todo/task_list_validation.h"

namespace todo {
namespace {

// Puts the list of a StatusOr into a response.
template <typename Response>
absl::Status Answer(absl::StatusOr<v1::TaskList> list, Response& response) {
  if (!list.ok()) return list.status();
  *response.mutable_task_list() = *std::move(list);
  return absl::OkStatus();
}

}  // namespace

TaskListService::Reactor* TaskListService::CreateTaskList(Context* context, const v1::CreateTaskListRequest* request,
                                                          v1::CreateTaskListResponse* response) {
  return gate_.ForOwner(context, *request, ValidateCreateList,
                        [=, this](const todo::CreateTaskList& create, Deadline deadline) {
                          return Answer(lists_.Create(request->user_id(), create, deadline), *response);
                        });
}

TaskListService::Reactor* TaskListService::ListTaskLists(Context* context, const v1::ListTaskListsRequest* request,
                                                         v1::ListTaskListsResponse* response) {
  const auto validate = [](const v1::ListTaskListsRequest& list) -> absl::StatusOr<std::string> {
    if (absl::Status status = ValidateUserId(list.user_id()); !status.ok()) return status;
    return list.user_id();
  };
  return gate_.ForOwner(context, *request, validate, [=, this](const std::string& user_id, Deadline deadline) {
    auto lists = lists_.List(user_id, deadline);
    if (lists.ok()) *response->mutable_items() = *std::move(lists);
    return lists.status();
  });
}

TaskListService::Reactor* TaskListService::GetTaskList(Context* context, const v1::GetTaskListRequest* request,
                                                       v1::GetTaskListResponse* response) {
  const auto validate = [](const v1::GetTaskListRequest& get) {
    return ValidateId(get.user_id(), get.list_id(), "list_id");
  };
  return gate_.ForOwner(context, *request, validate, [=, this](const std::string& list_id, Deadline deadline) {
    return Answer(lists_.Get(request->user_id(), list_id, deadline), *response);
  });
}

TaskListService::Reactor* TaskListService::UpdateTaskList(Context* context, const v1::UpdateTaskListRequest* request,
                                                          v1::UpdateTaskListResponse* response) {
  return gate_.ForOwner(context, *request, ValidateUpdateList,
                        [=, this](const ChangeTaskList& change, Deadline deadline) {
                          return Answer(lists_.Change(request->user_id(), change, deadline), *response);
                        });
}

TaskListService::Reactor* TaskListService::DeleteTaskList(Context* context, const v1::DeleteTaskListRequest* request,
                                                          v1::DeleteTaskListResponse*) {
  return gate_.ForOwner(context, *request, ValidateDeleteList,
                        [=, this](const todo::DeleteTaskList& deletion, Deadline deadline) {
                          return lists_.Delete(request->user_id(), deletion, deadline);
                        });
}

}  // namespace todo
