// base64url: what decodes has exactly one encoding, and every byte string decodes from its own.
#include <cstdint>

#include "services/verifier/base64url.h"
#include "tests/fuzz/require.h"
#include "tests/support/verifier/signing_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const std::optional<std::string> bytes = verifier::DecodeBase64Url(input)) {
    Require(verifier::testing::EncodeBase64Url(*bytes) == input, "what was decoded encodes to the same text");
  }
  Require(verifier::DecodeBase64Url(verifier::testing::EncodeBase64Url(input)) == input,
          "every byte string survives encoding and decoding");
  return 0;
}
