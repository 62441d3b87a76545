// base64url without padding (RFC 7515 section 2), in the one form that a byte string has (RFC 4648 section 3.5).
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;

enum Part { kHeader, kPayload, kSignature };
constexpr const char* kPartNames[] = {"Header", "Payload", "Signature"};

// The good token with one part changed.
TokenMaker WithPart(Part part, const std::function<std::string(std::string)>& change) {
  return Changed([=](const std::string& token) {
    const size_t first = token.find('.');
    const size_t second = token.rfind('.');
    const size_t from = part == kHeader ? 0 : part == kPayload ? first + 1 : second + 1;
    const size_t to = part == kHeader ? first : part == kPayload ? second : token.size();
    return absl::StrCat(token.substr(0, from), change(token.substr(from, to - from)), token.substr(to));
  });
}

// The last character stands for 2 or 4 bits too many; these are set.
std::string SetUnusedBits(std::string text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  text.back() = kAlphabet[kAlphabet.find(text.back()) | 1];
  return text;
}

std::string Replace(std::string text, size_t at, std::string_view by) {
  return text.replace(at, 1, by.data(), by.size());
}

void AddChangesOf(Part part, std::vector<TokenCase>* cases) {
  const auto add = [&](const char* what, std::function<std::string(std::string)> change) {
    cases->push_back({absl::StrCat(kPartNames[part], what), kMalformed, WithPart(part, std::move(change))});
  };
  add("Padded", [](std::string text) { return text + "="; });
  add("PaddedTwice", [](std::string text) { return text + "=="; });
  add("WithPlus", [](std::string text) { return Replace(std::move(text), 3, "+"); });
  add("WithSlash", [](std::string text) { return Replace(std::move(text), 3, "/"); });
  add("WithASpaceInside", [](std::string text) { return text.insert(4, " "); });
  add("WithANewlineInside", [](std::string text) { return text.insert(4, "\n"); });
  add("WithANewlineBehind", [](std::string text) { return text + "\n"; });
  add("WithANul", [](std::string text) { return Replace(std::move(text), 3, std::string_view("\0", 1)); });
  add("WithAHighByte", [](std::string text) { return Replace(std::move(text), 3, "\x80"); });
  add("WithByteFF", [](std::string text) { return Replace(std::move(text), 3, "\xff"); });
  add("WithAFullWidthLetter", [](std::string text) { return Replace(std::move(text), 3, "\xef\xbc\xa1"); });
  add("PercentEncoded", [](std::string text) { return Replace(std::move(text), 3, "%41"); });
  add("OfAnImpossibleLength", [](std::string text) { return text.substr(0, text.size() / 4 * 4 - 3); });
}

}  // namespace

std::vector<TokenCase> EncodingCases() {
  std::vector<TokenCase> cases;
  for (const Part part : {kHeader, kPayload, kSignature}) AddChangesOf(part, &cases);
  const std::vector<TokenCase> table = {
      // 64 bytes leave two characters for the last one.
      {"SignatureWithUnusedBitsSet", kMalformed, WithPart(kSignature, SetUnusedBits)},
      {"HeaderWithTwoUnusedBitsSet", kMalformed,
       [] {
         const std::string header = "eyJhbGciOiJFZERTQSJ9IB";  // ends in a space, one bit too many behind it
         return absl::StrCat(header, ".", EncodeBase64Url(GoodPayload()), ".", EncodeBase64Url(std::string(64, 's')));
       }},
      {"HeaderEndsInASpace", kGood, [] { return ExampleKey("EdDSA").Token(R"({"alg":"EdDSA"} )", GoodPayload()); }},
      {"SpaceInFront", kMalformed, Changed([](const std::string& token) { return " " + token; })},
      {"SpaceBehind", kMalformed, Changed([](const std::string& token) { return token + " "; })},
      {"TabBehind", kMalformed, Changed([](const std::string& token) { return token + "\t"; })},
      {"CarriageReturnBehind", kMalformed, Changed([](const std::string& token) { return token + "\r\n"; })},
      {"NulBehind", kMalformed, Changed([](const std::string& token) { return token + std::string(1, '\0'); })},
      {"NulInFront", kMalformed, Changed([](const std::string& token) { return std::string(1, '\0') + token; })},
      {"SignatureInHexadecimal", auth::v1::REJECTION_REASON_BAD_SIGNATURE,
       WithPart(kSignature, [](const std::string&) { return std::string(128, 'a'); })},
      {"SignatureEncodedTwice", auth::v1::REJECTION_REASON_BAD_SIGNATURE,
       WithPart(kSignature, [](const std::string& text) { return EncodeBase64Url(text); })},
      {"HeaderNotEncoded", kMalformed, WithPart(kHeader, [](const std::string&) { return GoodHeader(); })},
      {"PayloadNotEncoded", kMalformed, WithPart(kPayload, [](const std::string&) { return R"({"sub":"ada"})"; })},
      {"RandomBytes", kMalformed, Text("\x8f\xfe.\x80\x81\xc0.\xed\xa0\x80")},
  };
  cases.insert(cases.end(), table.begin(), table.end());
  return cases;
}

}  // namespace verifier::testing
