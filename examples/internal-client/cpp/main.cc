// A service of your own that calls the todo service: its certificate says who it is, and a user's token for whom it
// asks.
//
//   internal-client ADDRESS FOLDER [SERVER_NAME] <token
//
// FOLDER is what scripts/issue-client-cert wrote. SERVER_NAME stands in the todo service's certificate (default: todo).
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "todo/v1/task_service.grpc.pb.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::string& folder, const std::string& name) {
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadFile(folder + "/ca.crt");
  tls.pem_cert_chain = ReadFile(folder + "/tls.crt");
  tls.pem_private_key = ReadFile(folder + "/tls.key");
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(name);
  // In turn over all replicas that serve.
  arguments.SetServiceConfigJSON(
      R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}})");
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

void Prepare(grpc::ClientContext& context, const std::string& token) {
  context.AddMetadata("authorization", "Bearer " + token);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
}

int Fail(const grpc::Status& status) {
  std::cerr << "code " << status.error_code() << ": " << status.error_message() << "\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: internal-client ADDRESS FOLDER [SERVER_NAME] <token\n";
    return 2;
  }
  std::string token;
  std::cin >> token;
  const auto stub = todo::v1::TaskService::NewStub(Connect(argv[1], argv[2], argc == 4 ? argv[3] : "todo"));

  grpc::ClientContext first;
  Prepare(first, token);
  todo::v1::GetMeResponse me;
  if (const grpc::Status status = stub->GetMe(&first, {}, &me); !status.ok()) return Fail(status);

  grpc::ClientContext second;
  Prepare(second, token);
  todo::v1::ListTasksRequest request;
  request.set_user_id(me.user_id());
  todo::v1::ListTasksResponse tasks;
  if (const grpc::Status status = stub->ListTasks(&second, request, &tasks); !status.ok()) return Fail(status);
  std::cout << me.email() << " has " << tasks.items_size() << " tasks\n";
  for (const todo::v1::Task& task : tasks.items()) std::cout << "- " << task.title() << "\n";
}
