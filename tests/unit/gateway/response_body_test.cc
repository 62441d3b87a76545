#include "gateway/response_body.h"

#include <gtest/gtest.h>

#include "gateway_testing/v1/shelf_service.pb.h"
#include "tests/support/gateway/descriptors.h"

namespace gateway {
namespace {

class ResponseBody : public testing::Test {
 protected:
  const Route& Find(std::string_view method, std::string_view path) {
    return api_->routes()[api_->table().Find(method, path).route];
  }

  const std::unique_ptr<Api> api_ = *Api::Create(gateway_testing::DescriptorSet(), {"gateway_testing.v1.ShelfService"});
};

TEST_F(ResponseBody, FillsTheLocation) {
  gateway_testing::v1::BookAnswer answer;
  answer.mutable_item()->set_a_string("top shelf");
  answer.mutable_item()->mutable_inner()->set_name("a/\xc3\xa9");
  std::string location;
  ASSERT_TRUE(WriteLocation(Find("POST", "/v1/shelves/s/books"), answer.SerializeAsString(), &location).ok());
  EXPECT_EQ(location, "/v1/shelves/top%20shelf/books/a%2F%C3%A9");
}

TEST_F(ResponseBody, HasNoLocationByDefault) {
  std::string location;
  ASSERT_TRUE(WriteLocation(Find("GET", "/v1/shelves/s/books/b"), "", &location).ok());
  EXPECT_EQ(location, "");
}

TEST_F(ResponseBody, MayBeAList) {
  gateway_testing::v1::BookAnswer answer;
  answer.add_tags("a");
  std::string body;
  std::string content_type;
  ASSERT_TRUE(
      WriteResponseBody(Find("PUT", "/v1/shelves/s/tags"), answer.SerializeAsString(), &content_type, &body).ok());
  EXPECT_EQ(body, R"(["a"])");
}

TEST_F(ResponseBody, FollowsTheServicesStyle) {
  gateway_testing::v1::BookAnswer answer;
  answer.set_method("m");
  std::string body;
  std::string content_type;
  ASSERT_TRUE(
      WriteResponseBody(Find("GET", "/v1/shelves/s/books/b"), answer.SerializeAsString(), &content_type, &body).ok());
  EXPECT_EQ(body, R"({"request":null,"item":null,"tags":[],"metadata":{},"method":"m"})");
}

}  // namespace
}  // namespace gateway
