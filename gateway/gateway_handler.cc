#include "gateway/gateway_handler.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gateway/media_type.h"
#include "gateway/request_binder.h"
#include "gateway/request_metadata.h"
#include "gateway/response_body.h"
#include "gateway/security_headers.h"
#include "gateway/status_mapping.h"
#include "gateway/trace_context.h"

namespace gateway {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);

std::string_view Header(const http::RequestHead& head, std::string_view name) {
  return head.Find(name).value_or(std::string_view());
}

std::string RequestIdOf(const http::RequestHead& head) {
  const std::string_view given = Header(head, "x-request-id");
  return IsRequestId(given) ? std::string(given) : MakeRequestId();
}

std::string TraceparentOf(const http::RequestHead& head) {
  const std::string_view given = Header(head, "traceparent");
  return IsTraceparent(given) ? std::string(given) : MakeTraceparent();
}

http::Response JsonResponse(int status, std::string body) {
  http::Response response(status);
  response.AddHeaderLines("Content-Type: application/json\r\n");
  response.body = std::move(body);
  return response;
}

}  // namespace

// One request on its way through the gateway.
struct Exchange {
  Exchange(http::Request r, http::Responder s) : request(std::move(r)), responder(std::move(s)) {}

  http::Request request;
  http::Responder responder;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const std::string request_id = RequestIdOf(request.head);
  const std::string traceparent = TraceparentOf(request.head);
  // What the log names in place of the path. Lives as long as the API does.
  std::string_view route_name = "unknown";
  const Route* route = nullptr;
  size_t route_index = 0;
};

GatewayHandler::GatewayHandler(const Api& api, const std::vector<ServiceUpstream>& upstreams, Readiness& readiness,
                               HandlerOptions options, common::Logger logger)
    : api_(api), readiness_(readiness), options_(std::move(options)), logger_(std::move(logger)) {
  std::map<std::string, Upstream*> by_service;
  for (const ServiceUpstream& entry : upstreams) {
    by_service[entry.service] = entry.upstream.get();
    upstreams_.push_back(entry.upstream);
  }
  for (const Route& route : api.routes()) upstream_of_route_.push_back(by_service.at(route.method->service));
}

void GatewayHandler::Handle(http::Request request, http::Responder responder) {
  const auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder));
  if (!AnswerItself(exchange)) AnswerRoute(exchange);
}

bool GatewayHandler::AnswerItself(const ExchangePtr& exchange) {
  const http::RequestHead& head = exchange->request.head;
  const bool is_preflight =
      head.method == "OPTIONS" && head.Find("origin") && head.Find("access-control-request-method");
  if (is_preflight || (head.method == "OPTIONS" && head.path == "*")) {
    exchange->route_name = "preflight";
    http::Response response(204);
    if (is_preflight) CorsPolicy::AddPreflightHeaders(&response);
    Send(exchange, std::move(response));
    return true;
  }
  const bool is_health = head.path == "/health";
  if (!is_health && head.path != "/readyz") return false;
  exchange->route_name = is_health ? "/health" : "/readyz";
  if (head.method != "GET" && head.method != "HEAD") {
    http::Response response = Failure(*exchange, MakeProblem(405, "this method is not allowed here"));
    response.AddHeaderLines("Allow: GET, HEAD, OPTIONS\r\n");
    Send(exchange, std::move(response));
  } else if (is_health) {
    Send(exchange, JsonResponse(200, R"({"status":"healthy"})"));
  } else {
    readiness_.Ask([this, exchange](bool is_ready) {
      if (is_ready) return Send(exchange, JsonResponse(200, R"({"status":"ready"})"));
      Fail(exchange, MakeProblem(503, "the service is not ready"));
    });
  }
  return true;
}

void GatewayHandler::AnswerRoute(const ExchangePtr& exchange) {
  const http::RequestHead& head = exchange->request.head;
  const RouteTable::Match match = api_.table().Find(head.method, head.path);
  switch (match.outcome) {
    case RouteTable::Outcome::kNotFound: {
      Problem problem = MakeProblem(404, "there is nothing at this path");
      problem.error_code = "ROUTE_NOT_FOUND";
      return Fail(exchange, problem);
    }
    case RouteTable::Outcome::kBadPath:
      return Fail(exchange, MakeProblem(400, "the path holds a malformed percent escape"));
    case RouteTable::Outcome::kMethodNotAllowed: {
      http::Response response = head.method == "OPTIONS"
                                    ? http::Response(204)
                                    : Failure(*exchange, MakeProblem(405, "this method is not allowed here"));
      response.AddHeader("Allow", match.allow);
      return Send(exchange, std::move(response));
    }
    case RouteTable::Outcome::kFound:
      break;
  }
  exchange->route = &api_.routes()[match.route];
  exchange->route_index = match.route;
  exchange->route_name = exchange->route->path->text();
  if (exchange->route->method->client_streaming || exchange->route->method->server_streaming) {
    return Fail(exchange, MakeProblem(501, "streaming methods are not served over HTTP"));
  }
  if (!AcceptsJson(Header(head, "accept"))) return Fail(exchange, MakeProblem(406, "only application/json is offered"));
  const std::string_view content_type = Header(head, "content-type");
  if (!exchange->request.body.empty() && !content_type.empty() && !IsJson(content_type)) {
    return Fail(exchange, MakeProblem(415, "the body must be application/json"));
  }
  Transcode(exchange, match.values);
}

void GatewayHandler::Transcode(const ExchangePtr& exchange, const std::vector<std::string>& path_values) {
  const http::RequestHead& head = exchange->request.head;
  UpstreamRequest call;
  call.rpc_path = &exchange->route->method->rpc_path;
  call.timeout = kTimeout;
  call.metadata.reserve(4);
  if (const std::optional<Problem> problem = AppendMetadata(head, &call.metadata)) return Fail(exchange, *problem);
  if (options_.auth_mode.session) {
    if (const std::optional<Problem> problem = AppendSession(head, &call.metadata)) return Fail(exchange, *problem);
  }
  if (const auto timeout = head.Find("grpc-timeout")) {
    const std::optional<absl::Duration> parsed = ParseGrpcTimeout(*timeout);
    if (!parsed) return Fail(exchange, MakeProblem(400, "Grpc-Timeout is malformed"));
    call.timeout = std::min(call.timeout, *parsed);
  }
  call.metadata.emplace_back("x-request-id", exchange->request_id);
  call.metadata.emplace_back("traceparent", exchange->traceparent);
  const RequestParts parts{path_values, head.query, exchange->request.body};
  if (std::optional<BindingError> error = BindRequest(*exchange->route, parts, &call.message)) {
    return Fail(exchange, MalformedRequest(*std::move(error)));
  }
  Upstream& upstream = *upstream_of_route_[exchange->route_index];
  // The answer may come before Call() returns; cancelling then does nothing.
  auto cancel = std::make_shared<Upstream::Cancel>();
  exchange->responder.OnClientGone([cancel] {
    if (*cancel) (*cancel)();
  });
  *cancel = upstream.Call(std::move(call),
                          [this, exchange](UpstreamAnswer answer) { OnUpstreamAnswer(exchange, std::move(answer)); });
}

void GatewayHandler::OnUpstreamAnswer(const ExchangePtr& exchange, UpstreamAnswer answer) {
  if (answer.status.ok()) return Send(exchange, Success(*exchange, answer));
  const http::RequestHead& head = exchange->request.head;
  ErrorContext context;
  context.token_was_sent = head.Find("authorization").has_value();
  context.if_match_was_sent = head.Find("if-match").has_value();
  if (exchange->route->body_field != nullptr) context.body_field = exchange->route->body_field->name;
  Fail(exchange, ProblemFromStatus(answer.status, context));
}

http::Response GatewayHandler::Success(const Exchange& exchange, const UpstreamAnswer& answer) {
  const Route& route = *exchange.route;
  const std::string_view bytes(reinterpret_cast<const char*>(answer.message.begin()), answer.message.size());
  std::string location;
  absl::Status status = WriteLocation(route, bytes, &location);
  http::Response response(route.method->success_status);
  if (status.ok() && response.status() != 204) {
    response.AddHeaderLines("Content-Type: application/json\r\n");
    status = WriteResponseBody(route, bytes, &response.body);
  }
  if (!status.ok()) {
    logger_.Error("answer_not_writable", {{"route", exchange.route_name},
                                          {"request_id", exchange.request_id},
                                          {"reason", std::string(status.message())}});
    const bool is_unimplemented = status.code() == absl::StatusCode::kUnimplemented;
    return Failure(exchange, is_unimplemented ? MakeProblem(501, "this answer has no JSON form")
                                              : MakeProblem(500, "something went wrong inside the service"));
  }
  if (!location.empty()) response.AddHeader("Location", location);
  return response;
}

http::Response GatewayHandler::Failure(const Exchange& exchange, const Problem& problem) const {
  http::Response response(problem.status);
  response.AddHeaderLines("Content-Type: application/problem+json\r\n");
  response.body = ToJson(problem, exchange.request_id);
  if (problem.retry_after) response.AddHeader("Retry-After", absl::StrCat(*problem.retry_after));
  if (problem.status == 401) {
    const bool token_was_sent = exchange.request.head.Find("authorization").has_value();
    response.AddHeader("WWW-Authenticate", token_was_sent ? "Bearer error=\"invalid_token\"" : "Bearer");
  }
  return response;
}

void GatewayHandler::Send(const ExchangePtr& exchange, http::Response response) {
  response.AddHeaderLines(kSecurityHeaders);
  response.AddHeader("X-Request-Id", exchange->request_id);
  response.AddHeader("traceparent", exchange->traceparent);
  options_.cors.AddHeaders(Header(exchange->request.head, "origin"), &response);
  Log(*exchange, response.status());
  exchange->responder.Send(std::move(response));
}

http::Response GatewayHandler::Refuse(const http::RequestHead* head, const http::Refusal& refusal) {
  const std::string request_id = head == nullptr ? MakeRequestId() : RequestIdOf(*head);
  const Problem problem = MakeProblem(refusal.status, refusal.detail);
  http::Response response(refusal.status);
  response.AddHeaderLines("Content-Type: application/problem+json\r\n");
  if (problem.retry_after) response.AddHeader("Retry-After", absl::StrCat(*problem.retry_after));
  response.AddHeaderLines(kSecurityHeaders);
  response.AddHeader("X-Request-Id", request_id);
  options_.cors.AddHeaders(head == nullptr ? std::string_view() : Header(*head, "origin"), &response);
  response.body = ToJson(problem, request_id);
  logger_.Warning("http_refused", {{"status", refusal.status}, {"reason", refusal.detail}, {"request_id", request_id}});
  return response;
}

void GatewayHandler::Log(const Exchange& exchange, int status) const {
  const auto elapsed = std::chrono::steady_clock::now() - exchange.start;
  logger_.Info("http_request",
               {{"route", exchange.route_name},
                {"method", exchange.request.head.method},
                {"status", status},
                {"duration_ms", int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()}},
                {"request_id", exchange.request_id},
                {"peer", exchange.request.peer}});
}

}  // namespace gateway
