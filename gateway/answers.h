#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "absl/status/status.h"
#include "common/core/logger.h"
#include "common/http/response.h"
#include "gateway/cors.h"
#include "gateway/exchange.h"
#include "gateway/problem.h"
#include "gateway/request_metrics.h"

namespace gateway {

// Makes and sends answers: bodies from gRPC messages, problems, and the headers that every answer has. Thread-safe.
class Answers {
 public:
  // With `is_tls` browsers are told to come by TLS alone. `logger` gets one line a request, and `metrics`, which must
  // outlive this, count each.
  Answers(CorsPolicy cors, bool is_tls, RequestMetrics& metrics, common::Logger logger);

  // The answer for a gRPC answer in its wire form; a problem where it cannot be written.
  http::Response Success(const Exchange& exchange, std::string_view message) const;
  http::Response Failure(const Exchange& exchange, const Problem& problem) const;
  // The problem that a gRPC status other than OK is.
  static Problem ToProblem(const Exchange& exchange, const grpc::Status& status);
  // The problem for a message that cannot be written as JSON. Logs why.
  Problem Unwritable(const Exchange& exchange, const absl::Status& status) const;

  // Adds what every answer has. Without `cache_control` nothing may keep the answer.
  void Dress(const Exchange& exchange, http::Response* response) const;
  // Dresses, logs and sends.
  void Send(Exchange& exchange, http::Response response) const;
  void Fail(Exchange& exchange, const Problem& problem) const { Send(exchange, Failure(exchange, problem)); }
  // Notes the end of a request.
  void Log(const Exchange& exchange, int status) const;
  // The answer to what reaches no handler; `head` may be null.
  http::Response Refuse(const http::RequestHead* head, const http::Refusal& refusal) const;

 private:
  void AddSecurityHeaders(http::Response* response) const;

  const CorsPolicy cors_;
  const bool is_tls_;
  RequestMetrics& metrics_;
  const common::Logger logger_;
};

}  // namespace gateway
