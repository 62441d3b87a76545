#include "gateway/grpc_upstream.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "common/grpc/health_probe.h"

namespace gateway {
namespace {

constexpr char kServiceConfig[] =
    R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}})";

grpc::ChannelArguments Arguments(bool with_health_checks) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60 * 1000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * 1000);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 32 * 1024);
  // A subchannel that both channels shared would be given to a call before it is connected, which crashes gRPC 1.51.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (with_health_checks) arguments.SetServiceConfigJSON(kServiceConfig);
  return arguments;
}

// What one call needs until it is done.
struct ActiveCall {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  Upstream::Done done;
};

// Hands the string's bytes to gRPC without a copy.
grpc::ByteBuffer ToByteBuffer(std::string message) {
  auto* owned = new std::string(std::move(message));
  const grpc::Slice slice(
      owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); }, owned);
  return grpc::ByteBuffer(&slice, 1);
}

UpstreamAnswer ToAnswer(grpc::Status status, const grpc::ByteBuffer& response) {
  UpstreamAnswer answer;
  answer.status = std::move(status);
  if (!answer.status.ok() || response.TrySingleSlice(&answer.message).ok()) return answer;
  if (!response.DumpToSingleSlice(&answer.message).ok()) {
    answer.status = grpc::Status(grpc::StatusCode::INTERNAL, "the answer cannot be read");
  }
  return answer;
}

}  // namespace

GrpcUpstream::GrpcUpstream(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : channel_(grpc::CreateCustomChannel(address, credentials, Arguments(/*with_health_checks=*/true))),
      probe_channel_(grpc::CreateCustomChannel(address, credentials, Arguments(/*with_health_checks=*/false))),
      stub_(channel_) {}

Upstream::Cancel GrpcUpstream::Call(UpstreamRequest request, Done done) {
  auto call = std::make_shared<ActiveCall>();
  call->done = std::move(done);
  call->request = ToByteBuffer(std::move(request.message));
  for (const auto& [key, value] : request.metadata) call->context.AddMetadata(key, value);
  call->context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(request.timeout));
  stub_.UnaryCall(&call->context, *request.rpc_path, grpc::StubOptions(), &call->request, &call->response,
                  [call](grpc::Status status) { call->done(ToAnswer(std::move(status), call->response)); });
  return [weak = std::weak_ptr<ActiveCall>(call)] {
    if (const auto active = weak.lock()) active->context.TryCancel();
  };
}

absl::Status GrpcUpstream::Probe(absl::Duration timeout) { return common::ProbeHealth(probe_channel_, timeout); }

}  // namespace gateway
