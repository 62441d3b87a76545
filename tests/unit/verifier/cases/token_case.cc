#include "tests/unit/verifier/cases/token_case.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace verifier::testing {

void PrintTo(const TokenCase& row, std::ostream* out) {
  *out << (row.reason == kGood ? "good" : auth::v1::RejectionReason_Name(row.reason));
}

const SigningKey& ExampleKey(const std::string& algorithm) {
  static auto* const keys = new std::map<std::string, std::unique_ptr<SigningKey>>();
  std::unique_ptr<SigningKey>& key = (*keys)[algorithm];
  if (key == nullptr) key = std::make_unique<SigningKey>(algorithm);
  return *key;
}

std::string GoodHeader(std::string_view more_members) {
  return absl::StrCat(R"({"alg":"EdDSA","kid":"EdDSA")", absl::string_view(more_members.data(), more_members.size()),
                      "}");
}

std::string GoodToken() { return ExampleKey("EdDSA").Token(GoodHeader(), GoodPayload()); }

TokenMaker Text(std::string token) {
  return [token = std::move(token)] { return token; };
}

TokenMaker Changed(std::function<std::string(std::string)> change) {
  return [change = std::move(change)] { return change(GoodToken()); };
}

TokenMaker WithHeaderMembers(std::string more_members) { return WithHeader(GoodHeader(more_members)); }

TokenMaker WithHeader(std::string header) {
  return [header = std::move(header)] { return ExampleKey("EdDSA").Token(header, GoodPayload()); };
}

TokenMaker WithPayload(std::string payload) {
  return [payload = std::move(payload)] { return ExampleKey("EdDSA").Token(GoodHeader(), payload); };
}

TokenMaker WithClaim(std::string name, std::string json) {
  std::map<std::string, std::string> claims = {{"iss", absl::StrCat("\"", kIssuer, "\"")},
                                               {"aud", absl::StrCat("\"", kAudience, "\"")},
                                               {"sub", R"("ada")"},
                                               {"iat", absl::StrCat(kNow)},
                                               {"exp", absl::StrCat(kNow + 900)}};
  claims[name] = std::move(json);
  std::string payload;
  for (const auto& [claim, value] : claims) {
    if (!value.empty()) absl::StrAppend(&payload, payload.empty() ? "{" : ",", "\"", claim, "\":", value);
  }
  return WithPayload(payload + "}");
}

}  // namespace verifier::testing
