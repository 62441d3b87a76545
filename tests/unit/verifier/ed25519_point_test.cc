#include "services/verifier/ed25519_point.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

std::string Bytes(const char* hex) { return absl::HexStringToBytes(hex); }

TEST(Ed25519Point, IsNoneOfSmallOrder) {
  // All points whose order divides 8, in their one encoding and with the other sign.
  for (const char* hex : {"0100000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000080",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                          "0000000000000000000000000000000000000000000000000000000000000000",
                          "0000000000000000000000000000000000000000000000000000000000000080",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"}) {
    EXPECT_FALSE(IsEd25519KeyPoint(Bytes(hex))) << hex;
  }
}

TEST(Ed25519Point, IsInItsOneEncoding) {
  // 2^255 - 19 and above: the same numbers again.
  for (const char* hex : {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}) {
    EXPECT_FALSE(IsEd25519KeyPoint(Bytes(hex))) << hex;
  }
}

TEST(Ed25519Point, LiesOnTheCurve) {
  // Half of all numbers are the y of some point; of the small ones these are not.
  for (const int y : {2, 7, 8, 11, 12, 13}) {
    EXPECT_FALSE(IsEd25519KeyPoint(static_cast<char>(y) + std::string(31, '\0'))) << y;
  }
  for (const int y : {3, 4, 5, 6, 9, 10}) {
    EXPECT_TRUE(IsEd25519KeyPoint(static_cast<char>(y) + std::string(31, '\0'))) << y;
  }
}

TEST(Ed25519Point, Has32Bytes) {
  EXPECT_FALSE(IsEd25519KeyPoint(""));
  EXPECT_FALSE(IsEd25519KeyPoint("\x03" + std::string(30, '\0')));
  EXPECT_FALSE(IsEd25519KeyPoint("\x03" + std::string(32, '\0')));
}

TEST(Ed25519Point, IsThatOfEveryKey) {
  for (int seed = 0; seed < 100; ++seed) {
    const std::string der = testing::SigningKey::Ed25519Of(std::string(32, static_cast<char>(seed))).PublicDer();
    EXPECT_TRUE(IsEd25519KeyPoint(der.substr(der.size() - 32))) << seed;
  }
}

}  // namespace
}  // namespace verifier
