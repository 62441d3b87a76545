#include "services/todo/order_key.h"

#include <gtest/gtest.h>

#include <string>

namespace todo {
namespace {

TEST(OrderKey, RefusesWhatIsNone) {
  for (const std::string& text : {std::string(), std::string("a"), std::string("b0"), std::string("0a"),
                                  std::string("a0 "), std::string("a-"), std::string("a00"), std::string("a0V0"),
                                  std::string("\xc3\xa9"
                                              "0"),
                                  std::string("a\0", 2), "A" + std::string(26, '0'), "a0" + std::string(127, 'V')}) {
    EXPECT_FALSE(IsOrderKey(text)) << text;
  }
}

TEST(OrderKey, TakesKeysOfEveryKind) {
  for (const std::string& text :
       {std::string("a0"), std::string("az"), std::string("b00"), std::string("Zz"), std::string("Y00"),
        std::string("a0V"), std::string("a00V"), std::string("l000000000001"), "A" + std::string(25, '0') + "1",
        "z" + std::string(26, 'z'), "a0" + std::string(126, 'V')}) {
    EXPECT_TRUE(IsOrderKey(text)) << text;
  }
}

}  // namespace
}  // namespace todo
