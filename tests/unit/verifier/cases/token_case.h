#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "auth/v1/token_verifier.pb.h"
#include "tests/support/verifier/example_verifier.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier::testing {

using Reason = auth::v1::RejectionReason;

// What a token comes to that holds: no rejection is ever sent with it.
inline constexpr Reason kGood = auth::v1::REJECTION_REASON_UNSPECIFIED;

// Makes a token when its test runs, so that a run of one test makes one test's keys.
using TokenMaker = std::function<std::string()>;

// One token, one rule, and what an ExampleVerifier must say of it. Each is well signed and good in every respect but
// the one that `name` tells, unless that is about the signature.
struct TokenCase {
  std::string name;
  Reason reason;
  TokenMaker token;
  // The algorithms whose ExampleKey() is published, each under the algorithm's name as `kid`.
  std::vector<std::string> published = {"EdDSA"};
};

// For GoogleTest, which would print its bytes.
void PrintTo(const TokenCase& row, std::ostream* out);

// The key of this algorithm, the same throughout the process.
const SigningKey& ExampleKey(const std::string& algorithm);

// The token that all others are changes of, and its header, with these members besides such as `,"typ":"JWT"`.
std::string GoodToken();
std::string GoodHeader(std::string_view more_members = "");

// The text as it stands.
TokenMaker Text(std::string token);
// The good token after a change of its text, its signature included.
TokenMaker Changed(std::function<std::string(std::string)> change);
// Well signed, with GoodHeader() of these members and a good payload.
TokenMaker WithHeaderMembers(std::string more_members);
// Well signed, with this header or payload and else a good one.
TokenMaker WithHeader(std::string header);
TokenMaker WithPayload(std::string payload);
// Well signed, with this claim set to a JSON text, or without it where the text is empty.
TokenMaker WithClaim(std::string name, std::string json);

// The families, a file each.
std::vector<TokenCase> AlgorithmCases();
std::vector<TokenCase> AlgorithmConfusionCases();
std::vector<TokenCase> HeaderCases();
std::vector<TokenCase> KeyIdCases();
std::vector<TokenCase> FormCases();
std::vector<TokenCase> EncodingCases();
std::vector<TokenCase> JsonCases();
std::vector<TokenCase> TimeCases();
std::vector<TokenCase> PartyCases();
std::vector<TokenCase> SignatureCases();

}  // namespace verifier::testing
