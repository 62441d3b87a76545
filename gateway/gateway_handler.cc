#include "gateway/gateway_handler.h"

#include <map>
#include <utility>

#include "gateway/call_maker.h"
#include "gateway/docs_page.h"
#include "gateway/media_type.h"

namespace gateway {
namespace {

http::Response JsonResponse(int status, std::string body) {
  http::Response response(status);
  response.AddHeaderLines("Content-Type: application/json\r\n");
  response.body = std::move(body);
  return response;
}

// Of what the gateway answers itself.
constexpr std::string_view kReadOnly = "GET, HEAD, OPTIONS";

bool IsPreflight(const http::RequestHead& head) {
  return head.method == "OPTIONS" && head.Find("origin") && head.Find("access-control-request-method");
}

// What is wrong with the media types of a request for `route`.
std::optional<Problem> CheckMediaTypes(const Exchange& exchange) {
  const Route& route = *exchange.route;
  const std::string_view accept = HeaderOf(exchange.head(), "accept");
  if (!route.AnswersHttpBody() && !route.method->server_streaming && !AcceptsJson(accept)) {
    return MakeProblem(406, "only application/json is offered");
  }
  const std::string_view content_type = HeaderOf(exchange.head(), "content-type");
  if (route.TakesHttpBody() || exchange.request.body.empty() || content_type.empty() || IsJson(content_type)) {
    return std::nullopt;
  }
  return MakeProblem(415, "the body must be application/json");
}

}  // namespace

GatewayHandler::GatewayHandler(const Api& api, const std::vector<ServiceUpstream>& upstreams, Readiness& readiness,
                               HandlerOptions options, common::Logger logger)
    : api_(api),
      auth_mode_(options.auth_mode),
      request_metrics_(api),
      answers_(std::move(options.cors), options.is_tls, request_metrics_, std::move(logger)),
      readiness_(readiness) {
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

http::Response GatewayHandler::Refuse(const http::RequestHead* head, const http::Refusal& refusal) {
  return answers_.Refuse(head, refusal);
}

uint64_t GatewayHandler::BodyLimit(const http::RequestHead& head, uint64_t limit) {
  const RouteTable::Match match = api_.table().Find(head.method, head.path);
  if (match.outcome != RouteTable::Outcome::kFound) return limit;
  const uint64_t own = api_.routes()[match.route].method->max_body_bytes;
  return own == 0 ? limit : own;
}

bool GatewayHandler::AnswerItself(const ExchangePtr& exchange) {
  const http::RequestHead& head = exchange->head();
  const bool is_preflight = IsPreflight(head);
  if (is_preflight || (head.method == "OPTIONS" && head.path == "*")) {
    exchange->route_name = "preflight";
    http::Response response(204);
    if (is_preflight) CorsPolicy::AddPreflightHeaders(&response);
    answers_.Send(*exchange, std::move(response));
    return true;
  }
  if (head.path != "/health" && head.path != "/readyz") return false;
  AnswerHealth(exchange);
  return true;
}

void GatewayHandler::AnswerHealth(const ExchangePtr& exchange) {
  const http::RequestHead& head = exchange->head();
  const bool is_health = head.path == "/health";
  exchange->route_name = is_health ? "/health" : "/readyz";
  if (!IsRead(head)) return RefuseMethod(exchange, kReadOnly);
  if (is_health) return answers_.Send(*exchange, JsonResponse(200, R"({"status":"healthy"})"));
  readiness_.Ask([this, exchange](bool is_ready) {
    if (is_ready) return answers_.Send(*exchange, JsonResponse(200, R"({"status":"ready"})"));
    answers_.Fail(*exchange, MakeProblem(503, "the service is not ready"));
  });
}

bool GatewayHandler::AnswerDocument(const ExchangePtr& exchange) const {
  const http::RequestHead& head = exchange->head();
  http::Response response;
  if (head.path == "/openapi.json") {
    response.AddHeaderLines("Content-Type: application/json\r\n");
    response.body = api_.openapi();
  } else if (head.path == "/docs") {
    response.AddHeaderLines("Content-Type: text/html; charset=utf-8\r\n");
    response.AddHeaderLines(kDocsPolicy);
    response.body = api_.docs_page();
  } else if (head.path == "/docs/style.css") {
    response.AddHeaderLines("Content-Type: text/css; charset=utf-8\r\n");
    response.body = std::string(kDocsStyle);
  } else {
    return false;
  }
  // The gateway may be another one tomorrow.
  response.AddHeaderLines("Cache-Control: no-cache\r\n");
  exchange->route_name = "document";
  if (!IsRead(head)) {
    RefuseMethod(exchange, kReadOnly);
    return true;
  }
  answers_.Send(*exchange, std::move(response));
  return true;
}

void GatewayHandler::RefuseMethod(const ExchangePtr& exchange, std::string_view allow) const {
  http::Response response = exchange->head().method == "OPTIONS"
                                ? http::Response(204)
                                : answers_.Failure(*exchange, MakeProblem(405, "this method is not allowed here"));
  response.AddHeader("Allow", allow);
  answers_.Send(*exchange, std::move(response));
}

void GatewayHandler::AnswerRoute(const ExchangePtr& exchange) {
  const http::RequestHead& head = exchange->head();
  RouteTable::Match match = api_.table().Find(head.method, head.path);
  switch (match.outcome) {
    case RouteTable::Outcome::kNotFound: {
      if (AnswerDocument(exchange)) return;
      Problem problem = MakeProblem(404, "there is nothing at this path");
      problem.error_code = "ROUTE_NOT_FOUND";
      return answers_.Fail(*exchange, problem);
    }
    case RouteTable::Outcome::kBadPath:
      return answers_.Fail(*exchange, MakeProblem(400, "the path holds a malformed percent escape"));
    case RouteTable::Outcome::kMethodNotAllowed:
      return RefuseMethod(exchange, match.allow);
    case RouteTable::Outcome::kFound:
      break;
  }
  exchange->route = &api_.routes()[match.route];
  exchange->route_index = match.route;
  exchange->route_name = exchange->route->path->text();
  const Method& method = *exchange->route->method;
  if (method.client_streaming) {
    return answers_.Fail(*exchange, MakeProblem(501, "methods that take a stream are not served over HTTP"));
  }
  if (const std::optional<Problem> problem = CheckMediaTypes(*exchange)) return answers_.Fail(*exchange, *problem);
  if (method.server_streaming) return BeginStream(exchange, std::move(match.values));
  Transcode(exchange, std::move(match.values));
}

void GatewayHandler::Transcode(const ExchangePtr& exchange, std::vector<std::string> path_values) {
  auto call = std::make_shared<UpstreamRequest>();
  if (const auto problem = MakeCall(*exchange, path_values, auth_mode_, std::nullopt, call.get())) {
    return answers_.Fail(*exchange, *problem);
  }
  // The answer may come before Call() returns; cancelling then does nothing.
  auto cancel = std::make_shared<Upstream::Cancel>();
  exchange->responder.OnClientGone([cancel] {
    if (*cancel) (*cancel)();
  });
  *cancel = upstream_of_route_[exchange->route_index]->Call(
      std::move(call), [this, exchange](const UpstreamAnswer& answer) { OnUpstreamAnswer(exchange, answer); });
}

void GatewayHandler::OnUpstreamAnswer(const ExchangePtr& exchange, const UpstreamAnswer& answer) const {
  if (!answer.status.ok()) return answers_.Fail(*exchange, Answers::ToProblem(*exchange, answer.status));
  const std::string_view bytes(reinterpret_cast<const char*>(answer.message.begin()), answer.message.size());
  answers_.Send(*exchange, answers_.Success(*exchange, bytes));
}

void GatewayHandler::BeginStream(const ExchangePtr& exchange, std::vector<std::string> path_values) {
  std::optional<StreamFormat::Kind> kind = StreamFormat::Kind::kOctets;
  if (!exchange->route->AnswersHttpBody()) kind = ChooseStreamFormat(HeaderOf(exchange->head(), "accept"));
  if (!kind) {
    return answers_.Fail(*exchange,
                         MakeProblem(406, "application/x-ndjson, text/event-stream and application/json are offered"));
  }
  const std::shared_ptr<StreamCall> call = streams_->Add(std::make_unique<StreamCall>(
      exchange, std::move(path_values), auth_mode_, *kind, answers_, *upstream_of_route_[exchange->route_index]));
  if (call == nullptr) return answers_.Fail(*exchange, MakeProblem(503, "the gateway is shutting down"));
  call->Begin();
}

}  // namespace gateway
