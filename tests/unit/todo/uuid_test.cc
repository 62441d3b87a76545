#include "services/todo/uuid.h"

#include <gtest/gtest.h>

#include <set>

namespace todo {
namespace {

TEST(IsUuid, RefusesOtherForms) {
  for (const char* text : {"", "1", "0190b1a86f5e7cc39d0a000000000001", "{0190b1a8-6f5e-7cc3-9d0a-000000000001}",
                           "0190b1a8-6f5e-7cc3-9d0a-00000000000g", "0190b1a8-6f5e-7cc3-9d0a-0000000000011",
                           "0190b1a8_6f5e_7cc3_9d0a_000000000001", "urn:uuid:0190b1a8-6f5e-7cc3-9d0a-000000"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

TEST(IsUuid, TakesEitherCase) {
  EXPECT_TRUE(IsUuid("0190b1a8-6f5e-7cc3-9d0a-00000000abcd"));
  EXPECT_TRUE(IsUuid("0190B1A8-6F5E-7CC3-9D0A-00000000ABCD"));
}

TEST(NewUuid, IsOfVersion7AndHoldsTheTime) {
  const std::string uuid = NewUuid(absl::FromUnixMillis(0x0190b1a86f5e));
  EXPECT_TRUE(IsUuid(uuid));
  EXPECT_EQ(uuid.substr(0, 15), "0190b1a8-6f5e-7");
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST(NewUuid, DoesNotRepeatWithinAMillisecond) {
  std::set<std::string> uuids;
  for (int i = 0; i < 1000; ++i) uuids.insert(NewUuid(absl::UnixEpoch()));
  EXPECT_EQ(uuids.size(), 1000u);
}

}  // namespace
}  // namespace todo
