#include "gateway/answers.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "gateway/entity_tag.h"
#include "gateway/response_body.h"
#include "gateway/security_headers.h"
#include "gateway/status_mapping.h"

namespace gateway {
namespace {

constexpr int kNotModified = 304;
// What has no other status: nobody waits for the answer.
constexpr int kClientGone = 499;

std::string_view OutcomeOf(int status) {
  if (status < 400) return "ok";
  if (status == kClientGone) return "cancelled";
  return status < 500 ? "refused" : "failed";
}

// Adds the entity tag; turns the answer to a read into a 304 where the client has it already.
void ApplyTag(const Exchange& exchange, const std::string& tag, http::Response* response) {
  if (!IsOpaqueTag(tag)) return;
  response->AddHeader("ETag", absl::StrCat("\"", tag, "\""));
  response->AddHeaderLines(kRevalidate);
  if (!IsRead(exchange.head()) || !NoneMatchHolds(exchange.head(), tag)) return;
  response->set_status(kNotModified);
  response->body.clear();
}

}  // namespace

Answers::Answers(CorsPolicy cors, bool is_tls, RequestMetrics& metrics, common::Logger logger)
    : cors_(std::move(cors)), is_tls_(is_tls), metrics_(metrics), logger_(std::move(logger)) {}

http::Response Answers::Success(const Exchange& exchange, std::string_view message) const {
  const Route& route = *exchange.route;
  std::string location;
  std::string tag;
  std::string content_type;
  http::Response response(route.method->success_status);
  absl::Status status = WriteLocation(route, message, &location);
  if (status.ok() && !route.etag_field.empty()) status = AppendFieldText(route.etag_field, message, &tag);
  if (status.ok() && response.status() != 204) {
    status = WriteResponseBody(route, message, &content_type, &response.body);
  }
  if (!status.ok()) return Failure(exchange, Unwritable(exchange, status));
  if (!content_type.empty()) response.AddHeader("Content-Type", content_type);
  if (!location.empty()) response.AddHeader("Location", location);
  ApplyTag(exchange, tag, &response);
  return response;
}

Problem Answers::Unwritable(const Exchange& exchange, const absl::Status& status) const {
  logger_.Error("answer_not_writable", {{"outcome", "failed"},
                                        {"reason", std::string(status.message())},
                                        {"route", exchange.route_name},
                                        {"request_id", exchange.request_id},
                                        {"trace_id", common::TraceIdOf(exchange.traceparent)}});
  if (status.code() == absl::StatusCode::kUnimplemented) return MakeProblem(501, "this answer has no JSON form");
  return MakeProblem(500, "something went wrong inside the service");
}

http::Response Answers::Failure(const Exchange& exchange, const Problem& problem) const {
  http::Response response(problem.status);
  response.AddHeaderLines("Content-Type: application/problem+json\r\n");
  response.body = ToJson(problem, exchange.request_id);
  if (problem.retry_after) response.AddHeader("Retry-After", absl::StrCat(*problem.retry_after));
  if (problem.status == 401) {
    response.AddHeader("WWW-Authenticate", exchange.sent_token() ? "Bearer error=\"invalid_token\"" : "Bearer");
  }
  return response;
}

Problem Answers::ToProblem(const Exchange& exchange, const grpc::Status& status) {
  ErrorContext context;
  context.token_was_sent = exchange.sent_token();
  context.if_match_was_sent = exchange.head().Find("if-match").has_value();
  if (exchange.route->body_field != nullptr) context.body_field = exchange.route->body_field->name;
  return ProblemFromStatus(status, context);
}

void Answers::AddSecurityHeaders(http::Response* response) const {
  response->AddHeaderLines(kSecurityHeaders);
  if (!response->Has("content-security-policy")) response->AddHeaderLines(kNoContent);
  if (!response->Has("cache-control")) response->AddHeaderLines(kNoStore);
  if (is_tls_) response->AddHeaderLines(kTlsOnly);
}

void Answers::Dress(const Exchange& exchange, http::Response* response) const {
  AddSecurityHeaders(response);
  response->AddHeader("X-Request-Id", exchange.request_id);
  response->AddHeader("traceparent", exchange.traceparent);
  cors_.AddHeaders(HeaderOf(exchange.head(), "origin"), response);
}

void Answers::Send(Exchange& exchange, http::Response response) const {
  Dress(exchange, &response);
  Log(exchange, response.status());
  exchange.responder.Send(std::move(response));
}

http::Response Answers::Refuse(const http::RequestHead* head, const http::Refusal& refusal) const {
  const auto given = [head](std::string_view name) { return head == nullptr ? "" : HeaderOf(*head, name); };
  const std::string request_id = common::RequestIdOr(given("x-request-id"));
  const std::string traceparent = common::TraceparentOr(given("traceparent"));
  const Problem problem = MakeProblem(refusal.status, refusal.detail);
  http::Response response(refusal.status);
  response.AddHeaderLines("Content-Type: application/problem+json\r\n");
  if (problem.retry_after) response.AddHeader("Retry-After", absl::StrCat(*problem.retry_after));
  AddSecurityHeaders(&response);
  response.AddHeader("X-Request-Id", request_id);
  response.AddHeader("traceparent", traceparent);
  cors_.AddHeaders(given("origin"), &response);
  response.body = ToJson(problem, request_id);
  metrics_.CountRefused(refusal.status);
  logger_.Warning("http_refused", {{"status", refusal.status},
                                   {"outcome", OutcomeOf(refusal.status)},
                                   {"reason", refusal.detail},
                                   {"peer", refusal.peer},
                                   {"request_id", request_id},
                                   {"trace_id", common::TraceIdOf(traceparent)}});
  return response;
}

void Answers::Log(const Exchange& exchange, int status) const {
  const absl::Duration took = absl::FromChrono(std::chrono::steady_clock::now() - exchange.start);
  if (exchange.route != nullptr) {
    metrics_.CountRoute(exchange.route_index, exchange.head().method, status, took);
  } else {
    metrics_.CountOther(exchange.route_name, exchange.head().method, status, took);
  }
  const std::string_view outcome = OutcomeOf(status);
  const common::Logger::Fields fields = {{"route", exchange.route_name},
                                         {"method", exchange.head().method},
                                         {"status", status},
                                         {"outcome", outcome},
                                         {"duration_ms", took},
                                         {"peer", exchange.request.peer},
                                         {"request_id", exchange.request_id},
                                         {"trace_id", common::TraceIdOf(exchange.traceparent)}};
  if (outcome == "failed") return logger_.Warning("http_request", fields);
  logger_.Info("http_request", fields);
}

}  // namespace gateway
