#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/json_reader.h"
#include "gateway/message_plan.h"

namespace gateway {

struct QueryOptions {
  bool ignore_unknown = false;
  // The field that the body gives, which a query must not touch. Null for none.
  const FieldPlan* body_field = nullptr;
  // The body gives the whole message: every query name is unknown.
  bool body_is_whole = false;
};

// Binds a raw query string (`a=1&b.c=x&list=1&list=2`) to fields of `message`: appends their wire form to `out`, where
// it merges with what is there already. Names are dotted paths in either spelling. A field that is not repeated given
// twice, two members of one oneof, repeated messages and maps are errors. Pure.
std::optional<BindingError> BindQuery(const MessagePlan& message, std::string_view query, const QueryOptions& options,
                                      std::string* out);

// Appends one value, nested into the messages that `path` leads through.
std::optional<BindingError> BindValue(const std::vector<const FieldPlan*>& path, std::string_view text,
                                      std::string* out);

}  // namespace gateway
