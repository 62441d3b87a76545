#include "gateway/call_maker.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "gateway/entity_tag.h"
#include "gateway/query_binder.h"
#include "gateway/request_binder.h"
#include "gateway/request_metadata.h"

namespace gateway {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr size_t kMaxHeaderValue = 255;

bool IsVisible(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHeaderValue &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

// Some clients send the key as a structured field's string, in quotes.
std::string_view Unquote(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::optional<Problem> ReadIdempotencyKey(const Exchange& exchange, std::vector<HeaderValue>* values) {
  const std::optional<std::string_view> header = exchange.head().Find("idempotency-key");
  const FieldPath& field = exchange.route->method->key_field;
  if (!header || field.empty()) return std::nullopt;
  const std::string_view key = Unquote(*header);
  if (!IsVisible(key) || exchange.head().Count("idempotency-key") > 1) {
    return MakeProblem(400, "Idempotency-Key must be one key of 1 to 255 visible ASCII characters");
  }
  values->push_back({&field, std::string(key)});
  return std::nullopt;
}

std::optional<Problem> ReadLastEventId(const Exchange& exchange, const std::optional<std::string>& resumed,
                                       std::vector<HeaderValue>* values) {
  const FieldPath& field = exchange.route->method->last_event_id_field;
  if (field.empty()) return std::nullopt;
  const std::string_view header = HeaderOf(exchange.head(), "last-event-id");
  const std::string id = resumed.value_or(std::string(header));
  if (id.empty()) return std::nullopt;
  if (!IsVisible(id)) return MakeProblem(400, "Last-Event-ID must be 1 to 255 visible ASCII characters");
  values->push_back({&field, id});
  return std::nullopt;
}

std::optional<Problem> ReadHeaders(const Exchange& exchange, const std::optional<std::string>& last_event_id,
                                   std::vector<HeaderValue>* values) {
  const Method& method = *exchange.route->method;
  if (!method.if_match_field.empty()) {
    std::string tag;
    if (std::optional<Problem> problem = ReadIfMatch(exchange.head(), &tag)) return problem;
    std::string ignored;
    if (!tag.empty() && BindValue(method.if_match_field, tag, &ignored)) {
      return MakeProblem(412, "the entity tag is not the current one");
    }
    if (!tag.empty()) values->push_back({&method.if_match_field, std::move(tag)});
  }
  if (std::optional<Problem> problem = ReadIdempotencyKey(exchange, values)) return problem;
  return ReadLastEventId(exchange, last_event_id, values);
}

std::optional<Problem> ReadTimeout(const Exchange& exchange, UpstreamRequest* call) {
  absl::Duration timeout = exchange.route->method->server_streaming ? absl::InfiniteDuration() : kTimeout;
  const std::optional<std::string_view> header = exchange.head().Find("grpc-timeout");
  if (header) {
    const std::optional<absl::Duration> wanted = ParseGrpcTimeout(*header);
    if (!wanted) return MakeProblem(400, "Grpc-Timeout is malformed");
    timeout = std::min(timeout, *wanted);
  }
  call->deadline = absl::Now() + timeout;
  return std::nullopt;
}

// Reads may be repeated, and what the proto or the client's key says may.
bool IsRepeatable(const Exchange& exchange, const std::vector<HeaderValue>& headers) {
  const Method& method = *exchange.route->method;
  if (IsRead(exchange.head()) || method.is_idempotent) return true;
  return std::any_of(headers.begin(), headers.end(),
                     [&method](const HeaderValue& value) { return value.field == &method.key_field; });
}

}  // namespace

std::optional<Problem> MakeCall(const Exchange& exchange, const std::vector<std::string>& path_values,
                                const AuthMode& auth_mode, const std::optional<std::string>& last_event_id,
                                UpstreamRequest* call) {
  const http::RequestHead& head = exchange.head();
  call->rpc_path = &exchange.route->method->rpc_path;
  call->metadata.reserve(4);
  if (std::optional<Problem> problem = AppendMetadata(head, &call->metadata)) return problem;
  if (auth_mode.session) {
    if (std::optional<Problem> problem = AppendSession(head, &call->metadata)) return problem;
  }
  call->metadata.emplace_back("x-request-id", exchange.request_id);
  AppendTrace(head, exchange.traceparent, &call->metadata);
  if (std::optional<Problem> problem = ReadTimeout(exchange, call)) return problem;

  RequestParts parts{path_values, head.query, exchange.request.body};
  parts.content_type = HeaderOf(head, "content-type");
  if (std::optional<Problem> problem = ReadHeaders(exchange, last_event_id, &parts.headers)) return problem;
  call->is_repeatable = IsRepeatable(exchange, parts.headers);
  if (std::optional<BindingError> error = BindRequest(*exchange.route, parts, &call->message)) {
    return MalformedRequest(*std::move(error));
  }
  return std::nullopt;
}

}  // namespace gateway
