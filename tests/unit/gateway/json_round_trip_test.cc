// Whatever protobuf serializes, our writer must write as protobuf's own does, and our reader must read back.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "gateway/json_writer.h"
#include "tests/unit/gateway/plans.h"

namespace gateway {
namespace {

using gateway_testing::v1::Inner;
using gateway_testing::v1::Kinds;

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  Kinds Message() {
    Kinds m;
    if (Coin()) m.set_a_double(Double());
    if (Coin()) m.set_a_float(static_cast<float>(Double()));
    if (Coin()) m.set_an_int32(static_cast<int32_t>(Bits()));
    if (Coin()) m.set_an_int64(static_cast<int64_t>(Bits()));
    if (Coin()) m.set_a_uint32(static_cast<uint32_t>(Bits()));
    if (Coin()) m.set_a_uint64(Bits());
    if (Coin()) m.set_a_sint32(static_cast<int32_t>(Bits()));
    if (Coin()) m.set_a_sint64(static_cast<int64_t>(Bits()));
    if (Coin()) m.set_a_fixed32(static_cast<uint32_t>(Bits()));
    if (Coin()) m.set_a_fixed64(Bits());
    if (Coin()) m.set_an_sfixed32(static_cast<int32_t>(Bits()));
    if (Coin()) m.set_an_sfixed64(static_cast<int64_t>(Bits()));
    if (Coin()) m.set_a_bool(Coin());
    if (Coin()) m.set_a_string(Text());
    if (Coin()) m.set_some_bytes(Bytes());
    if (Coin()) *m.mutable_inner() = InnerMessage(0);
    for (int i = Few(); i > 0; --i) m.add_int32s(static_cast<int32_t>(Bits()));
    for (int i = Few(); i > 0; --i) m.add_strings(Text());
    for (int i = Few(); i > 0; --i) *m.add_inners() = InnerMessage(1);
    for (int i = Few(); i > 0; --i) m.add_doubles(Double());
    for (int i = Few(); i > 0; --i) m.add_unpacked(static_cast<int32_t>(Bits()));
    for (int i = Few(); i > 0; --i) m.add_bools(Coin());
    // One entry at most: the order of a map's entries is nobody's promise.
    if (Coin()) (*m.mutable_labels())[Text()] = Text();
    if (Coin()) (*m.mutable_by_number())[static_cast<int32_t>(Bits())] = InnerMessage(1);
    if (Coin()) (*m.mutable_by_bool())[Coin()] = static_cast<int64_t>(Bits());
    switch (Few()) {
      case 1:
        m.set_choice_text(Text());
        break;
      case 2:
        m.set_choice_number(Few());
        break;
      case 3:
        *m.mutable_choice_inner() = InnerMessage(1);
        break;
      default:
        break;
    }
    if (Coin()) m.set_maybe_text(Text());
    if (Coin()) m.set_maybe_number(Few());
    if (Coin()) {
      m.mutable_timestamp()->set_seconds(static_cast<int64_t>(Bits() % 315537897600) - 62135596800);
      m.mutable_timestamp()->set_nanos(static_cast<int32_t>(Bits() % 1000) * (Coin() ? 1000000 : 1000));
    }
    if (Coin()) {
      m.mutable_duration()->set_seconds(static_cast<int64_t>(Bits() % 315576000000));
      m.mutable_duration()->set_nanos(static_cast<int32_t>(Bits() % 1000000000));
    }
    if (Coin()) m.mutable_mask()->add_paths("inner.some_name");
    if (Coin()) m.mutable_string_value()->set_value(Text());
    if (Coin()) m.mutable_int64_value()->set_value(static_cast<int64_t>(Bits()));
    if (Coin()) m.mutable_bytes_value()->set_value(Bytes());
    if (Coin()) {
      if (Coin()) {
        m.mutable_any()->PackFrom(InnerMessage(1));
      } else {
        // Of an empty one protobuf's writer leaves out the value.
        google::protobuf::StringValue text;
        text.set_value("x" + Text());
        m.mutable_any()->PackFrom(text);
      }
    }
    if (Coin()) m.set_far_field(Text());
    if (Coin()) m.set_renamed(Text());
    return m;
  }

 private:
  uint64_t Bits() { return random_() >> (random_() % 64); }
  bool Coin() { return random_() % 2 == 0; }
  int Few() { return static_cast<int>(random_() % 4); }
  double Double() {
    switch (random_() % 6) {
      case 0:
        return std::numeric_limits<double>::quiet_NaN();
      case 1:
        return -std::numeric_limits<double>::infinity();
      case 2:
        return static_cast<double>(Few());
      default:
        return std::ldexp(static_cast<double>(random_()), static_cast<int>(random_() % 60) - 90);
    }
  }
  std::string Text() {
    // What protobuf's writer escapes for the sake of HTML (<, >, DEL) is left out: JSON does not ask for it.
    static const char* const kParts[] = {"a", "\"", "\\", "\n", "\x01", "caf\xc3\xa9", "\xf0\x9f\x98\x80", " ", "{}"};
    std::string text;
    for (int i = Few(); i > 0; --i) text += kParts[random_() % std::size(kParts)];
    return text;
  }
  std::string Bytes() {
    std::string bytes;
    for (int i = Few(); i > 0; --i) bytes.push_back(static_cast<char>(random_()));
    return bytes;
  }
  Inner InnerMessage(int depth) {
    Inner inner;
    if (Coin()) inner.set_name(Text());
    if (Coin()) inner.set_number(Few());
    if (depth < 3 && Coin()) *inner.mutable_child() = InnerMessage(depth + 1);
    for (int i = Few(); i > 0; --i) inner.add_words(Text());
    return inner;
  }

  std::mt19937_64 random_;
};

class RoundTrip : public testing::TestWithParam<int> {};

TEST_P(RoundTrip, AgreesWithProtobufAndReadsBack) {
  Generator generator(static_cast<uint32_t>(GetParam()));
  for (int i = 0; i < 50; ++i) {
    const Kinds message = generator.Message();
    const std::string bytes = message.SerializeAsString();
    std::string theirs;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(message, &theirs).ok());
    std::string ours;
    ASSERT_TRUE(WriteJsonMessage(PlanOf<Kinds>(), bytes, JsonStyle(), &ours).ok());
    // Compared as messages where the text differs by spelling alone: both writers are asked to be read by both readers.
    Kinds from_ours;
    Kinds from_theirs;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(ours, &from_ours).ok()) << ours;
    ASSERT_EQ(ReadAs(theirs, &from_theirs), "") << theirs;
    std::string again;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(from_ours, &again).ok());
    EXPECT_EQ(again, theirs);
    again.clear();
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(from_theirs, &again).ok());
    EXPECT_EQ(again, theirs);
    Kinds from_both;
    ASSERT_EQ(ReadAs(ours, &from_both), "");
    again.clear();
    ASSERT_TRUE(WriteJsonMessage(PlanOf<Kinds>(), from_both.SerializeAsString(), JsonStyle(), &again).ok());
    EXPECT_EQ(again, ours);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoundTrip, testing::Range(0, 20));

// Every way to cut a message short is malformed or shorter, never a crash.
TEST(JsonWriterRobustness, TakesAnyBytes) {
  Generator generator(7);
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = generator.Message().SerializeAsString();
    std::string out;
    WriteJsonMessage(PlanOf<Kinds>(), std::string_view(bytes).substr(0, bytes.size() / 2), JsonStyle(), &out)
        .IgnoreError();
    for (int flips = 0; flips < 4 && !bytes.empty(); ++flips)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    out.clear();
    WriteJsonMessage(PlanOf<Kinds>(), bytes, JsonStyle{true, true, true}, &out).IgnoreError();
  }
}

}  // namespace
}  // namespace gateway
