#include "tests/support/todo/running_todo.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/grpc/health_probe.h"
#include "services/todo/config.h"
#include "services/todo/database_url.h"

namespace todo::testing {
namespace {

// Where TEST_POOLER_URL names one, all tests go through it: the same suite, behind a pooler.
std::string PoolerUrl(const std::string& chosen) {
  const char* url = std::getenv("TEST_POOLER_URL");
  if (chosen.empty() && url == nullptr) return "";
  return *ToConnectionString(chosen.empty() ? url : chosen);
}

common::Logger TestLogger() {
  const bool is_verbose = std::getenv("TEST_VERBOSE") != nullptr;
  return is_verbose ? common::Logger::ToStandardError("todo-service", true) : common::Logger::Silent();
}

}  // namespace

Config RunningTodo::MakeConfig() const {
  std::map<std::string, std::string> variables = {{"NEON_DATABASE_URL", database_.service_url()},
                                                  {"VERIFIER_ADDRESS", verifier_.address()},
                                                  {"TODO_PORT", "0"},
                                                  {"DATABASE_POOL_SIZE", absl::StrCat(options_.pool_size)},
                                                  {"USER_RATE", absl::StrCat(options_.user_rate)}};
  const std::string pooler = PoolerUrl(options_.pooler_url);
  if (!pooler.empty()) {
    variables["NEON_DATABASE_URL"] =
        absl::StrCat(pooler, " dbname='", database_.name(), "' user='", database_.service_role(), "'");
  }
  if (options_.listens) variables["NEON_DATABASE_DIRECT_URL"] = database_.service_url();
  common::ConfigReader reader([&variables](const std::string& name) -> std::optional<std::string> {
    const auto variable = variables.find(name);
    return variable == variables.end() ? std::nullopt : std::optional(variable->second);
  });
  return ReadConfig(reader);
}

RunningTodo::RunningTodo(const Options& options)
    : options_(options), database_(options.schema, options.server_url), server_(StartReplica()) {
  channel_ = ChannelTo(*server_);
  stub_ = v1::TaskService::NewStub(channel_);
  list_stub_ = v1::TaskListService::NewStub(channel_);
}

std::unique_ptr<TodoServer> RunningTodo::StartReplica() {
  auto server = TodoServer::Start(MakeConfig(), clock_, TestLogger());
  if (!server.ok()) std::abort();
  return *std::move(server);
}

std::shared_ptr<grpc::Channel> RunningTodo::ChannelTo(const TodoServer& server) {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", server.port()), grpc::InsecureChannelCredentials());
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
