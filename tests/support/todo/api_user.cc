#include "tests/support/todo/api_user.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace todo::testing {

grpc::Status ApiUser::Create(const v1::CreateTaskRequest& request, v1::Task* task) {
  v1::CreateTaskResponse response;
  const grpc::Status status = Send(&Stub::CreateTask, request, &response);
  if (task != nullptr) *task = response.task();
  return status;
}

grpc::Status ApiUser::Update(const std::string& id, const v1::Task& content, const std::vector<std::string>& mask,
                             v1::Task* task) {
  v1::UpdateTaskRequest request;
  request.set_task_id(id);
  *request.mutable_task() = content;
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  v1::UpdateTaskResponse response;
  const grpc::Status status = Send(&Stub::UpdateTask, request, &response);
  if (task != nullptr) *task = response.task();
  return status;
}

grpc::Status ApiUser::Delete(const std::string& id, const std::string& etag) {
  v1::DeleteTaskRequest request;
  request.set_task_id(id);
  request.set_etag(etag);
  v1::DeleteTaskResponse response;
  return Send(&Stub::DeleteTask, request, &response);
}

grpc::Status ApiUser::Undelete(const std::string& id, v1::Task* task) {
  v1::UndeleteTaskRequest request;
  request.set_task_id(id);
  v1::UndeleteTaskResponse response;
  const grpc::Status status = Send(&Stub::UndeleteTask, request, &response);
  if (task != nullptr) *task = response.task();
  return status;
}

v1::ListTasksResponse ApiUser::List(v1::ListTasksRequest request) {
  v1::ListTasksResponse response;
  const grpc::Status status = Send(&Stub::ListTasks, std::move(request), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

std::vector<std::string> ApiUser::Titles(const v1::ListTasksRequest& request) {
  std::vector<std::string> titles;
  const v1::ListTasksResponse response = List(request);
  for (const v1::Task& task : response.items()) titles.push_back(task.title());
  return titles;
}

v1::SyncTasksResponse ApiUser::Sync(std::string* token, int page_size) {
  v1::SyncTasksResponse all;
  v1::SyncTasksResponse page;
  do {
    v1::SyncTasksRequest request;
    request.set_sync_token(*token);
    request.set_page_size(page_size);
    page.Clear();
    const grpc::Status status = Send(&Stub::SyncTasks, request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (!status.ok()) break;
    all.mutable_tasks()->MergeFrom(page.tasks());
    all.mutable_lists()->MergeFrom(page.lists());
    *token = page.next_sync_token();
  } while (page.has_more());
  return all;
}

grpc::Status ApiUser::SyncStatus(const std::string& token) {
  v1::SyncTasksRequest request;
  request.set_sync_token(token);
  v1::SyncTasksResponse response;
  return Send(&Stub::SyncTasks, request, &response);
}

v1::TaskList ApiUser::CreateList(const std::string& name) {
  v1::CreateTaskListRequest request;
  request.set_user_id(name_);
  request.mutable_task_list()->set_name(name);
  v1::CreateTaskListResponse response;
  const grpc::Status status = todo_.CallLists(&ListStub::CreateTaskList, name_, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.task_list();
}

grpc::Status ApiUser::DeleteList(const std::string& id) {
  v1::DeleteTaskListRequest request;
  request.set_user_id(name_);
  request.set_list_id(id);
  v1::DeleteTaskListResponse response;
  return todo_.CallLists(&ListStub::DeleteTaskList, name_, request, &response);
}

std::vector<std::string> ApiUser::ListNames() {
  v1::ListTaskListsRequest request;
  request.set_user_id(name_);
  v1::ListTaskListsResponse response;
  EXPECT_TRUE(todo_.CallLists(&ListStub::ListTaskLists, name_, request, &response).ok());
  std::vector<std::string> names;
  for (const v1::TaskList& list : response.items()) names.push_back(list.name());
  return names;
}

std::vector<std::string> ApiUser::Tags() {
  v1::ListTagsResponse response;
  EXPECT_TRUE(Send(&Stub::ListTags, v1::ListTagsRequest(), &response).ok());
  std::vector<std::string> tags;
  for (const v1::Tag& tag : response.items()) tags.push_back(absl::StrCat(tag.name(), ":", tag.task_count()));
  return tags;
}

v1::Task TaskOf(const std::string& title, const std::vector<std::string>& tags, const std::string& due_date) {
  v1::Task task;
  task.set_title(title);
  for (const std::string& tag : tags) task.add_tags(tag);
  if (!due_date.empty()) task.set_due_date(due_date);
  return task;
}

}  // namespace todo::testing
