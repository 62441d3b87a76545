#include "gateway/status_mapping.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gateway/upstream.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gateway {
namespace {

// What an upstream said beside code and message.
struct Details {
  std::string reason;
  std::vector<BindingError> violations;
  std::optional<int> retry_after;
  // Where no code says it as well: a status of the 400s among the metadata of the ErrorInfo, such as 410.
  std::optional<int> http_status;
};

Details ReadDetails(const std::string& bytes) {
  Details details;
  google::rpc::Status status;
  if (bytes.empty() || !status.ParseFromString(bytes)) return details;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  for (const google::protobuf::Any& detail : status.details()) {
    if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) {
      details.reason = info.reason();
      const auto http_status = info.metadata().find("http_status");
      int wanted = 0;
      const bool is_wanted = http_status != info.metadata().end() && absl::SimpleAtoi(http_status->second, &wanted);
      if (is_wanted && wanted >= 400 && wanted < 500) details.http_status = wanted;
    } else if (detail.Is<google::rpc::BadRequest>() && detail.UnpackTo(&bad_request)) {
      for (const auto& violation : bad_request.field_violations()) {
        details.violations.push_back({violation.field(), violation.description()});
      }
    } else if (detail.Is<google::rpc::RetryInfo>() && detail.UnpackTo(&retry)) {
      // Whole seconds, rounded up.
      details.retry_after = static_cast<int>(retry.retry_delay().seconds()) + (retry.retry_delay().nanos() > 0 ? 1 : 0);
    }
  }
  return details;
}

int HttpStatus(grpc::StatusCode code, const ErrorContext& context, bool has_violations) {
  switch (code) {
    case grpc::StatusCode::CANCELLED:
      return 499;
    case grpc::StatusCode::INVALID_ARGUMENT:
      return has_violations ? 422 : 400;
    case grpc::StatusCode::OUT_OF_RANGE:
      return 400;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return 504;
    case grpc::StatusCode::NOT_FOUND:
      return 404;
    case grpc::StatusCode::ALREADY_EXISTS:
      return 409;
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ABORTED:
      return context.if_match_was_sent ? 412 : 409;
    case grpc::StatusCode::PERMISSION_DENIED:
      return 403;
    case grpc::StatusCode::UNAUTHENTICATED:
      return 401;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return 429;
    case grpc::StatusCode::UNIMPLEMENTED:
      return 501;
    case grpc::StatusCode::UNAVAILABLE:
      return 503;
    default:
      return 500;
  }
}

std::string_view GenericDetail(int status) {
  switch (status) {
    case 429:
      return "too many requests";
    case 499:
      return "the request was cancelled";
    case 501:
      return "this is not implemented";
    case 503:
      return "the service is not available, try again";
    case 504:
      return "the service did not answer in time";
    default:
      return "something went wrong inside the service";
  }
}

// Whether gRPC itself ended the call over an answer beyond kMaxMessageBytes. It says so in words alone, and a server
// that is sent too much for it says the same with a limit of its own.
bool IsOverTheLimit(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         absl::StrContains(status.error_message(), "message larger than max") &&
         absl::EndsWith(status.error_message(), absl::StrCat(" vs. ", kMaxMessageBytes, ")"));
}

bool MayBeTold(grpc::StatusCode code, bool has_reason) {
  switch (code) {
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
      return false;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::CANCELLED:
      return has_reason;
    default:
      return true;
  }
}

// `task.title` is `title` to a client whose body is the task.
std::string RelativeToBody(std::string field, std::string_view body_field) {
  const bool is_inside = !body_field.empty() && field.size() > body_field.size() + 1 &&
                         field.compare(0, body_field.size(), body_field) == 0 && field[body_field.size()] == '.';
  return is_inside ? field.substr(body_field.size() + 1) : field;
}

}  // namespace

Problem ProblemFromStatus(const grpc::Status& status, const ErrorContext& context) {
  if (IsOverTheLimit(status)) return MakeProblem(502, "the service's answer is larger than the gateway takes");
  Details details = ReadDetails(status.error_details());
  const int http_status =
      details.http_status.value_or(HttpStatus(status.error_code(), context, !details.violations.empty()));
  const bool may_be_told = MayBeTold(status.error_code(), !details.reason.empty()) && !status.error_message().empty();
  Problem problem = MakeProblem(http_status, may_be_told ? status.error_message() : GenericDetail(http_status));
  if (http_status == 401 && context.token_was_sent) problem.error_code = "MALFORMED_TOKEN";
  if (http_status != 500 && !details.reason.empty()) problem.error_code = std::move(details.reason);
  if (details.retry_after) problem.retry_after = details.retry_after;
  if (http_status != 422) return problem;
  for (BindingError& violation : details.violations) {
    violation.field = RelativeToBody(std::move(violation.field), context.body_field);
    problem.errors.push_back(std::move(violation));
  }
  problem.detail = "one or more fields are not valid";
  return problem;
}

}  // namespace gateway
