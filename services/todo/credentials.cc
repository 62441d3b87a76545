#include "services/todo/credentials.h"

namespace todo {

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials() { return grpc::InsecureServerCredentials(); }

std::shared_ptr<grpc::ChannelCredentials> MakeChannelCredentials() { return grpc::InsecureChannelCredentials(); }

}  // namespace todo
