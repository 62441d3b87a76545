#pragma once

#include <string>
#include <vector>

#include "tests/support/todo/running_todo.h"

namespace todo::testing {

// One user of a running service: the calls of the API, short enough to tell a story with. A call answers its status;
// what it gave is in `response` where that is asked for.
class ApiUser {
 public:
  ApiUser(RunningTodo& todo, std::string name) : todo_(todo), name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  // Fills in the user and sends.
  template <typename Method, typename Request, typename Response>
  grpc::Status Send(Method method, Request request, Response* response) {
    request.set_user_id(name_);
    return todo_.Call(method, name_, request, response);
  }

  v1::Task Create(const std::string& title) { return todo_.Create(name_, title); }
  v1::Task Create(const v1::Task& task) { return todo_.Create(name_, task); }
  grpc::Status Create(const v1::CreateTaskRequest& request, v1::Task* task);
  grpc::Status Update(const std::string& id, const v1::Task& content, const std::vector<std::string>& mask = {},
                      v1::Task* task = nullptr);
  grpc::Status Delete(const std::string& id, const std::string& etag = "");
  grpc::Status Undelete(const std::string& id, v1::Task* task = nullptr);
  // The page that a query gives; fails the test where it gives none.
  v1::ListTasksResponse List(v1::ListTasksRequest request = {});
  // The titles that a query gives.
  std::vector<std::string> Titles(const v1::ListTasksRequest& request = {});
  // What has changed since `token`, on as many pages as there are; `token` becomes the next one.
  v1::SyncTasksResponse Sync(std::string* token, int page_size = 0);
  grpc::Status SyncStatus(const std::string& token);
  v1::TaskList CreateList(const std::string& name);
  grpc::Status DeleteList(const std::string& id);
  std::vector<std::string> ListNames();
  // The tags in use, as `tag:count`.
  std::vector<std::string> Tags();

 private:
  RunningTodo& todo_;
  const std::string name_;
};

// A task of one title, and what else is said.
v1::Task TaskOf(const std::string& title, const std::vector<std::string>& tags = {}, const std::string& due_date = "");

}  // namespace todo::testing
