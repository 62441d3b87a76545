// mint-token as a developer runs it: what it signs, the verifier accepts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <future>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/core/clock.h"
#include "services/verifier/base64url.h"
#include "services/verifier/token_verifier.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using verifier::testing::SigningKey;

constexpr char kClaims[] = " --issuer https://auth.example.com --audience api --subject ada ";
constexpr char kSecret[] = "only-for-this-test-only-for-this-test";

struct Outcome {
  int exit_code;
  std::string output;
};

// Runs the tool by a shell, standard error included.
Outcome Mint(const std::string& arguments, const std::string& before = "") {
  FILE* pipe = popen((before + MINT_TOKEN + " " + arguments + " 2>&1").c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  size_t got = 0;
  while ((got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0) output.append(buffer.data(), got);
  const int exit_code = WEXITSTATUS(pclose(pipe));
  if (!output.empty() && output.back() == '\n') output.pop_back();
  return {exit_code, output};
}

// A file that is gone when the test is over.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_(absl::StrCat(::testing::TempDir(), "mint-token-", getpid(), "-", ++count)) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  static inline int count = 0;
  std::string path_;
};

class FixedKeys : public KeySource {
 public:
  explicit FixedKeys(const std::string& jwks) : keys_(std::make_shared<const KeySet>(*KeySet::Parse(jwks, 32))) {}
  std::shared_ptr<const KeySet> Current() const override { return keys_; }
  void LookUp(const std::string&, Callback done) override { done(Lookup::kCurrent); }

 private:
  std::shared_ptr<const KeySet> keys_;
};

// What the verifier says; with a secret it is one of a developer's machine, which accepts HS256.
Verdict Verify(const std::string& token, const std::string& jwks, const char* secret = nullptr) {
  FixedKeys keys(jwks);
  const common::SystemClock clock;
  TokenVerifier::Options options{
      .issuers = {{*ClaimsPolicy::Create({.issuers = {"https://auth.example.com"}, .audiences = {"api"}}), keys}}};
  if (secret != nullptr) {
    options.rules.allow_hs256 = true;
    options.secret = *SharedSecret::Create(secret);
  }
  TokenVerifier verifier(std::move(options), clock);
  std::promise<Verdict> result;
  verifier.Verify(token, [&result](Verdict r) { result.set_value(std::move(r)); });
  return result.get_future().get();
}

std::string Part(const std::string& token, int index) {
  size_t start = 0;
  for (int i = 0; i < index; ++i) start = token.find('.', start) + 1;
  return DecodeBase64Url(token.substr(start, token.find('.', start) - start)).value_or("not base64url");
}

class MintTokenWith : public ::testing::TestWithParam<const char*> {};

TEST_P(MintTokenWith, IsAcceptedByTheVerifier) {
  const SigningKey key(GetParam());
  const TemporaryFile pem(key.PrivatePem());
  const std::string with_key = absl::StrCat("--key ", pem.path(), " --kid local --algorithm ", GetParam());
  const Outcome key_set = Mint(with_key + " --print-key-set");
  ASSERT_EQ(key_set.exit_code, 0) << key_set.output;
  const Outcome token = Mint(with_key + kClaims + R"(--claim 'email="ada@example.com"' --claim 'roles=["a",{"b":1}]')");
  ASSERT_EQ(token.exit_code, 0) << token.output;

  const Verdict result = Verify(token.output, key_set.output);
  ASSERT_TRUE(result.ok() && result->ok()) << result->rejection().detail;
  EXPECT_EQ((*result)->claims().subject(), "ada");
  EXPECT_EQ((*result)->claims().email(), "ada@example.com");
  EXPECT_EQ((*result)->claims().algorithm(), GetParam());
  EXPECT_EQ((*result)->claims().other_claims().fields().at("roles").list_value().values_size(), 2);
  EXPECT_EQ((*result)->claims().expire_time().seconds() - (*result)->claims().issue_time().seconds(), 900);
}

INSTANTIATE_TEST_SUITE_P(EachAlgorithm, MintTokenWith,
                         ::testing::Values("RS256", "RS384", "RS512", "ES256", "ES384", "ES512"),
                         [](const auto& row) { return std::string(row.param); });

TEST(MintToken, TakesTheAlgorithmFromTheKey) {
  for (const auto& [algorithm, expected] : {std::pair("PS256", "RS256"), std::pair("ES384", "ES384")}) {
    const TemporaryFile pem(SigningKey(algorithm).PrivatePem());
    EXPECT_THAT(Part(Mint(absl::StrCat("--key - <", pem.path())).output, 0),
                HasSubstr(absl::StrCat(R"("alg":")", expected, "\"")));
  }
}

TEST(MintToken, SignsHs256WithASecretOfAFileOrAVariable) {
  const TemporaryFile file(std::string(kSecret) + "\n");
  for (const Outcome& token :
       {Mint("--secret-file " + file.path() + kClaims),
        Mint(std::string("--secret-env A_SECRET") + kClaims, absl::StrCat("A_SECRET=", kSecret, " "))}) {
    ASSERT_EQ(token.exit_code, 0) << token.output;
    const Verdict result = Verify(token.output, R"({"keys":[]})", kSecret);
    ASSERT_TRUE(result.ok() && result->ok()) << result->rejection().detail;
    EXPECT_THAT(Part(token.output, 0), HasSubstr(R"("alg":"HS256")"));
  }
}

TEST(MintToken, MakesWhatIsToBeTried) {
  const SigningKey key("ES256");
  const TemporaryFile pem(key.PrivatePem());
  const std::string with_key = "--key " + pem.path();
  const auto expired =
      Verify(Mint(with_key + kClaims + "--expires-in -120").output, Mint(with_key + " --print-key-set").output);
  ASSERT_TRUE(expired.ok() && !expired->ok());
  EXPECT_EQ(expired->rejection().reason, auth::v1::REJECTION_REASON_EXPIRED);
  const std::string odd =
      Mint(with_key + " --typ at+jwt --audience a --audience=b --claim exp=1 --claim=iss=null").output;
  EXPECT_THAT(Part(odd, 0), AllOf(HasSubstr(R"("typ":"at+jwt")"), Not(HasSubstr("kid"))));
  EXPECT_THAT(Part(odd, 1),
              AllOf(HasSubstr(R"("aud":["a","b"])"), HasSubstr(R"("exp":1,)"), HasSubstr(R"("iss":null)")));
  EXPECT_THAT(Part(Mint(with_key + " --typ=").output, 0), Not(HasSubstr("typ")));
}

TEST(MintToken, RefusesNonsense) {
  const TemporaryFile es256(SigningKey("ES256").PrivatePem()), weak(SigningKey("RS256", 1024).PrivatePem()),
      ed25519(SigningKey("EdDSA").PrivatePem()), short_secret("canary"), secret(kSecret);
  const std::string key = "--key " + es256.path();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is no default key"},
      {key + " --secret-file " + secret.path(), "exactly one of"},
      {"--key /nowhere", "cannot be read: /nowhere"},
      {"--key " + secret.path(), "no private key in PEM"},
      {"--key " + weak.path(), "fewer than 2048 bits"},
      {"--key " + ed25519.path(), "cannot sign with this kind of key"},
      {key + " --algorithm EdDSA", "cpp-jwt cannot sign with EdDSA"},
      {key + " --algorithm PS256", "cpp-jwt cannot sign with PS256"},
      {key + " --algorithm RS256", "the key is one for ES256, not RS256"},
      {key + " --algorithm HS256", "--algorithm HS256 takes --secret-file"},
      {key + " --algorithm none", "--algorithm is none of"},
      {key + " --algorithm es256", "--algorithm is none of"},
      {"--secret-file " + short_secret.path(), "shorter than 32"},
      {"--secret-file " + secret.path() + " --algorithm HS512", "HS256 and nothing else"},
      {"--secret-file " + secret.path() + " --print-key-set", "no public part"},
      {"--secret-env NOT_SET_ANYWHERE", "is not set: NOT_SET_ANYWHERE"},
      {"--secret canary", "--secret is not known"},
      {key + " --claim admin", "not NAME=JSON"},
      {key + " --claim =1", "not NAME=JSON"},
      {key + " --claim name=Ada", "a text needs quotes"},
      {key + " --claim a=1 --claim a=2", "--claim a is given twice"},
      {key + " --subject a --subject b", "--subject is given twice"},
      {key + " --expires-in 15m", "whole number of seconds"},
      {key + " --subject \"$(printf '\\200')\"", "cannot sign this"},
      {key + " --kid", "--kid is not known, or misses its value"},
      {key + " --print-key-set=yes", "takes no value"},
      {key + " canary", "is no flag"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome outcome = Mint(arguments);
    EXPECT_EQ(outcome.exit_code, 1) << arguments;
    EXPECT_THAT(outcome.output, AllOf(HasSubstr(message), Not(HasSubstr("canary")), Not(HasSubstr("eyJ"))))
        << arguments;
  }
}

TEST(MintToken, SaysThatItIsADevelopersTool) {
  const Outcome help = Mint("--help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, HasSubstr("A developer's tool"));
}

}  // namespace
}  // namespace verifier
