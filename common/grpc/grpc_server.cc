#include "common/grpc/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/grpc/callback_threads.h"
#include "common/grpc/traced_context.h"

namespace common {
namespace {

// How long those who watch the server's health have to hear that they must go elsewhere.
constexpr absl::Duration kFarewell = absl::Milliseconds(500);
constexpr int kMaxMetadataBytes = 32 * 1024;
constexpr int kMaxMessageBytes = 4 * 1024 * 1024;

void ApplyLimits(grpc::ServerBuilder& builder, absl::Duration connection_age) {
  const auto milliseconds = [](absl::Duration duration) {
    return static_cast<int>(absl::ToInt64Milliseconds(duration));
  };
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(absl::Seconds(60)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(absl::Seconds(10)));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, milliseconds(absl::Seconds(30)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, milliseconds(connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, milliseconds(absl::Seconds(10)));
  // Two servers on one port would share the calls by chance: a port in use must be an error.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// gRPC's reflection library adds itself to every server of a program that it is linked into.
class WithoutReflection : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(GrpcServerOptions options, grpc::Service& service) {
  grpc::EnableDefaultHealthCheckService(true);
  KeepCallbackThreads();
  auto server = std::unique_ptr<GrpcServer>(new GrpcServer());
  grpc::ServerBuilder builder;
  ApplyLimits(builder, options.connection_age);
  if (options.reflection) {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  } else {
    builder.SetOption(std::make_unique<WithoutReflection>());
  }
  builder.AddListeningPort(options.address, options.credentials, &server->port_);
  if (options.context_allocator == nullptr) options.context_allocator = std::make_unique<TracedContextAllocator>();
  builder.SetContextAllocator(std::move(options.context_allocator));
  builder.experimental().SetInterceptorCreators(std::move(options.interceptors));
  builder.RegisterService(&service);
  for (grpc::Service* further : options.further_services) builder.RegisterService(further);
  server->server_ = builder.BuildAndStart();
  const bool is_unix = absl::StartsWith(options.address, "unix:");
  if (server->server_ == nullptr || (server->port_ == 0 && !is_unix)) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", options.address, ": is the port in use?"));
  }
  if (is_unix) server->port_ = 0;
  server->SetServing(false);
  return server;
}

GrpcServer::~GrpcServer() { Drain(absl::ZeroDuration()); }

void GrpcServer::SetServing(bool serving) {
  if (server_ != nullptr) server_->GetHealthCheckService()->SetServingStatus(serving);
}

void GrpcServer::BidFarewell() {
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->Shutdown();
  std::this_thread::sleep_for(absl::ToChronoMilliseconds(kFarewell));
}

void GrpcServer::Drain(absl::Duration grace) {
  if (server_ == nullptr) return;
  server_->GetHealthCheckService()->Shutdown();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
  server_ = nullptr;
}

}  // namespace common
