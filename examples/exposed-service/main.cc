// A gRPC service like any other: that it has an HTTP/JSON face stands in its proto alone.
//
//   greeter ADDRESS
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <iostream>

#include "greeter.grpc.pb.h"

class Greeter : public greeter::v1::GreeterService::Service {
  grpc::Status Greet(grpc::ServerContext*, const greeter::v1::GreetRequest* request,
                     greeter::v1::GreetResponse* response) override {
    std::string text;
    for (int i = 0; i < std::clamp(request->times(), 1, 10); ++i) text += "Hello, " + request->name() + "! ";
    response->set_text(text);
    return grpc::Status::OK;
  }
  grpc::Status CreateGreeting(grpc::ServerContext*, const greeter::v1::CreateGreetingRequest* request,
                              greeter::v1::GreetResponse* response) override {
    response->set_text("Hello, " + request->name() + "!");
    return grpc::Status::OK;
  }
};

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: greeter ADDRESS\n";
    return 1;
  }
  Greeter greeter;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(argv[1], grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&greeter);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::cerr << "cannot listen on " << argv[1] << "\n";
    return 1;
  }
  std::cout << "listening on port " << port << std::endl;
  server->Wait();
}
