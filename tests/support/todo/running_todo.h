#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "common/core/clock.h"
#include "services/todo/todo_server.h"
#include "tests/support/todo/fake_verifier.h"
#include "tests/support/todo/test_database.h"
#include "todo/v1/task_list_service.grpc.pb.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo::testing {

// Tells the time that a test gives it.
class SettableClock : public common::Clock {
 public:
  absl::Time Now() const override { return now; }
  absl::Time now = absl::FromUnixSeconds(1700000000);  // 2023-11-14
};

// The todo service as it runs in production, in this process: real server, interceptor, verifier client and PostgreSQL;
// only the verifier behind them is a made-up one. Calls may be made from many threads.
class RunningTodo {
 public:
  struct Options {
    int pool_size = 4;
    TestDatabase::Schema schema = TestDatabase::Schema::kMigrated;
    // Where the database is; empty means TEST_DATABASE_URL.
    std::string server_url = {};
    // A pooler in front of that server, which the service goes through; empty means none.
    std::string pooler_url = {};
    // Whether it listens for what other replicas tell.
    bool listens = true;
    int user_rate = 0;
  };

  RunningTodo() : RunningTodo(Options{}) {}
  explicit RunningTodo(const Options& options);

  TestDatabase& database() { return database_; }
  FakeVerifier& verifier() { return verifier_; }
  SettableClock& clock() { return clock_; }
  TodoServer& server() { return *server_; }
  // One more replica, on the same database. Must be gone before this is.
  std::unique_ptr<TodoServer> StartReplica();
  // A channel to a server of this process.
  static std::shared_ptr<grpc::Channel> ChannelTo(const TodoServer& server);
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Makes one call with NAME's token: `Call(&Stub::GetTask, "ada", request, &response)`. An empty name sends no token.
  template <typename Method, typename Request, typename Response>
  grpc::Status CallLists(Method method, const std::string& name, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer token-of-" + name);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    return (list_stub_.get()->*method)(&context, request, response);
  }

  template <typename Method, typename Request, typename Response>
  grpc::Status Call(Method method, const std::string& name, const Request& request, Response* response,
                    absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    if (!name.empty()) context.AddMetadata("authorization", "Bearer token-of-" + name);
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    return (stub_.get()->*method)(&context, request, response);
  }

  // Creates a task of `owner`; fails the test where that does not work.
  v1::Task Create(const std::string& owner, v1::Task task);
  v1::Task Create(const std::string& owner, const std::string& title);
  // The task as the service answers it.
  grpc::Status Get(const std::string& owner, const std::string& task_id, v1::Task* task = nullptr);
  grpc::Status List(const v1::ListTasksRequest& request, v1::ListTasksResponse* response);
  v1::GetTaskMetricsResponse Metrics(const std::string& owner);
  // Whether its health is SERVING.
  bool IsServing() const;

 private:
  Config MakeConfig() const;

  const Options options_;
  TestDatabase database_;
  FakeVerifier verifier_;
  SettableClock clock_;
  std::unique_ptr<TodoServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::TaskService::Stub> stub_;
  std::unique_ptr<v1::TaskListService::Stub> list_stub_;
};

using Stub = v1::TaskService::Stub;
using ListStub = v1::TaskListService::Stub;

}  // namespace todo::testing
