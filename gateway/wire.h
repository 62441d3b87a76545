#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// The protobuf wire format (protobuf.dev/programming-guides/encoding), as far as transcoding needs it.
namespace gateway::wire {

enum class Type : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kGroupStart = 3, kGroupEnd = 4, kFixed32 = 5 };

inline void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

inline void AppendTag(uint32_t number, Type type, std::string* out) {
  AppendVarint(uint64_t{number} << 3 | static_cast<uint64_t>(type), out);
}

template <typename T>
void AppendFixed(T value, std::string* out) {
  static_assert(std::endian::native == std::endian::little);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

inline void AppendBytes(std::string_view bytes, std::string* out) {
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

inline uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

// A length-delimited value whose length is known only when it has been written: one byte is kept for the length and
// more is made room for when that is too little.
class Nested {
 public:
  explicit Nested(std::string* out) : out_(out), start_(out->size() + 1) { out->push_back('\0'); }
  void Close() {
    const size_t size = out_->size() - start_;
    if (size < 0x80) {
      (*out_)[start_ - 1] = static_cast<char>(size);
      return;
    }
    std::string length;
    AppendVarint(size, &length);
    out_->replace(start_ - 1, 1, length);
  }

 private:
  std::string* out_;
  size_t start_;
};

// One field as it stands on the wire: `bits` for the fixed-size types and varints, `bytes` for the length-delimited
// ones.
struct Field {
  uint32_t number = 0;
  Type type = Type::kVarint;
  uint64_t bits = 0;
  std::string_view bytes;
};

// Reads fields off the front of a message. Any bytes are fine.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  // False where the bytes are malformed. Groups are skipped whole and come back with their number and no value.
  bool Next(Field* field);
  bool Varint(uint64_t* value) {
    if (rest_.empty() || static_cast<uint8_t>(rest_.front()) >= 0x80) return LongVarint(value);
    *value = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  // One value of a fixed size, as in packed fields.
  bool Fixed(Type type, uint64_t* bits);

 private:
  // One of more than one byte.
  bool LongVarint(uint64_t* value);
  bool SkipGroup(uint32_t number, int depth);

  std::string_view rest_;
};

}  // namespace gateway::wire
