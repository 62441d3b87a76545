#include "services/verifier/claims_policy.h"

#include <gtest/gtest.h>

#include "common/json/json_document.h"

namespace verifier {
namespace {

constexpr int64_t kNow = 1'800'000'000;

OrRejection<Claims> Check(const std::string& payload, absl::Duration skew = absl::ZeroDuration(),
                          std::optional<absl::Duration> max_lifetime = std::nullopt) {
  const ClaimsPolicy policy =
      *ClaimsPolicy::Create({.issuers = {"https://auth.example.com"},
                             .audiences = {"https://api.example.com", "https://other.example.com"},
                             .clock_skew = skew,
                             .max_lifetime = max_lifetime});
  const json::Document document = *json::Document::Parse(payload);
  return policy.Check(simdjson::dom::object(document.root()), absl::FromUnixSeconds(kNow));
}

std::string Payload(
    const std::string& times,
    const std::string& rest = R"("iss":"https://auth.example.com","aud":"https://api.example.com","sub":"ada")") {
  return "{" + times + (times.empty() || rest.empty() ? "" : ",") + rest + "}";
}

struct Case {
  const char* rule;
  std::string payload;
  auth::v1::RejectionReason reason;
  const char* named;
};

class ClaimsPolicyRejects : public ::testing::TestWithParam<Case> {};

TEST_P(ClaimsPolicyRejects, WithTheReasonAndTheClaim) {
  const OrRejection<Claims> claims = Check(GetParam().payload);
  ASSERT_FALSE(claims.ok());
  EXPECT_EQ(claims.rejection().reason, GetParam().reason) << claims.rejection().detail;
  EXPECT_NE(claims.rejection().detail.find(std::string("`") + GetParam().named + "`"), std::string::npos)
      << claims.rejection().detail;
}

const std::string kExp = R"("exp":1800000900)";

std::vector<Case> Cases() {
  using namespace auth::v1;  // NOLINT(google-build-using-namespace)
  const auto with = [](const std::string& rest) { return Payload(kExp, rest); };
  return {
      {"NoExp", Payload(""), REJECTION_REASON_MISSING_CLAIM, "exp"},
      {"ExpString", Payload(R"("exp":"1800000900")"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpNegative", Payload(R"("exp":-1)"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpBeyondYear9999", Payload(R"("exp":253402300800)"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpHuge", Payload(R"("exp":1e300)"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpNull", Payload(R"("exp":null)"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpTrue", Payload(R"("exp":true)"), REJECTION_REASON_MALFORMED_CLAIM, "exp"},
      {"ExpEqualsNow", Payload(R"("exp":1800000000)"), REJECTION_REASON_EXPIRED, "exp"},
      {"ExpPast", Payload(R"("exp":1)"), REJECTION_REASON_EXPIRED, "exp"},
      {"NbfFuture", Payload(kExp + R"(,"nbf":1800000001)"), REJECTION_REASON_NOT_YET_VALID, "nbf"},
      {"NbfString", Payload(kExp + R"(,"nbf":"soon")"), REJECTION_REASON_MALFORMED_CLAIM, "nbf"},
      {"IatFuture", Payload(kExp + R"(,"iat":1800000001)"), REJECTION_REASON_ISSUED_IN_FUTURE, "iat"},
      {"IatObject", Payload(kExp + R"(,"iat":{})"), REJECTION_REASON_MALFORMED_CLAIM, "iat"},
      {"NoIss", with(R"("aud":"https://api.example.com","sub":"ada")"), REJECTION_REASON_MISSING_CLAIM, "iss"},
      {"IssNumber", with(R"("iss":1,"aud":"https://api.example.com","sub":"ada")"), REJECTION_REASON_MALFORMED_CLAIM,
       "iss"},
      {"IssOther", with(R"("iss":"https://evil.test","aud":"https://api.example.com","sub":"ada")"),
       REJECTION_REASON_WRONG_ISSUER, "iss"},
      {"IssTrailingSlash", with(R"("iss":"https://auth.example.com/","aud":"https://api.example.com","sub":"ada")"),
       REJECTION_REASON_WRONG_ISSUER, "iss"},
      {"IssOtherCase", with(R"("iss":"https://AUTH.example.com","aud":"https://api.example.com","sub":"ada")"),
       REJECTION_REASON_WRONG_ISSUER, "iss"},
      {"NoAud", with(R"("iss":"https://auth.example.com","sub":"ada")"), REJECTION_REASON_MISSING_CLAIM, "aud"},
      {"AudOther", with(R"("iss":"https://auth.example.com","aud":"https://evil.test","sub":"ada")"),
       REJECTION_REASON_WRONG_AUDIENCE, "aud"},
      {"AudEmptyArray", with(R"("iss":"https://auth.example.com","aud":[],"sub":"ada")"),
       REJECTION_REASON_WRONG_AUDIENCE, "aud"},
      {"AudNumber", with(R"("iss":"https://auth.example.com","aud":1,"sub":"ada")"), REJECTION_REASON_MALFORMED_CLAIM,
       "aud"},
      {"AudMixedArray", with(R"("iss":"https://auth.example.com","aud":["https://api.example.com",1],"sub":"ada")"),
       REJECTION_REASON_MALFORMED_CLAIM, "aud"},
      {"NoSub", with(R"("iss":"https://auth.example.com","aud":"https://api.example.com")"),
       REJECTION_REASON_MISSING_SUBJECT, "sub"},
      {"SubEmpty", with(R"("iss":"https://auth.example.com","aud":"https://api.example.com","sub":"")"),
       REJECTION_REASON_MISSING_SUBJECT, "sub"},
      {"SubNumber", with(R"("iss":"https://auth.example.com","aud":"https://api.example.com","sub":7)"),
       REJECTION_REASON_MALFORMED_CLAIM, "sub"},
  };
}

INSTANTIATE_TEST_SUITE_P(Table, ClaimsPolicyRejects, ::testing::ValuesIn(Cases()),
                         [](const auto& row) { return row.param.rule; });

TEST(ClaimsPolicy, AcceptsAnAudienceArrayAndFractionalTimes) {
  const OrRejection<Claims> claims = Check(
      Payload(R"("exp":1800000000.5,"nbf":1800000000,"iat":1799999999.5)",
              R"("iss":"https://auth.example.com","aud":["https://x.test","https://other.example.com"],"sub":"ada")"));
  ASSERT_TRUE(claims.ok()) << claims.rejection().detail;
  EXPECT_EQ(claims->subject, "ada");
  EXPECT_EQ(claims->audience.size(), 2u);
  EXPECT_EQ(claims->expire_time, absl::FromUnixMillis(kNow * 1000 + 500));
}

TEST(ClaimsPolicy, AllowsTheSkewAndNoMore) {
  const absl::Duration skew = absl::Seconds(60);
  EXPECT_TRUE(Check(Payload(R"("exp":1799999941)"), skew).ok());
  EXPECT_FALSE(Check(Payload(R"("exp":1799999940)"), skew).ok());
  EXPECT_TRUE(Check(Payload(kExp + R"(,"iat":1800000060)"), skew).ok());
  EXPECT_FALSE(Check(Payload(kExp + R"(,"iat":1800000061)"), skew).ok());
  EXPECT_TRUE(Check(Payload(kExp + R"(,"nbf":1800000060)"), skew).ok());
  EXPECT_FALSE(Check(Payload(kExp + R"(,"nbf":1800000061)"), skew).ok());
}

TEST(ClaimsPolicy, BoundsTheLifetimeWhereThatIsConfigured) {
  const absl::Duration hour = absl::Hours(1);
  EXPECT_EQ(Check(Payload(kExp), absl::ZeroDuration(), hour).rejection().reason,
            auth::v1::REJECTION_REASON_MISSING_CLAIM);
  EXPECT_EQ(Check(Payload(R"("exp":1800003601,"iat":1800000000)"), absl::ZeroDuration(), hour).rejection().reason,
            auth::v1::REJECTION_REASON_LIFETIME_TOO_LONG);
  EXPECT_TRUE(Check(Payload(R"("exp":1800003600,"iat":1800000000)"), absl::ZeroDuration(), hour).ok());
}

TEST(ClaimsPolicy, RefusesOptionsThatContradictThemselves) {
  const ClaimsPolicy::Options good = {.issuers = {"i"}, .audiences = {"a"}};
  EXPECT_TRUE(ClaimsPolicy::Create(good).ok());
  auto options = good;
  options.issuers.clear();
  EXPECT_FALSE(ClaimsPolicy::Create(options).ok());
  options = good;
  options.audiences = {""};
  EXPECT_FALSE(ClaimsPolicy::Create(options).ok());
  options = good;
  options.clock_skew = absl::Seconds(601);
  EXPECT_FALSE(ClaimsPolicy::Create(options).ok());
  options = good;
  options.max_lifetime = absl::Seconds(60);
  EXPECT_FALSE(ClaimsPolicy::Create(options).ok());
}

}  // namespace
}  // namespace verifier
