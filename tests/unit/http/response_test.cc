#include "common/http/response.h"

#include <gtest/gtest.h>

namespace http {
namespace {

TEST(Response, ValueCannotForgeAHeader) {
  Response response;
  response.AddHeader("Location", "/a\r\nSet-Cookie: x=1\n");
  EXPECT_EQ(response.header_lines(), "Location: /a  Set-Cookie: x=1 \r\n");
}

TEST(Response, FindsHeadersWhateverTheirCase) {
  Response response;
  response.AddHeader("X-One", "1");
  response.AddHeader("X-Two", "2");
  EXPECT_EQ(response.Find("x-two"), "2");
  EXPECT_EQ(response.Find("x-three"), std::nullopt);
}

}  // namespace
}  // namespace http
