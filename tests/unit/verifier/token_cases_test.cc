// What the whole of verification says of single tokens: the tables in cases/, a family each.
#include <gtest/gtest.h>

#include "tests/support/verifier/example_verifier.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier {
namespace {

using testing::ExampleVerifier;
using testing::TokenCase;

class Token : public ::testing::TestWithParam<TokenCase> {};

TEST_P(Token, GetsItsVerdict) {
  std::vector<std::string> jwks;
  for (const std::string& algorithm : GetParam().published) {
    jwks.push_back(testing::NamedJwk(testing::ExampleKey(algorithm), algorithm));
  }
  const Verdict result = ExampleVerifier(jwks).Verify(GetParam().token());
  ASSERT_TRUE(result.ok()) << result.status();
  if (GetParam().reason == testing::kGood) {
    EXPECT_TRUE(result->ok()) << result->rejection().detail;
    return;
  }
  ASSERT_FALSE(result->ok()) << "the token was believed";
  EXPECT_EQ(auth::v1::RejectionReason_Name(result->rejection().reason),
            auth::v1::RejectionReason_Name(GetParam().reason))
      << result->rejection().detail;
  EXPECT_FALSE(result->rejection().detail.empty());
}

std::string Name(const ::testing::TestParamInfo<TokenCase>& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(Algorithm, Token, ::testing::ValuesIn(testing::AlgorithmCases()), Name);
INSTANTIATE_TEST_SUITE_P(AlgorithmConfusion, Token, ::testing::ValuesIn(testing::AlgorithmConfusionCases()), Name);
INSTANTIATE_TEST_SUITE_P(Header, Token, ::testing::ValuesIn(testing::HeaderCases()), Name);
INSTANTIATE_TEST_SUITE_P(KeyId, Token, ::testing::ValuesIn(testing::KeyIdCases()), Name);
INSTANTIATE_TEST_SUITE_P(Form, Token, ::testing::ValuesIn(testing::FormCases()), Name);
INSTANTIATE_TEST_SUITE_P(Encoding, Token, ::testing::ValuesIn(testing::EncodingCases()), Name);
INSTANTIATE_TEST_SUITE_P(Json, Token, ::testing::ValuesIn(testing::JsonCases()), Name);
INSTANTIATE_TEST_SUITE_P(Time, Token, ::testing::ValuesIn(testing::TimeCases()), Name);
INSTANTIATE_TEST_SUITE_P(Party, Token, ::testing::ValuesIn(testing::PartyCases()), Name);
INSTANTIATE_TEST_SUITE_P(Signature, Token, ::testing::ValuesIn(testing::SignatureCases()), Name);

}  // namespace
}  // namespace verifier
