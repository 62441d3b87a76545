#include "common/grpc/status_mapping.h"

#include <gtest/gtest.h>

#include "common/grpc/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace common {
namespace {

TEST(StatusMapping, KeepsCodeAndMessage) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError("no such thing"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such thing");
  EXPECT_EQ(FromGrpcStatus(status), absl::NotFoundError("no such thing"));
}

TEST(StatusMapping, CarriesDetailsThereAndBack) {
  const absl::Status status = InvalidFields({{"task.title", "is empty"}, {"page_size", "is negative"}});
  const grpc::Status sent = ToGrpcStatus(status);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(sent.error_details()));
  ASSERT_EQ(details.details_size(), 1);
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(details.details(0).UnpackTo(&bad_request));
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(0).field(), "task.title");
  EXPECT_EQ(bad_request.field_violations(1).description(), "is negative");
  EXPECT_EQ(FromGrpcStatus(sent), status);
}

TEST(StatusMapping, SurvivesDetailsThatCannotBeParsed) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "message", "\xff\xff\xff");
  EXPECT_EQ(FromGrpcStatus(status), absl::InternalError("message"));
}

}  // namespace
}  // namespace common
