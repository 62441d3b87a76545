#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/core/logger.h"
#include "common/http/handler.h"
#include "gateway/api.h"
#include "gateway/auth_mode.h"
#include "gateway/cors.h"
#include "gateway/problem.h"
#include "gateway/readiness.h"
#include "gateway/upstream.h"

namespace gateway {

struct Exchange;

struct HandlerOptions {
  CorsPolicy cors;
  AuthMode auth_mode;
};

// Answers HTTP requests by calling gRPC methods:
//
//   route -> media types -> metadata -> BindRequest -> Upstream -> WriteResponseBody | ProblemFromStatus
//
// `/health` and `/readyz` are its own. Thread-safe.
class GatewayHandler : public http::Handler {
 public:
  // `api` and `readiness` must outlive this; `upstreams` must have one for each service of the API. `logger` gets one
  // line a request.
  GatewayHandler(const Api& api, const std::vector<ServiceUpstream>& upstreams, Readiness& readiness,
                 HandlerOptions options, common::Logger logger);

  void Handle(http::Request request, http::Responder responder) override;
  http::Response Refuse(const http::RequestHead* head, const http::Refusal& refusal) override;

 private:
  using ExchangePtr = std::shared_ptr<Exchange>;

  // Whether the request was for the gateway itself.
  bool AnswerItself(const ExchangePtr& exchange);
  void AnswerRoute(const ExchangePtr& exchange);
  void Transcode(const ExchangePtr& exchange, const std::vector<std::string>& path_values);
  void OnUpstreamAnswer(const ExchangePtr& exchange, UpstreamAnswer answer);
  http::Response Success(const Exchange& exchange, const UpstreamAnswer& answer);
  http::Response Failure(const Exchange& exchange, const Problem& problem) const;
  // Adds what every answer has and sends it.
  void Send(const ExchangePtr& exchange, http::Response response);
  void Fail(const ExchangePtr& exchange, const Problem& problem) { Send(exchange, Failure(*exchange, problem)); }
  void Log(const Exchange& exchange, int status) const;

  const Api& api_;
  std::vector<Upstream*> upstream_of_route_;
  std::vector<std::shared_ptr<Upstream>> upstreams_;
  Readiness& readiness_;
  const HandlerOptions options_;
  const common::Logger logger_;
};

}  // namespace gateway
