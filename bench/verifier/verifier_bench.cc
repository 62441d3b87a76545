// What verifying a token costs, beside what OpenSSL's part of it costs by itself.
#include <benchmark/benchmark.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <atomic>
#include <jwt/jwt.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/verifier/base64url.h"
#include "services/verifier/token_verifier.h"
#include "tests/support/verifier/jwks_server.h"
#include "tests/support/verifier/signing_key.h"

namespace verifier {
namespace {

using testing::KeySetOf;
using testing::SigningKey;

constexpr int64_t kNow = 1'800'000'000;
// More than the verifier remembers, so that going round them never meets one that it knows.
constexpr size_t kTokens = 12'000;

class FixedClock : public common::Clock {
 public:
  absl::Time Now() const override { return absl::FromUnixSeconds(kNow); }
};

class FixedKeySource : public KeySource {
 public:
  explicit FixedKeySource(const std::vector<std::string>& jwks)
      : keys_(std::make_shared<const KeySet>(*KeySet::Parse(KeySetOf(jwks), 1000))) {}
  std::shared_ptr<const KeySet> Current() const override { return keys_.load(); }
  bool IsCurrent(const KeySet* keys) const override { return current_.load(std::memory_order_acquire) == keys; }
  void LookUp(const std::string&, Callback done) override { done(Lookup::kUnavailable); }

 private:
  std::atomic<std::shared_ptr<const KeySet>> keys_;
  std::atomic<const KeySet*> current_ = keys_.load().get();
};

// A payload as Better Auth makes it.
std::string PayloadOf(size_t number) {
  return absl::StrCat(R"({"iat":1800000000,"name":"Ada Lovelace","email":"ada@example.com","sub":"kRq0vYp3Tn)", number,
                      R"(","exp":1800000900,"iss":"https://auth.example.com","aud":"https://auth.example.com"})");
}

// One algorithm's key and many tokens of it, made once.
struct Material {
  explicit Material(const char* algorithm) : key(algorithm) {
    for (size_t i = 0; i < kTokens; ++i) {
      tokens.push_back(key.Token(
          absl::StrCat(R"({"alg":")", algorithm, R"(","kid":"fM1qV0cRzk2Y3pLw8sT5uXnE7bJ4hG6d"})"), PayloadOf(i)));
    }
  }

  static const Material& Of(const std::string& algorithm) {
    static auto* const mutex = new std::mutex();
    const std::lock_guard lock(*mutex);
    static auto* const all = new std::map<std::string, std::unique_ptr<Material>>();
    std::unique_ptr<Material>& material = (*all)[algorithm];
    if (material == nullptr) material = std::make_unique<Material>(algorithm.c_str());
    return *material;
  }

  SigningKey key;
  std::vector<std::string> tokens;
};

// The key of the tokens among `count` of its kind.
std::vector<std::string> KeysWith(const SigningKey& key, int64_t count) {
  std::vector<std::string> jwks;
  for (int64_t i = 1; i < count; ++i) jwks.push_back(key.Jwk(absl::StrCat(R"(,"kid":"other-)", i, "\"")));
  jwks.insert(jwks.begin() + static_cast<int64_t>(jwks.size()) / 2,
              key.Jwk(R"(,"kid":"fM1qV0cRzk2Y3pLw8sT5uXnE7bJ4hG6d")"));
  return jwks;
}

struct Fixture {
  Fixture(const Material& material, int64_t keys) : source(KeysWith(material.key, keys)) {}

  FixedClock clock;
  FixedKeySource source;
  TokenVerifier verifier{{.issuers = {{*ClaimsPolicy::Create({.issuers = {"https://auth.example.com"},
                                                              .audiences = {"https://auth.example.com"}}),
                                       source}}},
                         clock};
};

void MustHold(benchmark::State& state, const Verdict& verdict) {
  if (!verdict.ok() || !verdict->ok()) state.SkipWithError("the token does not hold");
}

// All threads go round the tokens together, so that none is shown again before the verifier has forgotten it.
void BM_Cold(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  static std::unique_ptr<Fixture> fixture;
  static std::atomic<size_t> next;
  if (state.thread_index() == 0) fixture = std::make_unique<Fixture>(material, state.range(0));
  for (auto _ : state) {
    fixture->verifier.Verify(material.tokens[next++ % kTokens],
                             [&state](const Verdict& verdict) { MustHold(state, verdict); });
  }
}

constexpr size_t kKnownTokens = 1000;

// Where a thread begins on its way round the known tokens: far from the others.
size_t BeginningOf(const benchmark::State& state) {
  return kKnownTokens * static_cast<size_t>(state.thread_index()) / static_cast<size_t>(state.threads());
}

void BM_Warm(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  static std::unique_ptr<Fixture> fixture;
  if (state.thread_index() == 0) {
    fixture = std::make_unique<Fixture>(material, state.range(0));
    for (size_t i = 0; i < kKnownTokens; ++i) fixture->verifier.Verify(material.tokens[i], [](const Verdict&) {});
  }
  size_t i = BeginningOf(state);
  for (auto _ : state) {
    fixture->verifier.Verify(material.tokens[i], [&state](const Verdict& verdict) { MustHold(state, verdict); });
    if (++i == kKnownTokens) i = 0;
  }
}

// What of it has nothing in common with other threads: what this costs more with many of them, the machine adds.
void BM_Hash(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  size_t i = BeginningOf(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(common::Sha256(material.tokens[i]));
    if (++i == kKnownTokens) i = 0;
  }
}

// What OpenSSL needs, its input at hand in the form that it wants.
struct Signed {
  std::string message;
  std::string signature;
};

std::string ToDer(const std::string& signature) {
  ECDSA_SIG* pair = ECDSA_SIG_new();
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  const int half = static_cast<int>(signature.size() / 2);
  ECDSA_SIG_set0(pair, BN_bin2bn(bytes, half, nullptr), BN_bin2bn(bytes + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  std::string result(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  return result;
}

void BM_EvpDigestVerify(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  std::vector<Signed> inputs;
  for (const std::string& token : material.tokens) {
    const size_t end = token.rfind('.');
    std::string signature = *DecodeBase64Url(std::string_view(token).substr(end + 1));
    if (algorithm[0] == 'E' && algorithm[1] == 'S') signature = ToDer(signature);
    inputs.push_back({token.substr(0, end), std::move(signature)});
  }
  EVP_PKEY* key = material.key.get();
  const EVP_MD* digest = algorithm[1] == 'd' ? nullptr : EVP_sha256();
  size_t i = 0;
  for (auto _ : state) {
    const Signed& input = inputs[i];
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, digest, nullptr, key);
    if (EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(input.signature.data()),
                         input.signature.size(), reinterpret_cast<const unsigned char*>(input.message.data()),
                         input.message.size()) != 1) {
      state.SkipWithError("the signature does not match");
    }
    EVP_MD_CTX_free(context);
    if (++i == kTokens) i = 0;
  }
}

// The steps of a cold verification by themselves.
void BM_Parse(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseToken(material.tokens[i], {}));
    if (++i == kTokens) i = 0;
  }
}

void BM_Signature(benchmark::State& state, const char* algorithm) {
  const Material& material = Material::Of(algorithm);
  const KeySet keys = *KeySet::Parse(KeySetOf({material.key.Jwk(R"(,"kid":"a")")}), 1);
  std::vector<Signed> inputs;
  for (const std::string& token : material.tokens) {
    const size_t end = token.rfind('.');
    inputs.push_back({token.substr(0, end), *DecodeBase64Url(std::string_view(token).substr(end + 1))});
  }
  size_t i = 0;
  for (auto _ : state) {
    if (!keys.keys()[0].public_key.Verify(inputs[i].message, inputs[i].signature)) state.SkipWithError("no match");
    if (++i == kTokens) i = 0;
  }
}

void BM_CppJwt(benchmark::State& state, const char* algorithm) {
  using namespace jwt::params;  // NOLINT(google-build-using-namespace)
  const Material& material = Material::Of(algorithm);
  const std::string pem = material.key.PublicPem();
  size_t i = 0;
  for (auto _ : state) {
    std::error_code error;
    const auto decoded = jwt::decode(material.tokens[i], algorithms({algorithm}), error, secret(pem), verify(true),
                                     issuer("https://auth.example.com"), aud("https://auth.example.com"));
    benchmark::DoNotOptimize(decoded);
    if (error) state.SkipWithError(error.message().c_str());
    if (++i == kTokens) i = 0;
  }
}

#define EACH_ALGORITHM(name)               \
  BENCHMARK_CAPTURE(name, RS256, "RS256"); \
  BENCHMARK_CAPTURE(name, ES256, "ES256"); \
  BENCHMARK_CAPTURE(name, EdDSA, "EdDSA")

EACH_ALGORITHM(BM_EvpDigestVerify);
EACH_ALGORITHM(BM_Signature);
BENCHMARK_CAPTURE(BM_Parse, RS256, "RS256");
BENCHMARK_CAPTURE(BM_Cold, RS256, "RS256")->Arg(1)->Arg(100);
BENCHMARK_CAPTURE(BM_Cold, ES256, "ES256")->Arg(1)->Arg(100);
BENCHMARK_CAPTURE(BM_Cold, EdDSA, "EdDSA")->Arg(1)->Arg(100);
BENCHMARK_CAPTURE(BM_Cold, RS256, "RS256")->Arg(1)->Threads(16)->UseRealTime();
BENCHMARK_CAPTURE(BM_Warm, EdDSA, "EdDSA")->Arg(1)->Arg(100);
BENCHMARK_CAPTURE(BM_Warm, EdDSA, "EdDSA")->Arg(1)->Threads(16)->UseRealTime();
BENCHMARK_CAPTURE(BM_Warm, RS256, "RS256")->Arg(1);
BENCHMARK_CAPTURE(BM_Hash, EdDSA, "EdDSA");
BENCHMARK_CAPTURE(BM_Hash, EdDSA, "EdDSA")->Threads(16)->UseRealTime();
BENCHMARK_CAPTURE(BM_CppJwt, RS256, "RS256");
BENCHMARK_CAPTURE(BM_CppJwt, ES256, "ES256");

}  // namespace
}  // namespace verifier

int main(int argc, char** argv) {
  // What the peers in other languages verify.
  if (argc == 3 && std::string(argv[1]) == "--print-token") {
    const verifier::Material& material = verifier::Material::Of(argv[2]);
    std::printf("{\"jwk\":%s,\"token\":\"%s\"}\n", material.key.Jwk().c_str(), material.tokens[0].c_str());
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
