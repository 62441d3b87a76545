#include "gateway/grpc_upstream.h"

#include <grpcpp/grpcpp.h>

#include <utility>

#include "absl/strings/match.h"
#include "common/core/mutex.h"
#include "common/grpc/balancing.h"
#include "common/grpc/callback_threads.h"
#include "common/grpc/health_probe.h"
#include "common/grpc/reconnect.h"

namespace gateway {
namespace {

grpc::ChannelArguments Arguments(bool with_health_checks) {
  grpc::ChannelArguments arguments;
  common::SetReconnect(arguments);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60 * 1000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * 1000);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 32 * 1024);
  arguments.SetInt(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, kMaxMessageBytes);
  // As the channel with health checks must, and for the same reason.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Filters and bookkeeping that no call of ours has a use for: what is repeated, RetryingUpstream repeats.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  if (with_health_checks) common::SetBalancing(arguments);
  return arguments;
}

// gRPC wants to be told what a list is a list of. A socket's path is written in the long form, which is not the one in
// which a peer is named.
std::string Target(const std::string& address) {
  constexpr std::string_view kUnix = "unix:";
  if (absl::StartsWith(address, "unix:/") && !absl::StartsWith(address, "unix://")) {
    return "unix://" + address.substr(kUnix.size());
  }
  if (address.find(',') == std::string::npos || absl::StartsWith(address, "ipv")) return address;
  return (address.front() == '[' ? "ipv6:" : "ipv4:") + address;
}

// A call that was given to no connection has the channel's target for a peer. A target that could be the name of a
// peer tells nothing.
bool IsUnsent(const grpc::ClientContext& context, const std::string& target) {
  const bool is_one_address = target.find(',') == std::string::npos &&
                              (absl::StartsWith(target, "ipv") || absl::StartsWith(target, "unix")) &&
                              !absl::StartsWith(target, "unix://");
  return !is_one_address && context.peer() == target;
}

// What one call needs until it is done.
struct ActiveCall {
  std::shared_ptr<const std::string> target;
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  Upstream::Done done;
};

// Hands the request's bytes to gRPC without a copy; they live as long as somebody needs them.
grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const UpstreamRequest> request) {
  const std::string& message = request->message;
  auto* owner = new std::shared_ptr<const UpstreamRequest>(std::move(request));
  const grpc::Slice slice(
      const_cast<char*>(message.data()), message.size(),
      [](void* data) { delete static_cast<std::shared_ptr<const UpstreamRequest>*>(data); }, owner);
  return grpc::ByteBuffer(&slice, 1);
}

void Prepare(const UpstreamRequest& request, grpc::ClientContext* context) {
  for (const auto& [key, value] : request.metadata) context->AddMetadata(key, value);
  if (request.deadline != absl::InfiniteFuture()) context->set_deadline(absl::ToChronoTime(request.deadline));
}

bool ToSlice(const grpc::ByteBuffer& buffer, grpc::Slice* slice) {
  return buffer.TrySingleSlice(slice).ok() || buffer.DumpToSingleSlice(slice).ok();
}

UpstreamAnswer ToAnswer(grpc::Status status, const ActiveCall& call) {
  UpstreamAnswer answer;
  answer.is_unsent = status.error_code() == grpc::StatusCode::UNAVAILABLE && IsUnsent(call.context, *call.target);
  answer.status = std::move(status);
  if (answer.status.ok() && !ToSlice(call.response, &answer.message)) {
    answer.status = grpc::Status(grpc::StatusCode::INTERNAL, "the answer cannot be read");
  }
  return answer;
}

// A server-streaming call. Owns itself until it is done. A hold keeps the call open while no read is under way.
class GrpcStream : public UpstreamStream, public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  GrpcStream(const std::shared_ptr<const UpstreamRequest>& request, std::shared_ptr<StreamReader> reader)
      : rpc_path_(*request->rpc_path), request_(ToByteBuffer(request)), reader_(std::move(reader)) {
    Prepare(*request, &context_);
  }

  void Start(grpc::GenericStub& stub, std::shared_ptr<GrpcStream> self) {
    self_ = std::move(self);
    stub.PrepareBidiStreamingCall(&context_, rpc_path_, grpc::StubOptions(), this);
    StartWriteLast(&request_, grpc::WriteOptions());
    AddHold();
    StartCall();
  }

  void Next() override {
    {
      common::MutexLock lock(mutex_);
      if (!is_held_) return;
      is_reading_ = true;
    }
    // Not under the lock: OnReadDone() may be called before this returns.
    StartRead(&message_);
  }

  void Cancel() override {
    context_.TryCancel();
    LetGo(/*unless_reading=*/true);
  }

  void OnReadInitialMetadataDone(bool ok) override {
    if (ok) reader_->OnStarted();
  }

  void OnReadDone(bool ok) override {
    grpc::Slice slice;
    {
      common::MutexLock lock(mutex_);
      is_reading_ = false;
    }
    if (!ok) return LetGo(/*unless_reading=*/false);
    if (ToSlice(message_, &slice)) return reader_->OnMessage(std::move(slice));
    Cancel();
  }

  void OnDone(const grpc::Status& status) override {
    const std::shared_ptr<GrpcStream> self = std::move(self_);
    reader_->OnDone(status);
    reader_.reset();
  }

 private:
  void LetGo(bool unless_reading) {
    {
      common::MutexLock lock(mutex_);
      if (!is_held_ || (unless_reading && is_reading_)) return;
      is_held_ = false;
    }
    RemoveHold();
  }

  const std::string rpc_path_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;
  std::shared_ptr<StreamReader> reader_;
  std::shared_ptr<GrpcStream> self_;
  common::Mutex mutex_;
  bool is_held_ GUARDED_BY(mutex_) = true;
  bool is_reading_ GUARDED_BY(mutex_) = false;
};

}  // namespace

GrpcUpstream::GrpcUpstream(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : target_(std::make_shared<const std::string>(Target(address))),
      channel_(grpc::CreateCustomChannel(*target_, credentials, Arguments(/*with_health_checks=*/true))),
      probe_channel_(grpc::CreateCustomChannel(*target_, credentials, Arguments(/*with_health_checks=*/false))),
      stub_(channel_) {
  common::KeepCallbackThreads();
}

Upstream::Cancel GrpcUpstream::Call(std::shared_ptr<const UpstreamRequest> request, Done done) {
  auto call = std::make_shared<ActiveCall>();
  call->target = target_;
  call->done = std::move(done);
  Prepare(*request, &call->context);
  const std::string& rpc_path = *request->rpc_path;
  call->request = ToByteBuffer(std::move(request));
  stub_.UnaryCall(&call->context, rpc_path, grpc::StubOptions(), &call->request, &call->response,
                  [call](grpc::Status status) { call->done(ToAnswer(std::move(status), *call)); });
  return [weak = std::weak_ptr<ActiveCall>(call)] {
    if (const auto active = weak.lock()) active->context.TryCancel();
  };
}

std::shared_ptr<UpstreamStream> GrpcUpstream::Stream(std::shared_ptr<const UpstreamRequest> request,
                                                     std::shared_ptr<StreamReader> reader) {
  auto stream = std::make_shared<GrpcStream>(request, std::move(reader));
  stream->Start(stub_, stream);
  return stream;
}

absl::Status GrpcUpstream::Probe(absl::Duration timeout) { return common::ProbeHealth(probe_channel_, timeout); }

}  // namespace gateway
