// `iss`, `aud` and `sub` (RFC 7519 sections 4.1.1 to 4.1.3), and the claims that nobody is asked about.
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMissing = auth::v1::REJECTION_REASON_MISSING_CLAIM;
constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED_CLAIM;
constexpr Reason kIssuerReason = auth::v1::REJECTION_REASON_WRONG_ISSUER;
constexpr Reason kAudienceReason = auth::v1::REJECTION_REASON_WRONG_AUDIENCE;
constexpr Reason kNoSubject = auth::v1::REJECTION_REASON_MISSING_SUBJECT;

TokenCase Issuer(const char* name, const std::string& issuer) {
  return {absl::StrCat("Issuer", name), kIssuerReason, WithClaim("iss", "\"" + issuer + "\"")};
}
TokenCase Audience(const char* name, const std::string& audience) {
  return {absl::StrCat("Audience", name), kAudienceReason, WithClaim("aud", "\"" + audience + "\"")};
}

void AddIssuers(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"IssuerMissing", kMissing, WithClaim("iss", "")},
      {"IssuerNull", kMalformed, WithClaim("iss", "null")},
      {"IssuerNumber", kMalformed, WithClaim("iss", "1")},
      {"IssuerTrue", kMalformed, WithClaim("iss", "true")},
      {"IssuerList", kMalformed, WithClaim("iss", R"(["https://auth.example.com"])")},
      {"IssuerObject", kMalformed, WithClaim("iss", R"({"url":"https://auth.example.com"})")},
      {"IssuerInEscapes", kGood, WithClaim("iss", R"("https:\/\/auth.example.com")")},
      Issuer("Empty", ""),
      Issuer("Other", "https://attacker.test"),
      Issuer("WithATrailingSlash", "https://auth.example.com/"),
      Issuer("HostInCapitals", "https://AUTH.example.com"),
      Issuer("SchemeInCapitals", "HTTPS://auth.example.com"),
      Issuer("OverPlainHttp", "http://auth.example.com"),
      Issuer("WithoutScheme", "auth.example.com"),
      Issuer("WithTheDefaultPort", "https://auth.example.com:443"),
      Issuer("WithAPath", "https://auth.example.com/api/auth"),
      Issuer("WithAQuery", "https://auth.example.com?"),
      Issuer("WithAFragment", "https://auth.example.com#"),
      Issuer("WithUserInfo", "https://x@auth.example.com"),
      Issuer("AsUserInfo", "https://auth.example.com@attacker.test"),
      Issuer("AsASubdomain", "https://auth.example.com.attacker.test"),
      Issuer("AsAPrefix", "https://auth.example.co"),
      Issuer("OfASubdomain", "https://x.auth.example.com"),
      Issuer("WithADotBehind", "https://auth.example.com."),
      Issuer("BehindASpace", " https://auth.example.com"),
      Issuer("BeforeASpace", "https://auth.example.com "),
      Issuer("BeforeNul", R"(https://auth.example.com\u0000)"),
      Issuer("BeforeANewline", R"(https://auth.example.com\n)"),
      Issuer("PercentEncoded", "https://auth%2eexample.com"),
      Issuer("WithACyrillicLetter", "https://\xd0\xb0uth.example.com"),
      Issuer("WithFullWidthLetters", "https://\xef\xbd\x81uth.example.com"),
      Issuer("WithAZeroWidthSpace", "https://auth.example.com\xe2\x80\x8b"),
      Issuer("ThatIsTheAudience", kAudience),
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddAudiences(std::vector<TokenCase>* cases) {
  std::string many;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "\"https://", i, ".example.com\",");
  const std::vector<TokenCase> table = {
      {"AudienceMissing", kMissing, WithClaim("aud", "")},
      {"AudienceNull", kMalformed, WithClaim("aud", "null")},
      {"AudienceNumber", kMalformed, WithClaim("aud", "1")},
      {"AudienceTrue", kMalformed, WithClaim("aud", "true")},
      {"AudienceObject", kMalformed, WithClaim("aud", R"({"0":"https://api.example.com"})")},
      {"AudienceListWithANumber", kMalformed, WithClaim("aud", R"(["https://api.example.com",1])")},
      {"AudienceListWithNull", kMalformed, WithClaim("aud", R"([null,"https://api.example.com"])")},
      {"AudienceListInAList", kMalformed, WithClaim("aud", R"([["https://api.example.com"]])")},
      {"AudienceEmptyList", kAudienceReason, WithClaim("aud", "[]")},
      {"AudienceListOfAnEmptyString", kAudienceReason, WithClaim("aud", R"([""])")},
      {"AudienceListOfOthers", kAudienceReason, WithClaim("aud", R"(["https://a.test","https://b.test"])")},
      {"AudienceListWithOurs", kGood, WithClaim("aud", R"(["https://a.test","https://api.example.com"])")},
      {"AudienceListWithOursTwice", kGood,
       WithClaim("aud", R"(["https://api.example.com","https://api.example.com"])")},
      {"AudienceOursBehind100Others", kGood, WithClaim("aud", "[" + many + R"("https://api.example.com"])")},
      {"Audience100Others", kAudienceReason, WithClaim("aud", "[" + many + R"("https://a.test"])")},
      Audience("Empty", ""),
      Audience("Other", "https://other.example.com"),
      Audience("WithATrailingSlash", "https://api.example.com/"),
      Audience("InCapitals", "https://API.example.com"),
      Audience("AsAPrefix", "https://api.example.co"),
      Audience("Longer", "https://api.example.com.attacker.test"),
      Audience("Wildcard", "*"),
      Audience("TwoWithASpace", "https://api.example.com https://other.example.com"),
      Audience("TwoWithAComma", "https://api.example.com,https://other.example.com"),
      Audience("ThatIsTheIssuer", kIssuer),
      Audience("ListInAString", R"([\"https://api.example.com\"])"),
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddSubjects(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"SubjectMissing", kNoSubject, WithClaim("sub", "")},
      {"SubjectEmpty", kNoSubject, WithClaim("sub", R"("")")},
      {"SubjectUnderTheNameId", kNoSubject,
       WithPayload(
           R"({"iss":"https://auth.example.com","aud":"https://api.example.com","exp":1800000900,"id":"ada"})")},
      {"SubjectNull", kMalformed, WithClaim("sub", "null")},
      {"SubjectNumber", kMalformed, WithClaim("sub", "7")},
      {"SubjectTrue", kMalformed, WithClaim("sub", "true")},
      {"SubjectList", kMalformed, WithClaim("sub", R"(["ada"])")},
      {"SubjectObject", kMalformed, WithClaim("sub", R"({"id":"ada"})")},
      {"SubjectTwice", auth::v1::REJECTION_REASON_MALFORMED, WithPayload(GoodPayload(R"(,"sub":"bob")"))},
      {"SubjectOfOtherScripts", kGood, WithClaim("sub", "\"\xe5\xa7\x93\xe5\x90\x8d\"")},
      {"SubjectOf4000Characters", kGood, WithClaim("sub", "\"" + std::string(4000, 's') + "\"")},
      {"SubjectThatLooksLikeSql", kGood, WithClaim("sub", R"("'; DROP TABLE tasks; --")")},
      {"EmailNumber", kGood, WithClaim("email", "7")},
      {"EmailNull", kGood, WithClaim("email", "null")},
      {"NameList", kGood, WithClaim("name", "[]")},
      {"TokenIdOfAnyKind", kGood, WithClaim("jti", "{}")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

}  // namespace

std::vector<TokenCase> PartyCases() {
  std::vector<TokenCase> cases;
  AddIssuers(&cases);
  AddAudiences(&cases);
  AddSubjects(&cases);
  return cases;
}

}  // namespace verifier::testing
