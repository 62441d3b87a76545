#include "tests/support/todo/running_todo.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/grpc/health_probe.h"
#include "services/todo/config.h"

namespace todo::testing {
namespace {

Config MakeConfig(const std::string& database_url, const std::string& verifier_address, int pool_size) {
  const std::map<std::string, std::string> variables = {{"NEON_DATABASE_URL", database_url},
                                                        {"VERIFIER_ADDRESS", verifier_address},
                                                        {"TODO_PORT", "0"},
                                                        {"DATABASE_POOL_SIZE", absl::StrCat(pool_size)}};
  common::ConfigReader reader([&variables](const std::string& name) -> std::optional<std::string> {
    const auto variable = variables.find(name);
    return variable == variables.end() ? std::nullopt : std::optional(variable->second);
  });
  return ReadConfig(reader);
}

common::Logger TestLogger() {
  const bool is_verbose = std::getenv("TEST_VERBOSE") != nullptr;
  return is_verbose ? common::Logger::ToStandardError("todo-service", true) : common::Logger::Silent();
}

}  // namespace

RunningTodo::RunningTodo(const Options& options) : database_(options.schema, options.server_url) {
  auto server =
      TodoServer::Start(MakeConfig(database_.url(), verifier_.address(), options.pool_size), clock_, TestLogger());
  if (!server.ok()) std::abort();
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials());
  stub_ = v1::TaskService::NewStub(channel_);
}

v1::Task RunningTodo::Create(const std::string& owner, v1::Task task) {
  v1::CreateTaskRequest request;
  request.set_user_id(owner);
  *request.mutable_task() = std::move(task);
  v1::CreateTaskResponse response;
  const grpc::Status status = Call(&Stub::CreateTask, owner, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.task();
}

v1::Task RunningTodo::Create(const std::string& owner, const std::string& title) {
  v1::Task task;
  task.set_title(title);
  return Create(owner, std::move(task));
}

grpc::Status RunningTodo::Get(const std::string& owner, const std::string& task_id, v1::Task* task) {
  v1::GetTaskRequest request;
  request.set_user_id(owner);
  request.set_task_id(task_id);
  v1::GetTaskResponse response;
  const grpc::Status status = Call(&Stub::GetTask, owner, request, &response);
  if (task != nullptr) *task = response.task();
  return status;
}

grpc::Status RunningTodo::List(const v1::ListTasksRequest& request, v1::ListTasksResponse* response) {
  return Call(&Stub::ListTasks, request.user_id(), request, response);
}

v1::GetTaskMetricsResponse RunningTodo::Metrics(const std::string& owner) {
  v1::GetTaskMetricsRequest request;
  request.set_user_id(owner);
  v1::GetTaskMetricsResponse response;
  const grpc::Status status = Call(&Stub::GetTaskMetrics, owner, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

bool RunningTodo::IsServing() const { return common::ProbeHealth(channel_, absl::Seconds(5)).ok(); }

}  // namespace todo::testing
