#include "gateway/problem.h"

#include "absl/strings/str_cat.h"
#include "common/http/response.h"
#include "common/json/json_text.h"

namespace gateway {
namespace {

void AppendMember(std::string_view name, std::string_view value, std::string* out) {
  out->append(",\"").append(name).append("\":");
  json::AppendString(value, out);
}

}  // namespace

std::string_view DefaultErrorCode(int status) {
  switch (status) {
    case 401:
      return "MISSING_TOKEN";
    case 403:
      return "FORBIDDEN_USER_ACCESS";
    case 404:
      return "NOT_FOUND";
    case 405:
      return "METHOD_NOT_ALLOWED";
    case 406:
      return "NOT_ACCEPTABLE";
    case 408:
      return "REQUEST_TIMEOUT";
    case 409:
      return "CONFLICT";
    case 412:
      return "PRECONDITION_FAILED";
    case 413:
      return "PAYLOAD_TOO_LARGE";
    case 414:
      return "URI_TOO_LONG";
    case 415:
      return "UNSUPPORTED_MEDIA_TYPE";
    case 422:
      return "VALIDATION_ERROR";
    case 429:
      return "RATE_LIMITED";
    case 431:
      return "HEADERS_TOO_LARGE";
    case 499:
      return "CLIENT_CLOSED_REQUEST";
    case 501:
      return "NOT_IMPLEMENTED";
    case 503:
      return "SERVICE_UNAVAILABLE";
    case 504:
      return "DEADLINE_EXCEEDED";
    default:
      return status < 500 ? "MALFORMED_REQUEST" : "SERVER_ERROR";
  }
}

Problem MakeProblem(int status, std::string_view detail) {
  Problem problem;
  problem.status = status;
  problem.error_code = std::string(DefaultErrorCode(status));
  problem.detail = std::string(detail);
  if (status == 503) problem.retry_after = 1;
  return problem;
}

Problem MalformedRequest(BindingError error) {
  Problem problem =
      MakeProblem(400, error.field.empty() ? error.message : absl::StrCat(error.field, " ", error.message));
  if (!error.field.empty()) problem.errors.push_back(std::move(error));
  return problem;
}

std::string ToJson(const Problem& problem, std::string_view request_id) {
  std::string text = "{\"type\":\"about:blank\"";
  AppendMember("title", http::ReasonPhrase(problem.status), &text);
  absl::StrAppend(&text, ",\"status\":", problem.status);
  AppendMember("detail", problem.detail, &text);
  AppendMember("error_code", problem.error_code, &text);
  AppendMember("request_id", request_id, &text);
  if (!problem.errors.empty()) {
    text.append(",\"errors\":[");
    for (const BindingError& error : problem.errors) {
      if (text.back() != '[') text.push_back(',');
      text.append("{\"field\":");
      json::AppendString(error.field, &text);
      AppendMember("message", error.message, &text);
      text.push_back('}');
    }
    text.push_back(']');
  }
  text.push_back('}');
  return text;
}

}  // namespace gateway
