#include "gateway/session_cookie.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/auth_mode.h"
#include "gateway/request_metadata.h"

namespace gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct Result {
  std::string cookie;
  std::optional<Problem> problem;
};

Result From(std::vector<http::HeaderField> fields) {
  http::RequestHead head;
  head.fields = std::move(fields);
  Result result;
  result.problem = FindSessionCookies(head, &result.cookie);
  return result;
}

TEST(SessionCookie, KeepsTheSessionAndDropsTheRest) {
  EXPECT_EQ(From({{"Cookie", "theme=dark; better-auth.session_token=abc.de%2F; better-auth.session_data=x"}}).cookie,
            "better-auth.session_token=abc.de%2F");
  EXPECT_EQ(From({{"cookie", "__Secure-better-auth.session_token=a=b=="}}).cookie,
            "__Secure-better-auth.session_token=a=b==");
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token.evil=x; better-auth.session_token; =x"}}).cookie, "");
  EXPECT_EQ(From({}).cookie, "");
}

TEST(SessionCookie, TakesSeveralHeadersAsOneList) {
  EXPECT_EQ(From({{"Cookie", "a=1"}, {"Cookie", "better-auth.session_token=x"}, {"Cookie", "b=2"}}).cookie,
            "better-auth.session_token=x");
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token=x; __Secure-better-auth.session_token=y"}}).cookie,
            "better-auth.session_token=x; __Secure-better-auth.session_token=y");
}

TEST(SessionCookie, RefusesASessionGivenTwice) {
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token=x; better-auth.session_token=y"}}).problem->status, 400);
  EXPECT_EQ(
      From({{"Cookie", "better-auth.session_token=x"}, {"Cookie", "better-auth.session_token=x"}}).problem->status,
      400);
}

TEST(SessionCookie, RefusesWhatACookieCannotHold) {
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token=\xc3\xa9"}}).problem->status, 400);
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token=a b"}}).problem->status, 400);
  EXPECT_EQ(From({{"Cookie", "better-auth.session_token=\"a\""}}).problem->status, 400);
}

TEST(SessionMetadata, HasTheCookieAndTheOrigin) {
  http::RequestHead head;
  Metadata metadata;
  head.fields = {{"Origin", "https://a.example"}, {"Cookie", "x=y; better-auth.session_token=s"}};
  EXPECT_FALSE(AppendSession(head, &metadata));
  EXPECT_THAT(metadata,
              ElementsAre(Pair("cookie", "better-auth.session_token=s"), Pair("origin", "https://a.example")));
  metadata.clear();
  head.fields = {{"Cookie", "x=y"}};
  EXPECT_FALSE(AppendSession(head, &metadata));
  EXPECT_THAT(metadata, IsEmpty());
}

TEST(SessionMetadata, RefusesTwoOrigins) {
  http::RequestHead head;
  Metadata metadata;
  head.fields = {{"Origin", "https://a.example"}, {"Origin", "https://b.example"}};
  EXPECT_EQ(AppendSession(head, &metadata)->status, 400);
}

TEST(AuthMode, TakesTheTwoNamesOnceEach) {
  EXPECT_TRUE(AuthMode().jwt && !AuthMode().session);
  EXPECT_TRUE(AuthMode::Parse({"jwt"})->jwt && !AuthMode::Parse({"jwt"})->session);
  EXPECT_TRUE(!AuthMode::Parse({"session"})->jwt && AuthMode::Parse({"session"})->session);
  EXPECT_TRUE(AuthMode::Parse({"session", "jwt"})->jwt && AuthMode::Parse({"jwt", "session"})->session);
  for (const std::vector<std::string>& bad : std::vector<std::vector<std::string>>{
           {}, {"JWT"}, {"none"}, {"jwt", "jwt"}, {"jwt", "cookie"}, {"jwt session"}}) {
    EXPECT_FALSE(AuthMode::Parse(bad).ok());
  }
}

}  // namespace
}  // namespace gateway
