#include "common/grpc/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace common {
namespace {

// The key of a detail in an absl::Status is its type URL, so that status_mapping can carry any detail across.
std::string KeyOf(const google::protobuf::Message& detail) {
  return absl::StrCat("type.googleapis.com/", detail.GetTypeName());
}

void Attach(const google::protobuf::Message& detail, absl::Status* status) {
  status->SetPayload(KeyOf(detail), absl::Cord(detail.SerializeAsString()));
}

}  // namespace

absl::Status InvalidFields(const std::vector<FieldViolation>& violations) {
  google::rpc::BadRequest bad_request;
  std::string message;
  for (const FieldViolation& violation : violations) {
    auto* entry = bad_request.add_field_violations();
    entry->set_field(violation.field);
    entry->set_description(violation.description);
    absl::StrAppend(&message, message.empty() ? "" : "; ", violation.field, ": ", violation.description);
  }
  absl::Status status = absl::InvalidArgumentError(message);
  Attach(bad_request, &status);
  return status;
}

absl::Status ErrorWithReason(absl::StatusCode code, std::string_view message, std::string_view domain,
                             std::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(domain));
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  Attach(info, &status);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(KeyOf(info));
  if (!payload || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

}  // namespace common
