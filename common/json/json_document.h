#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"

namespace json {

// Limits of a document, beside those of RFC 8259.
struct Limits {
  // How deep arrays and objects may nest; a scalar has depth 0.
  int max_depth = 16;
  // Whether an integer beyond 64 bits is read as the double next to it (RFC 8259 section 6) instead of refused:
  // JavaScript writes 1e20 as 100000000000000000000.
  bool takes_big_integers = false;
};

// One strictly parsed JSON document (RFC 8259): valid UTF-8 throughout, no byte-order mark, nothing behind the value,
// no name twice in one object (RFC 7515 section 4, RFC 7519 section 4), no integer beyond 64 bits unless the limits say
// so.
//
// Owns its memory: views taken from `root()` live as long as the document does, and are not invalidated when it is
// moved. Immutable after it is made; may be read by many threads.
class Document {
 public:
  // Fails with INVALID_ARGUMENT and a message that says what is wrong and names the duplicate, but quotes nothing else
  // of the input.
  static absl::StatusOr<Document> Parse(std::string_view text, Limits limits = {});

  simdjson::dom::element root() const { return root_; }

 private:
  Document() = default;

  std::unique_ptr<simdjson::dom::parser> parser_;
  simdjson::dom::element root_;
};

}  // namespace json
