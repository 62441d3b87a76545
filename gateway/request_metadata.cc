#include "gateway/request_metadata.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "gateway/scalar_text.h"
#include "gateway/session_cookie.h"
#include "gateway/text.h"

namespace gateway {
namespace {

constexpr size_t kMaxToken = 8 * 1024;
constexpr size_t kMaxTracestate = 512;
constexpr std::string_view kPrefix = "grpc-metadata-";

bool IsMetadataValue(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

bool IsMetadataKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_' || c == '.';
  });
}

// Keys that say who somebody is, or that gRPC and the gateway set themselves.
bool IsReserved(std::string_view key) {
  static constexpr std::string_view kNames[] = {
      "authorization", "connection", "content-length", "content-type", "cookie",
      "forwarded",     "host",       "keep-alive",     "origin",       "te",
      "traceparent",   "tracestate", "trailer",        "upgrade",      "transfer-encoding",
      "user-agent",    "x-real-ip",  "x-request-id",   "x-user-id"};
  return std::find(std::begin(kNames), std::end(kNames), key) != std::end(kNames) ||
         absl::StartsWith(View(key), "grpc-") || absl::StartsWith(View(key), "x-auth-") ||
         absl::StartsWith(View(key), "x-forwarded-");
}

std::optional<Problem> AppendAuthorization(std::string_view value, Metadata* metadata) {
  if (value.size() > kMaxToken + std::string_view("Bearer ").size()) return MakeProblem(431, "the token is too large");
  if (!IsMetadataValue(value)) {
    Problem problem = MakeProblem(400, "Authorization holds characters outside ASCII");
    problem.error_code = "INVALID_HEADER_FORMAT";
    return problem;
  }
  metadata->emplace_back("authorization", value);
  return std::nullopt;
}

std::optional<Problem> AppendPassed(std::string key, std::string_view value, Metadata* metadata) {
  if (IsReserved(key)) return std::nullopt;
  if (!IsMetadataKey(key)) return MakeProblem(400, "a Grpc-Metadata- header has a name that metadata cannot have");
  if (absl::EndsWith(key, "-bin")) {
    std::optional<std::string> bytes = DecodeBase64(value);
    if (!bytes) return MakeProblem(400, "a Grpc-Metadata- header ending in -Bin must be base64");
    metadata->emplace_back(std::move(key), *std::move(bytes));
    return std::nullopt;
  }
  if (!IsMetadataValue(value)) return MakeProblem(400, "a Grpc-Metadata- header holds characters outside ASCII");
  metadata->emplace_back(std::move(key), value);
  return std::nullopt;
}

}  // namespace

std::optional<Problem> AppendMetadata(const http::RequestHead& head, Metadata* metadata) {
  bool has_authorization = false;
  for (const http::HeaderField& field : head.fields) {
    std::optional<Problem> problem;
    if (absl::EqualsIgnoreCase(View(field.name), "authorization")) {
      if (has_authorization) {
        problem = MakeProblem(400, "Authorization stands twice");
        problem->error_code = "INVALID_HEADER_FORMAT";
        return problem;
      }
      has_authorization = true;
      problem = AppendAuthorization(field.value, metadata);
    } else if (absl::StartsWithIgnoreCase(View(field.name), View(kPrefix))) {
      problem = AppendPassed(absl::AsciiStrToLower(View(field.name.substr(kPrefix.size()))), field.value, metadata);
    }
    if (problem) return problem;
  }
  return std::nullopt;
}

std::optional<Problem> AppendSession(const http::RequestHead& head, Metadata* metadata) {
  std::string cookie;
  if (std::optional<Problem> problem = FindSessionCookies(head, &cookie)) return problem;
  if (!cookie.empty()) metadata->emplace_back("cookie", std::move(cookie));
  const std::optional<std::string_view> origin = head.Find("origin");
  if (!origin) return std::nullopt;
  if (head.Count("origin") > 1) return MakeProblem(400, "Origin stands twice");
  if (!IsMetadataValue(*origin)) return MakeProblem(400, "Origin holds characters outside ASCII");
  metadata->emplace_back("origin", *origin);
  return std::nullopt;
}

void AppendTrace(const http::RequestHead& head, const std::string& traceparent, Metadata* metadata) {
  metadata->emplace_back("traceparent", traceparent);
  if (head.Find("traceparent") != traceparent) return;
  std::string state;
  for (const http::HeaderField& field : head.fields) {
    if (!http::IsNamed(field, "tracestate") || field.value.empty() || !IsMetadataValue(field.value)) continue;
    state.append(state.empty() ? "" : ",").append(field.value);
  }
  if (!state.empty() && state.size() <= kMaxTracestate) metadata->emplace_back("tracestate", std::move(state));
}

std::optional<absl::Duration> ParseGrpcTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  const std::string_view digits = text.substr(0, text.size() - 1);
  int64_t amount = 0;
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) || !absl::SimpleAtoi(View(digits), &amount)) {
    return std::nullopt;
  }
  switch (text.back()) {
    case 'H':
      return absl::Hours(amount);
    case 'M':
      return absl::Minutes(amount);
    case 'S':
      return absl::Seconds(amount);
    case 'm':
      return absl::Milliseconds(amount);
    case 'u':
      return absl::Microseconds(amount);
    case 'n':
      return absl::Nanoseconds(amount);
    default:
      return std::nullopt;
  }
}

}  // namespace gateway
