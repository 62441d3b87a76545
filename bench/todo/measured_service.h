#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/todo/fake_verifier.h"
#include "tests/support/todo/test_database.h"
#include "todo/v1/task_service.grpc.pb.h"

namespace todo::bench {

using testing::FakeVerifier;
using testing::TestDatabase;

// How often what is compared takes turns.
inline constexpr int kRounds = 5;

double Median(std::vector<double> values);
// The value below which `part` (0 to 1) of them lie.
double Percentile(std::vector<double> values, double part);
double Seconds(absl::Duration duration);

// Says why and ends the benchmark, and the service that it started: nothing here cleans up after itself on the way.
[[noreturn]] void GiveUp(const std::string& why);

// User and system time of a process so far, in seconds; 0 where there is no such process.
double CpuSecondsOf(pid_t process);

// todo-service as an operator runs it, in a process of its own. Ended with the object; one at a time.
class MeasuredService {
 public:
  MeasuredService(const TestDatabase& database, const FakeVerifier& verifier);
  ~MeasuredService();
  MeasuredService(const MeasuredService&) = delete;
  MeasuredService& operator=(const MeasuredService&) = delete;

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  int64_t ResidentKiB() const;
  double CpuSeconds() const { return CpuSecondsOf(pid_); }

 private:
  void ReadPort();

  pid_t pid_ = 0;
  int port_ = 0;
  FILE* output_ = nullptr;
  std::thread drain_;
};

// One call of `user`, which must not fail.
template <typename Request, typename Response, typename Method>
Response Call(v1::TaskService::Stub& stub, Method method, const std::string& user, Request request) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer token-of-" + user);
  request.set_user_id(user);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) GiveUp("a call failed: " + status.error_message());
  return response;
}

}  // namespace todo::bench
