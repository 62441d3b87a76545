#include "gateway/wire.h"

namespace gateway::wire {

bool Reader::LongVarint(uint64_t* value) {
  uint64_t result = 0;
  for (size_t i = 0; i < 10 && i < rest_.size(); ++i) {
    const auto byte = static_cast<uint8_t>(rest_[i]);
    result |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) {
      rest_.remove_prefix(i + 1);
      *value = result;
      return true;
    }
  }
  return false;
}

bool Reader::Fixed(Type type, uint64_t* bits) {
  const size_t size = type == Type::kFixed64 ? 8 : 4;
  if (rest_.size() < size) return false;
  *bits = 0;
  std::memcpy(bits, rest_.data(), size);
  rest_.remove_prefix(size);
  return true;
}

bool Reader::Next(Field* field) {
  uint64_t tag = 0;
  if (!Varint(&tag) || tag > 0xffffffff || tag >> 3 == 0) return false;
  field->number = static_cast<uint32_t>(tag >> 3);
  field->type = static_cast<Type>(tag & 7);
  switch (field->type) {
    case Type::kVarint:
      return Varint(&field->bits);
    case Type::kFixed64:
    case Type::kFixed32:
      return Fixed(field->type, &field->bits);
    case Type::kBytes: {
      uint64_t size = 0;
      if (!Varint(&size) || size > rest_.size()) return false;
      field->bytes = rest_.substr(0, size);
      rest_.remove_prefix(size);
      return true;
    }
    case Type::kGroupStart:
      return SkipGroup(field->number, 0);
    default:
      return false;
  }
}

bool Reader::SkipGroup(uint32_t number, int depth) {
  constexpr int kMaxDepth = 100;
  if (depth > kMaxDepth) return false;
  while (true) {
    const std::string_view before = rest_;
    uint64_t tag = 0;
    if (!Varint(&tag)) return false;
    const auto type = static_cast<Type>(tag & 7);
    if (type == Type::kGroupEnd) return tag >> 3 == number;
    if (type == Type::kGroupStart) {
      if (!SkipGroup(static_cast<uint32_t>(tag >> 3), depth + 1)) return false;
      continue;
    }
    rest_ = before;
    Field skipped;
    if (!Next(&skipped)) return false;
  }
}

}  // namespace gateway::wire
