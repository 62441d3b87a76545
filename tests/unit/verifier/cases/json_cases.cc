// Strict JSON (RFC 8259), in the header and in the payload: what is signed well and still no JSON object.
#include "absl/strings/str_cat.h"
#include "tests/unit/verifier/cases/token_case.h"

namespace verifier::testing {
namespace {

constexpr Reason kMalformed = auth::v1::REJECTION_REASON_MALFORMED;

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all.append(text);
  return all;
}

// A member whose value nests this deep; the object that it stands in is one level more.
std::string NestedArrays(int depth) { return absl::StrCat(R"(,"x":)", Repeat("[", depth), Repeat("]", depth)); }
std::string NestedObjects(int depth) {
  return absl::StrCat(R"(,"x":)", Repeat(R"({"a":)", depth), "1", Repeat("}", depth));
}

// `text` written in UTF-16.
std::string Utf16(const std::string& text) {
  std::string wide;
  for (const char c : text) wide.append({c, '\0'});
  return wide;
}

// What is wrong for any JSON object: the same change of a header and of a payload.
struct Change {
  const char* name;
  std::function<std::string(const std::string& object)> change;
};

std::vector<Change> Changes() {
  using Json = const std::string&;
  return {
      {"InABom", [](Json json) { return "\xef\xbb\xbf" + json; }},
      {"InUtf16", Utf16},
      {"TextBehind", [](Json json) { return json + " x"; }},
      {"AnotherObjectBehind", [](Json json) { return json + "{}"; }},
      {"NulBehind", [](Json json) { return json + std::string(1, '\0'); }},
      {"NulInFront", [](Json json) { return std::string(1, '\0') + json; }},
      {"CommaAtTheEnd", [](Json json) { return json.substr(0, json.size() - 1) + ",}"; }},
      {"CutShort", [](Json json) { return json.substr(0, json.size() - 1); }},
      {"Comment", [](Json json) { return "/**/" + json; }},
      {"InAnArray", [](Json json) { return "[" + json + "]"; }},
      {"InAString", [](Json) { return std::string(R"("{\"alg\":\"EdDSA\"}")"); }},
      {"Null", [](Json) { return std::string("null"); }},
      {"Number", [](Json) { return std::string("1"); }},
      {"SingleQuotes", [](Json) { return std::string("{'alg':'EdDSA','kid':'EdDSA'}"); }},
      {"NamesWithoutQuotes", [](Json) { return std::string(R"({alg:"EdDSA",kid:"EdDSA"})"); }},
      {"OnlyWhiteSpace", [](Json) { return std::string("  \n"); }},
      {"ControlCharacterInAString", [](Json json) { return absl::StrCat("{\"x\":\"\x01\",", json.substr(1)); }},
      {"NewlineInAString", [](Json json) { return absl::StrCat("{\"x\":\"\n\",", json.substr(1)); }},
      {"UnknownEscape", [](Json json) { return absl::StrCat(R"({"x":"\x41",)", json.substr(1)); }},
      {"LoneHighSurrogate", [](Json json) { return absl::StrCat(R"({"x":"\ud800",)", json.substr(1)); }},
      {"LoneLowSurrogate", [](Json json) { return absl::StrCat(R"({"x":"\udc00",)", json.substr(1)); }},
      {"SurrogatesReversed", [](Json json) { return absl::StrCat(R"({"x":"\udc00\ud800",)", json.substr(1)); }},
      {"Utf8Byte80", [](Json json) { return absl::StrCat("{\"x\":\"\x80\",", json.substr(1)); }},
      {"Utf8ByteFF", [](Json json) { return absl::StrCat("{\"x\":\"\xff\",", json.substr(1)); }},
      {"Utf8OverlongNul", [](Json json) { return absl::StrCat("{\"x\":\"\xc0\x80\",", json.substr(1)); }},
      {"Utf8OverlongSlash", [](Json json) { return absl::StrCat("{\"x\":\"\xe0\x80\xaf\",", json.substr(1)); }},
      {"Utf8Surrogate", [](Json json) { return absl::StrCat("{\"x\":\"\xed\xa0\x80\",", json.substr(1)); }},
      {"Utf8BeyondUnicode", [](Json json) { return absl::StrCat("{\"x\":\"\xf4\x90\x80\x80\",", json.substr(1)); }},
      {"Utf8CutShort", [](Json json) { return absl::StrCat("{\"x\":\"\xe2\x82\",", json.substr(1)); }},
      {"Latin1InAName", [](Json json) { return absl::StrCat("{\"\xe9\":1,", json.substr(1)); }},
      {"NameTwice", [](Json json) { return absl::StrCat(R"({"x":1,"x":1,)", json.substr(1)); }},
      {"NameTwiceOnceInEscapes", [](Json json) { return absl::StrCat(R"({"x":1,"\u0078":1,)", json.substr(1)); }},
      {"NameTwiceInside", [](Json json) { return absl::StrCat(R"({"x":[{"y":1,"y":2}],)", json.substr(1)); }},
      {"EmptyNameTwice", [](Json json) { return absl::StrCat(R"({"":1,"":1,)", json.substr(1)); }},
      {"IntegerBeyond64Bits", [](Json json) { return absl::StrCat(R"({"x":18446744073709551616,)", json.substr(1)); }},
      {"IntegerBelow64Bits", [](Json json) { return absl::StrCat(R"({"x":-9223372036854775809,)", json.substr(1)); }},
      {"NumberBeyondDouble", [](Json json) { return absl::StrCat(R"({"x":1e400,)", json.substr(1)); }},
      {"NumberWithLeadingZero", [](Json json) { return absl::StrCat(R"({"x":01,)", json.substr(1)); }},
      {"NumberWithPlus", [](Json json) { return absl::StrCat(R"({"x":+1,)", json.substr(1)); }},
      {"NumberWithoutFraction", [](Json json) { return absl::StrCat(R"({"x":1.,)", json.substr(1)); }},
      {"NumberInHexadecimal", [](Json json) { return absl::StrCat(R"({"x":0x10,)", json.substr(1)); }},
      {"NotANumber", [](Json json) { return absl::StrCat(R"({"x":NaN,)", json.substr(1)); }},
      {"Infinity", [](Json json) { return absl::StrCat(R"({"x":Infinity,)", json.substr(1)); }},
      {"True", [](Json json) { return absl::StrCat(R"({"x":True,)", json.substr(1)); }},
  };
}

void AddGood(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"PayloadInWhiteSpace", kGood, WithPayload(" \t\r\n" + GoodPayload() + "\n")},
      {"PayloadWithEveryKindOfValue", kGood,
       WithPayload(GoodPayload(R"(,"a":[],"b":{},"c":null,"d":true,"e":-1.5e-3,"f":"","g":[{"h":[[]]}])"))},
      {"PayloadWithSurrogatePair", kGood, WithPayload(GoodPayload(R"(,"name":"\ud83d\ude00")"))},
      {"PayloadWithUtf8OfFourBytes", kGood, WithPayload(GoodPayload(",\"name\":\"\xf0\x9f\x98\x80\""))},
      {"PayloadWithAnEscapedNul", kGood, WithPayload(GoodPayload(R"(,"name":"a\u0000b")"))},
      {"PayloadWithTheLargestIntegers", kGood,
       WithPayload(GoodPayload(R"(,"a":18446744073709551615,"b":-9223372036854775808)"))},
      {"PayloadOf500Names", kGood,
       [] {
         std::string more;
         for (int i = 0; i < 500; ++i) absl::StrAppend(&more, R"(,"n)", i, R"(":0)");
         return ExampleKey("EdDSA").Token(GoodHeader(), GoodPayload(more));
       }},
      {"PayloadOf500NamesTheLastTwice", kMalformed,
       [] {
         std::string more;
         for (int i = 0; i < 500; ++i) absl::StrAppend(&more, R"(,"n)", i, R"(":0)");
         return ExampleKey("EdDSA").Token(GoodHeader(), GoodPayload(more + R"(,"n499":0)"));
       }},
      {"PayloadWithTheSameNameInTwoObjects", kGood, WithPayload(GoodPayload(R"(,"a":{"x":1},"b":{"x":1})"))},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

void AddDepths(std::vector<TokenCase>* cases) {
  const std::vector<TokenCase> table = {
      {"PayloadOf16LevelsOfArrays", kGood, WithPayload(GoodPayload(NestedArrays(15)))},
      {"PayloadOf17LevelsOfArrays", kMalformed, WithPayload(GoodPayload(NestedArrays(16)))},
      {"PayloadOf16LevelsOfObjects", kGood, WithPayload(GoodPayload(NestedObjects(15)))},
      {"PayloadOf17LevelsOfObjects", kMalformed, WithPayload(GoodPayload(NestedObjects(16)))},
      {"PayloadOf2000Levels", kMalformed, WithPayload(GoodPayload(NestedArrays(2000)))},
      {"PayloadOf2000LevelsNeverClosed", kMalformed, WithPayload(Repeat(R"({"a":[)", 1000))},
      {"HeaderOf16Levels", kGood, WithHeader(GoodHeader(NestedObjects(15)))},
      {"HeaderOf17Levels", kMalformed, WithHeader(GoodHeader(NestedObjects(16)))},
      {"HeaderOf2000Levels", kMalformed, WithHeader(GoodHeader(NestedArrays(2000)))},
      {"PayloadEmptyObject", auth::v1::REJECTION_REASON_MISSING_CLAIM, WithPayload("{}")},
      {"HeaderEmptyObject", kMalformed, WithHeader("{}")},
  };
  cases->insert(cases->end(), table.begin(), table.end());
}

}  // namespace

std::vector<TokenCase> JsonCases() {
  std::vector<TokenCase> cases;
  for (const Change& change : Changes()) {
    cases.push_back({absl::StrCat("Header", change.name), kMalformed, WithHeader(change.change(GoodHeader()))});
    cases.push_back({absl::StrCat("Payload", change.name), kMalformed, WithPayload(change.change(GoodPayload()))});
  }
  AddDepths(&cases);
  AddGood(&cases);
  return cases;
}

}  // namespace verifier::testing
