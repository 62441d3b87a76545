#include "gateway/http_body.h"

#include "gateway/wire.h"

namespace gateway {
namespace {

constexpr uint32_t kContentType = 1;
constexpr uint32_t kData = 2;

}  // namespace

void AppendHttpBody(std::string_view content_type, std::string_view data, std::string* out) {
  if (!content_type.empty()) {
    wire::AppendTag(kContentType, wire::Type::kBytes, out);
    wire::AppendBytes(content_type, out);
  }
  wire::AppendTag(kData, wire::Type::kBytes, out);
  wire::AppendBytes(data, out);
}

bool ReadHttpBody(std::string_view bytes, HttpBody* body) {
  wire::Reader reader(bytes);
  wire::Field field;
  while (!reader.done()) {
    if (!reader.Next(&field)) return false;
    if (field.type != wire::Type::kBytes) continue;
    if (field.number == kContentType) body->content_type = std::string(field.bytes);
    if (field.number == kData) body->data = std::string(field.bytes);
  }
  if (body->content_type.empty()) body->content_type = "application/octet-stream";
  return true;
}

}  // namespace gateway
