#include "common/grpc/call_trace.h"

#include "common/core/trace_context.h"

namespace common {
namespace {

constexpr char kRequestId[] = "x-request-id";
constexpr char kTraceparent[] = "traceparent";

std::string_view ValueOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const char* key) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return {};
  return {entry->second.data(), entry->second.size()};
}

}  // namespace

std::string_view CallTrace::trace_id() const { return TraceIdOf(traceparent); }

void CallTrace::AddTo(grpc::ClientContext& context) const {
  context.AddMetadata(kRequestId, request_id);
  context.AddMetadata(kTraceparent, traceparent);
}

CallTrace CallTraceOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  return {.request_id = RequestIdOr(ValueOf(metadata, kRequestId)),
          .traceparent = TraceparentOr(ValueOf(metadata, kTraceparent))};
}

}  // namespace common
