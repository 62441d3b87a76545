#include "tests/support/todo/call_results.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/grpc/status_mapping.h"
#include "google/rpc/error_details.pb.h"

namespace todo::testing {
namespace {

template <typename Detail>
Detail DetailOf(const absl::Status& status) {
  Detail detail;
  const auto payload = status.GetPayload(absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name()));
  if (payload) detail.ParseFromString(std::string(*payload));
  return detail;
}

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return info.reason().empty() ? "" : absl::StrCat(info.domain(), "/", info.reason());
}

std::string ReasonOf(const grpc::Status& status) { return ReasonOf(common::FromGrpcStatus(status)); }

std::vector<std::string> ViolationsOf(const absl::Status& status) {
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  std::vector<std::string> fields;
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

std::vector<std::string> ViolationsOf(const grpc::Status& status) {
  return ViolationsOf(common::FromGrpcStatus(status));
}

}  // namespace todo::testing
