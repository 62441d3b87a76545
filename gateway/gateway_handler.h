#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/core/logger.h"
#include "common/http/handler.h"
#include "gateway/answers.h"
#include "gateway/api.h"
#include "gateway/auth_mode.h"
#include "gateway/cors.h"
#include "gateway/exchange.h"
#include "gateway/readiness.h"
#include "gateway/request_metrics.h"
#include "gateway/stream_set.h"
#include "gateway/upstream.h"

namespace gateway {

struct HandlerOptions {
  CorsPolicy cors;
  AuthMode auth_mode;
  // The server speaks TLS.
  bool is_tls = false;
};

// Answers HTTP requests by calling gRPC methods:
//
//   route -> media types -> MakeCall -> Upstream -> Answers
//                                               \-> StreamCall
//
// `/health` and `/readyz` are its own, and `/openapi.json` and `/docs` where no method has them. Thread-safe.
class GatewayHandler : public http::Handler {
 public:
  // `api` and `readiness` must outlive this; `upstreams` must have one for each service of the API. `logger` gets one
  // line a request.
  GatewayHandler(const Api& api, const std::vector<ServiceUpstream>& upstreams, Readiness& readiness,
                 HandlerOptions options, common::Logger logger);

  void Handle(http::Request request, http::Responder responder) override;
  http::Response Refuse(const http::RequestHead* head, const http::Refusal& refusal) override;
  uint64_t BodyLimit(const http::RequestHead& head, uint64_t limit) override;

  // Ends all streams, and each that begins from now on, so that their clients connect elsewhere.
  void EndStreams() { streams_->EndAll(); }

  const RequestMetrics& request_metrics() const { return request_metrics_; }

 private:
  // Whether the request was for the gateway itself.
  bool AnswerItself(const ExchangePtr& exchange);
  void AnswerHealth(const ExchangePtr& exchange);
  // The API's documents, where no route of its own has their path.
  bool AnswerDocument(const ExchangePtr& exchange) const;
  // 405 with the methods that there are at this path; to OPTIONS, only these.
  void RefuseMethod(const ExchangePtr& exchange, std::string_view allow) const;
  void AnswerRoute(const ExchangePtr& exchange);
  void Transcode(const ExchangePtr& exchange, std::vector<std::string> path_values);
  void BeginStream(const ExchangePtr& exchange, std::vector<std::string> path_values);
  void OnUpstreamAnswer(const ExchangePtr& exchange, const UpstreamAnswer& answer) const;

  const Api& api_;
  const AuthMode auth_mode_;
  RequestMetrics request_metrics_;
  const Answers answers_;
  std::vector<Upstream*> upstream_of_route_;
  std::vector<std::shared_ptr<Upstream>> upstreams_;
  Readiness& readiness_;

  const std::shared_ptr<StreamSet> streams_ = std::make_shared<StreamSet>();
};

}  // namespace gateway
