#include "common/core/trace_context.h"

#include <gtest/gtest.h>

namespace common {
namespace {

TEST(TraceContext, TellsGoodFromBad) {
  EXPECT_TRUE(IsTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  EXPECT_FALSE(IsTraceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"));
  EXPECT_FALSE(IsTraceparent("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"));
  EXPECT_FALSE(IsTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"));
  EXPECT_TRUE(IsTraceparent(MakeTraceparent()));
  EXPECT_TRUE(IsRequestId("abc-1_2.3"));
  EXPECT_TRUE(IsRequestId(MakeRequestId()));
  EXPECT_NE(MakeRequestId(), MakeRequestId());
  EXPECT_FALSE(IsRequestId(""));
  EXPECT_FALSE(IsRequestId("a b"));
  EXPECT_FALSE(IsRequestId(std::string(129, 'a')));
}

TEST(TraceContext, ReplacesWhatIsNotFit) {
  constexpr char kGood[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  EXPECT_EQ(TraceparentOr(kGood), kGood);
  EXPECT_EQ(RequestIdOr("id-7"), "id-7");
  EXPECT_EQ(TraceIdOf(kGood), "0af7651916cd43dd8448eb211c80319c");
  for (const char* bad : {"", "x", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}) {
    EXPECT_TRUE(IsTraceparent(TraceparentOr(bad)));
    EXPECT_NE(TraceIdOf(TraceparentOr(bad)), TraceIdOf(kGood));
  }
  EXPECT_TRUE(IsRequestId(RequestIdOr("not fit\r\n")));
}

}  // namespace
}  // namespace common
