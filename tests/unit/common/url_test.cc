#include "common/core/url.h"

#include <gtest/gtest.h>

namespace common {
namespace {

TEST(Url, RefusesWhatIsNoAbsoluteHttpUrl) {
  for (const char* text : {"",
                           "example.com",
                           "//example.com",
                           "ftp://example.com",
                           "https://",
                           "https:///path",
                           "https://user@example.com",
                           "https://user:pw@example.com",
                           "https://example.com:",
                           "https://example.com:0",
                           "https://example.com:65536",
                           "https://example.com:8o",
                           "https://example.com:+80",
                           "https://exa mple.com",
                           "https://example.com/\n",
                           "https://exämple.com",
                           "https://example.com?x",
                           "https://example.com#x",
                           "https://[::1",
                           "https://[::1]x",
                           "https://[nonsense]",
                           "https://a,b"}) {
    EXPECT_FALSE(Url::Parse(text).ok()) << text;
  }
}

TEST(Url, TakesAUrlApart) {
  const Url url = *Url::Parse("HTTPS://Auth.Example.com:8443/base/path/");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.host(), "auth.example.com");
  EXPECT_EQ(url.port(), 8443);
  EXPECT_EQ(url.path(), "/base/path");
  EXPECT_EQ(url.Origin(), "https://auth.example.com:8443");
  EXPECT_EQ(url.ToString(), "https://auth.example.com:8443/base/path");
}

TEST(Url, LeavesTheDefaultPortOutOfTheOrigin) {
  EXPECT_EQ(Url::Parse("https://example.com:443/")->Origin(), "https://example.com");
  EXPECT_EQ(Url::Parse("http://example.com:80")->Origin(), "http://example.com");
  EXPECT_EQ(Url::Parse("http://[::1]:3000")->Origin(), "http://[::1]:3000");
}

TEST(Url, KnowsLoopback) {
  for (const char* text : {"http://localhost", "http://127.0.0.1:1", "http://127.255.0.1", "http://[::1]"}) {
    EXPECT_TRUE(Url::Parse(text)->IsLoopback()) << text;
  }
  for (const char* text :
       {"http://localhost.evil.test", "http://128.0.0.1", "http://127.0.0.1.evil.test", "http://0.0.0.0"}) {
    EXPECT_FALSE(Url::Parse(text)->IsLoopback()) << text;
  }
}

}  // namespace
}  // namespace common
