#include "services/verifier/forward_auth_handler.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "common/core/trace_context.h"
#include "services/verifier/forward_auth_answers.h"
#include "services/verifier/verdict_log.h"
#include "services/verifier/verdict_metrics.h"

namespace verifier {
namespace {

// What stands in front of a token (RFC 6750 section 2.1; the scheme in any case).
std::optional<std::string_view> BearerToken(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view scheme = header.substr(0, kScheme.size());
  if (!absl::EqualsIgnoreCase({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) return std::nullopt;
  return header.substr(kScheme.size());
}

// What a request shows, or the challenge that answers it. Views of the request.
std::variant<auth::Credential, Challenge> CredentialOf(const http::RequestHead& head) {
  // Which of two the service behind the proxy reads is anybody's guess.
  if (head.Count("authorization") > 1) {
    return Challenge{"invalid_request", "the request has more than one Authorization header"};
  }
  if (const std::optional<std::string_view> header = head.Find("authorization")) {
    const std::optional<std::string_view> token = BearerToken(*header);
    if (!token) return Challenge{"", "the Authorization header is not of the form Bearer TOKEN"};
    if (token->find_first_of(" \t") == std::string_view::npos) return auth::Credential{.token = *token};
    return Challenge{"invalid_request", "the Authorization header is not of the form Bearer TOKEN"};
  }
  if (head.Count("cookie") > 1 || head.Count("origin") > 1) {
    return Challenge{"invalid_request", "the request has more than one Cookie or Origin header"};
  }
  return auth::Credential{.cookie = head.Find("cookie").value_or(std::string_view()),
                          .origin = head.Find("origin").value_or(std::string_view())};
}

http::Response Reject(const Rejection& rejection) {
  switch (rejection.reason) {
    case auth::v1::REJECTION_REASON_MISSING_CREDENTIAL:
      return Unauthorized({"", rejection.detail});
    case auth::v1::REJECTION_REASON_ORIGIN_NOT_ALLOWED:
      return Forbidden(rejection.detail);
    default:
      return Unauthorized({"invalid_token", rejection.detail});
  }
}

// Every path is the same question.
constexpr std::string_view kRoute = "forward-auth";

std::string_view OutcomeOf(int status) { return status < 400 ? "ok" : status < 500 ? "refused" : "failed"; }

}  // namespace

// A request that waits for its verdict.
struct ForwardAuthHandler::Exchange {
  Exchange(http::Request r, http::Responder s) : request(std::move(r)), responder(std::move(s)) {}

  std::string_view HeaderOf(std::string_view name) const {
    return request.head.Find(name).value_or(std::string_view());
  }

  http::Request request;
  http::Responder responder;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const std::string request_id = common::RequestIdOr(HeaderOf("x-request-id"));
  const std::string traceparent = common::TraceparentOr(HeaderOf("traceparent"));
};

void ForwardAuthHandler::Handle(http::Request request, http::Responder responder) {
  // Keeps the bytes that the credential views.
  const auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder));
  const auto credential = CredentialOf(exchange->request.head);
  if (const auto* challenge = std::get_if<Challenge>(&credential)) {
    metrics_.Count(auth::ValidationResult::kMalformed, absl::ZeroDuration());
    return Send(*exchange, "", Unauthorized(*challenge));
  }
  verifier_.Verify(std::get<auth::Credential>(credential), [this, exchange](const Verdict& verdict) {
    metrics_.Count(ResultOf(verdict), absl::FromChrono(std::chrono::steady_clock::now() - exchange->start));
    const bool is_verified = verdict.ok() && verdict->ok();
    Send(*exchange, is_verified ? (*verdict)->claims().subject() : std::string(), Answer(*exchange, verdict));
  });
}

void ForwardAuthHandler::Send(Exchange& exchange, std::string_view subject, http::Response response) const {
  const int status = response.status();
  logger_.Info("http_request", {{"route", kRoute},
                                {"status", status},
                                {"outcome", OutcomeOf(status)},
                                {"duration_ms", absl::FromChrono(std::chrono::steady_clock::now() - exchange.start)},
                                {"sub", subject},
                                {"peer", exchange.request.peer},
                                {"request_id", exchange.request_id},
                                {"trace_id", common::TraceIdOf(exchange.traceparent)}});
  exchange.responder.Send(std::move(response));
}

http::Response ForwardAuthHandler::Refuse(const http::RequestHead* /*head*/, const http::Refusal& refusal) {
  logger_.Warning("http_refused", {{"status", refusal.status},
                                   {"outcome", OutcomeOf(refusal.status)},
                                   {"reason", refusal.detail},
                                   {"peer", refusal.peer}});
  return Refused(refusal.status, refusal.detail);
}

http::Response ForwardAuthHandler::Answer(const Exchange& exchange, const Verdict& verdict) const {
  const Question question{.route = kRoute,
                          .peer = exchange.request.peer,
                          .request_id = exchange.request_id,
                          .trace_id = common::TraceIdOf(exchange.traceparent)};
  if (!verdict.ok()) {
    LogUndecided(logger_, verdict.status(), question);
    return Undecided();
  }
  if (!verdict->ok()) {
    LogRejection(logger_, verdict->rejection(), question);
    return Reject(verdict->rejection());
  }
  const absl::StatusOr<std::string> subject = SubjectForHeader((*verdict)->claims().subject());
  if (!subject.ok()) return Forbidden(std::string(subject.status().message()));
  return Pass(*subject);
}

}  // namespace verifier
