// Key sets as an endpoint may answer them: parsed, and each key used.
#include <cstdint>
#include <string>

#include "services/verifier/key_set.h"
#include "tests/fuzz/require.h"

namespace {

constexpr size_t kMaxKeys = 32;

// Signatures that anybody can write down, of every length that some algorithm takes. The last is the neutral point of
// Ed25519, which holds for any message where the key is of small order.
void UseKey(const verifier::PublicKey& key) {
  for (const size_t length : {64, 96, 132, 256, 384, 512, 1024}) {
    for (const std::string& signature :
         {std::string(length, '\xff'), std::string(length, '\0'), std::string(length - 1, '\0') + "\x01",
          "\x01" + std::string(length - 1, '\0')}) {
      Require(!key.Verify("message", signature), "no key takes a signature that nobody made");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<verifier::KeySet> set =
      verifier::KeySet::Parse({reinterpret_cast<const char*>(data), size}, kMaxKeys);
  if (!set.ok()) {
    Require(!set.status().message().empty(), "a refused set has a reason");
    return 0;
  }
  Require(set->keys().size() + set->skipped().size() <= kMaxKeys, "no more keys than the limit");
  for (const verifier::KeySet::SkippedKey& key : set->skipped()) {
    Require(!key.reason.empty(), "a skipped key has a reason");
  }
  for (const verifier::Jwk& key : set->keys()) {
    const verifier::Algorithm algorithm = key.public_key.algorithm();
    Require(!key.key_id || set->Find(key.key_id, algorithm) == &key, "a key is found by its kid, and is the only one");
    const verifier::Jwk* nameless = set->Find(std::nullopt, algorithm);
    Require(nameless == nullptr || nameless->public_key.algorithm() == algorithm, "a key has one algorithm");
    UseKey(key.public_key);
  }
  return 0;
}
