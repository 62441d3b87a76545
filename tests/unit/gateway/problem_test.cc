#include <gtest/gtest.h>

#include "absl/strings/cord.h"
#include "common/grpc/error.h"
#include "common/grpc/status_mapping.h"
#include "gateway/problem.h"
#include "gateway/status_mapping.h"
#include "google/rpc/error_details.pb.h"

namespace gateway {
namespace {

struct CodeCase {
  grpc::StatusCode code;
  int status;
  const char* error_code;
  bool tells;  // whether the upstream's words are passed on
};

void PrintTo(const CodeCase& c, std::ostream* out) { *out << c.status; }

class Codes : public testing::TestWithParam<CodeCase> {};

TEST_P(Codes, BecomeHttp) {
  const Problem problem = ProblemFromStatus(grpc::Status(GetParam().code, "secret words"), {});
  EXPECT_EQ(problem.status, GetParam().status);
  EXPECT_EQ(problem.error_code, GetParam().error_code);
  EXPECT_EQ(problem.detail == "secret words", GetParam().tells);
}

INSTANTIATE_TEST_SUITE_P(All, Codes,
                         testing::ValuesIn(std::vector<CodeCase>{
                             {grpc::StatusCode::CANCELLED, 499, "CLIENT_CLOSED_REQUEST", false},
                             {grpc::StatusCode::UNKNOWN, 500, "SERVER_ERROR", false},
                             {grpc::StatusCode::INVALID_ARGUMENT, 400, "MALFORMED_REQUEST", true},
                             {grpc::StatusCode::DEADLINE_EXCEEDED, 504, "DEADLINE_EXCEEDED", false},
                             {grpc::StatusCode::NOT_FOUND, 404, "NOT_FOUND", true},
                             {grpc::StatusCode::ALREADY_EXISTS, 409, "CONFLICT", true},
                             {grpc::StatusCode::PERMISSION_DENIED, 403, "FORBIDDEN_USER_ACCESS", true},
                             {grpc::StatusCode::RESOURCE_EXHAUSTED, 429, "RATE_LIMITED", false},
                             {grpc::StatusCode::FAILED_PRECONDITION, 409, "CONFLICT", true},
                             {grpc::StatusCode::ABORTED, 409, "CONFLICT", true},
                             {grpc::StatusCode::OUT_OF_RANGE, 400, "MALFORMED_REQUEST", true},
                             {grpc::StatusCode::UNIMPLEMENTED, 501, "NOT_IMPLEMENTED", false},
                             {grpc::StatusCode::INTERNAL, 500, "SERVER_ERROR", false},
                             {grpc::StatusCode::UNAVAILABLE, 503, "SERVICE_UNAVAILABLE", false},
                             {grpc::StatusCode::DATA_LOSS, 500, "SERVER_ERROR", false},
                             {grpc::StatusCode::UNAUTHENTICATED, 401, "MISSING_TOKEN", true},
                         }));

TEST(StatusMapping, TakesTheReasonOfErrorInfo) {
  const auto status = common::ToGrpcStatus(common::ErrorWithReason(
      absl::StatusCode::kUnavailable, "the database is away", "todo.v1", "DATABASE_UNAVAILABLE"));
  const Problem problem = ProblemFromStatus(status, {});
  EXPECT_EQ(problem.status, 503);
  EXPECT_EQ(problem.error_code, "DATABASE_UNAVAILABLE");
  EXPECT_EQ(problem.detail, "the database is away");
  EXPECT_EQ(problem.retry_after, 1);
}

// A status with an ErrorInfo that asks for another HTTP status than that of the code.
grpc::Status AskingFor(const std::string& http_status) {
  absl::Status status(absl::StatusCode::kFailedPrecondition, "too old");
  google::rpc::ErrorInfo info;
  info.set_reason("SYNC_TOKEN_EXPIRED");
  (*info.mutable_metadata())["http_status"] = http_status;
  status.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord(info.SerializeAsString()));
  return common::ToGrpcStatus(status);
}

TEST(StatusMapping, TakesAStatusOfThe400sFromErrorInfoAndNoOther) {
  const Problem problem = ProblemFromStatus(AskingFor("410"), {});
  EXPECT_EQ(problem.status, 410);
  EXPECT_EQ(problem.error_code, "SYNC_TOKEN_EXPIRED");
  for (const char* http_status : {"", "200", "399", "500", "4100", "gone", "-410"}) {
    EXPECT_EQ(ProblemFromStatus(AskingFor(http_status), {}).status, 409) << http_status;
  }
}

TEST(StatusMapping, TellsNothingOfInternalErrorsEvenWithAReason) {
  const auto status =
      common::ToGrpcStatus(common::ErrorWithReason(absl::StatusCode::kInternal, "SELECT *", "todo.v1", "SQL_BROKEN"));
  const Problem problem = ProblemFromStatus(status, {});
  EXPECT_EQ(problem.error_code, "SERVER_ERROR");
  EXPECT_EQ(problem.detail.find("SELECT"), std::string::npos);
}

TEST(StatusMapping, ShowsViolationsRelativeToTheBody) {
  const auto status = common::ToGrpcStatus(common::InvalidFields(
      {{"task.title", "is too long"}, {"user_id", "is empty"}, {"tasks.title", "x"}, {"task", "y"}}));
  ErrorContext context;
  context.body_field = "task";
  const Problem problem = ProblemFromStatus(status, context);
  EXPECT_EQ(problem.status, 422);
  EXPECT_EQ(problem.error_code, "VALIDATION_ERROR");
  ASSERT_EQ(problem.errors.size(), 4u);
  EXPECT_EQ(problem.errors[0].field, "title");
  EXPECT_EQ(problem.errors[0].message, "is too long");
  EXPECT_EQ(problem.errors[1].field, "user_id");
  EXPECT_EQ(problem.errors[2].field, "tasks.title");
  EXPECT_EQ(problem.errors[3].field, "task");
}

TEST(StatusMapping, SaysPreconditionFailedWhereIfMatchWasSent) {
  ErrorContext context;
  context.if_match_was_sent = true;
  EXPECT_EQ(ProblemFromStatus(grpc::Status(grpc::StatusCode::ABORTED, ""), context).status, 412);
  EXPECT_EQ(ProblemFromStatus(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, ""), context).status, 412);
}

TEST(StatusMapping, SurvivesDetailsThatAreNone) {
  EXPECT_EQ(ProblemFromStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "x", "\xff\xff"), {}).status, 404);
}

TEST(Problem, IsWrittenAsRfc9457) {
  Problem problem = MakeProblem(422, "it \"is\" so");
  problem.errors.push_back({"title", "is too long"});
  EXPECT_EQ(
      ToJson(problem, "id-1"),
      R"({"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"it \"is\" so",)"
      R"("error_code":"VALIDATION_ERROR","request_id":"id-1","errors":[{"field":"title","message":"is too long"}]})");
}

TEST(Problem, NamesTheMalformedField) {
  const Problem problem = MalformedRequest({"title", "must be a string"});
  EXPECT_EQ(problem.status, 400);
  EXPECT_EQ(problem.error_code, "MALFORMED_REQUEST");
  EXPECT_EQ(problem.detail, "title must be a string");
  ASSERT_EQ(problem.errors.size(), 1u);
}

}  // namespace
}  // namespace gateway
