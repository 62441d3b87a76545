#include "services/verifier/base64url.h"

#include <gtest/gtest.h>

namespace verifier {
namespace {

TEST(Base64Url, RefusesWhatIsNotCanonical) {
  for (const char* text : {"A", "AAAAA", "QQ==", "QR", "QUJ", "Q+", "Q/", "Q Q", "QQ\n", "Q\xc3\xa9", "QQ.QQ", "="}) {
    EXPECT_EQ(DecodeBase64Url(text), std::nullopt) << text;
  }
  EXPECT_EQ(DecodeBase64Url(std::string_view("QQ\0Q", 4)), std::nullopt);
}

TEST(Base64Url, DecodesEachLength) {
  EXPECT_EQ(DecodeBase64Url(""), "");
  EXPECT_EQ(DecodeBase64Url("QQ"), "A");
  EXPECT_EQ(DecodeBase64Url("QUI"), "AB");
  EXPECT_EQ(DecodeBase64Url("QUJD"), "ABC");
  EXPECT_EQ(DecodeBase64Url("-_8"), "\xfb\xff");
}

}  // namespace
}  // namespace verifier
