#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/string_ref.h>

#include <map>
#include <string>
#include <string_view>

namespace common {

// Which request a call belongs to: for the log, and for the calls that it makes in turn.
struct CallTrace {
  std::string request_id;
  // A valid one (W3C Trace Context section 3.2).
  std::string traceparent;

  std::string_view trace_id() const;
  // Says so to whoever is called: `x-request-id` and `traceparent`.
  void AddTo(grpc::ClientContext& context) const;
};

// What the caller says in these two, each a new one where it says nothing or what is not fit.
CallTrace CallTraceOf(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

}  // namespace common
