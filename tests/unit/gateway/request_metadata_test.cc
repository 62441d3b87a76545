#include "gateway/request_metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/media_type.h"

namespace gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct Result {
  Metadata metadata;
  std::optional<Problem> problem;
};

Result From(std::vector<http::HeaderField> fields) {
  http::RequestHead head;
  head.fields = std::move(fields);
  Result result;
  result.problem = AppendMetadata(head, &result.metadata);
  return result;
}

TEST(RequestMetadata, PassesTheTokenAndWhatIsMarked) {
  const Result result = From({{"AUTHORIZATION", "Bearer x"},
                              {"Grpc-Metadata-Tenant", "t"},
                              {"Grpc-Metadata-Blob-Bin", "AQI"},
                              {"Cookie", "secret"},
                              {"X-Other", "y"}});
  EXPECT_FALSE(result.problem);
  EXPECT_THAT(result.metadata,
              ElementsAre(Pair("authorization", "Bearer x"), Pair("tenant", "t"), Pair("blob-bin", "\x01\x02")));
}

TEST(RequestMetadata, StripsIdentities) {
  const Result result = From({{"X-User-Id", "evil"},
                              {"X-Auth-Subject", "evil"},
                              {"Grpc-Metadata-X-User-Id", "evil"},
                              {"Grpc-Metadata-X-Auth-Roles", "evil"},
                              {"Grpc-Metadata-Grpc-Timeout", "1S"},
                              {"Grpc-Metadata-Authorization", "Bearer evil"},
                              {"grpc-status", "0"}});
  EXPECT_FALSE(result.problem);
  EXPECT_THAT(result.metadata, IsEmpty());
}

TEST(RequestMetadata, RefusesWhatMetadataCannotCarry) {
  EXPECT_EQ(From({{"Authorization", "a"}, {"authorization", "b"}}).problem->status, 400);
  EXPECT_EQ(From({{"Authorization", "Bearer \xc3\xa9"}}).problem->error_code, "INVALID_HEADER_FORMAT");
  EXPECT_EQ(From({{"Authorization", std::string(9000, 'a')}}).problem->status, 431);
  EXPECT_EQ(From({{"Grpc-Metadata-X", "\xc3\xa9"}}).problem->status, 400);
  EXPECT_EQ(From({{"Grpc-Metadata-", "x"}}).problem->status, 400);
  EXPECT_EQ(From({{"Grpc-Metadata-A!", "x"}}).problem->status, 400);
  EXPECT_EQ(From({{"Grpc-Metadata-A-Bin", "***"}}).problem->status, 400);
}

TEST(RequestMetadata, ReadsTimeouts) {
  EXPECT_EQ(ParseGrpcTimeout("5S"), absl::Seconds(5));
  EXPECT_EQ(ParseGrpcTimeout("250m"), absl::Milliseconds(250));
  EXPECT_EQ(ParseGrpcTimeout("1H"), absl::Hours(1));
  EXPECT_EQ(ParseGrpcTimeout("99999999n"), absl::Nanoseconds(99999999));
  for (const char* bad : {"", "S", "5", "-5S", "5s", "1.5S", "999999999S", " 5S"})
    EXPECT_EQ(ParseGrpcTimeout(bad), std::nullopt) << bad;
}

TEST(MediaType, TellsJson) {
  for (const char* good : {"application/json", "APPLICATION/JSON", "application/json; charset=utf-8",
                           "application/json;charset=\"UTF-8\"", "application/merge-patch+json"}) {
    EXPECT_TRUE(IsJson(good)) << good;
  }
  for (const char* bad : {"text/plain", "application/jsonx", "application/json; charset=latin1", "text/json",
                          "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    EXPECT_FALSE(IsJson(bad)) << bad;
  }
}

TEST(MediaType, TellsWhatIsAccepted) {
  for (const char* good : {"", "*/*", "application/json", "application/*", "text/html, application/json;q=0.5",
                           "text/html,*/*;q=0.1", "application/json;q=1, */*;q=0"}) {
    EXPECT_TRUE(AcceptsJson(good)) << good;
  }
  for (const char* bad :
       {"text/html", "application/xml", "application/json;q=0", "application/json;q=0, */*", "text/*"}) {
    EXPECT_FALSE(AcceptsJson(bad)) << bad;
  }
}

}  // namespace
}  // namespace gateway
