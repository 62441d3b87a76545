#include "common/grpc/traced_context.h"

#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace common {

const CallTrace& TracedContext::trace() {
  if (!trace_) trace_ = CallTraceOf(client_metadata());
  return *trace_;
}

// gRPC says `ipv4:127.0.0.1:50124`, `ipv6:%5B::1%5D:50124` or `unix:`.
std::string TracedContext::peer_address() const {
  const std::string peer = this->peer();
  absl::string_view address = peer;
  if (!absl::ConsumePrefix(&address, "ipv4:") && !absl::ConsumePrefix(&address, "ipv6:")) return peer;
  address = address.substr(0, address.rfind(':'));
  return absl::StrReplaceAll(address, {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
}

TracedContext* TracedContext::Of(grpc::experimental::ServerRpcInfo& info) {
  auto* context = dynamic_cast<TracedContext*>(info.server_context());
  if (context != nullptr) context->route_ = info.method();
  return context;
}

}  // namespace common
