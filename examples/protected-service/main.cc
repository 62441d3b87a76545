// A gRPC service that lets in who has a good token, by three lines.
//
//   greeter ADDRESS VERIFIER_ADDRESS
#include <grpcpp/grpcpp.h>

#include <iostream>

#include "common/auth/protection.h"
#include "greeter.grpc.pb.h"

class Greeter : public greeter::v1::GreeterService::CallbackService {
  grpc::ServerUnaryReactor* Greet(grpc::CallbackServerContext* context, const greeter::v1::GreetRequest*,
                                  greeter::v1::GreetResponse* response) override {
    return auth::Authenticated(context, [&](const auth::Principal& user) {  // 3: in each handler
      response->set_text("Hello, " + user.user_id());
      grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
      reactor->Finish(grpc::Status::OK);
      return reactor;
    });
  }
};

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: greeter ADDRESS VERIFIER_ADDRESS\n";
    return 1;
  }
  Greeter greeter;
  auth::Protection protection(auth::MakeVerifierChannel(argv[2], grpc::InsecureChannelCredentials()));  // 1
  grpc::ServerBuilder builder;
  protection.ApplyTo(builder);  // 2
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
