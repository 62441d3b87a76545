#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

namespace todo {

// How the service and its peers prove who they are: the one place that decides it. Not at all so far, so it must be
// reachable by trusted peers only.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials();
std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials();

}  // namespace todo
