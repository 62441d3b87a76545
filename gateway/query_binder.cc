#include "gateway/query_binder.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/json/json_document.h"
#include "gateway/percent_encoding.h"
#include "gateway/scalar_text.h"
#include "gateway/text.h"

namespace gateway {
namespace {

using FieldPath = std::vector<const FieldPlan*>;

// As deep as JSON may nest.
const size_t kMaxDepth = static_cast<size_t>(json::Limits().max_depth);

std::string DottedPath(const FieldPath& path) {
  std::string text;
  for (const FieldPlan* field : path) absl::StrAppend(&text, text.empty() ? "" : ".", field->name);
  return text;
}

// Whether two paths take different members of one oneof of one message.
bool ConflictInOneof(const FieldPath& a, const FieldPath& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i] != b[i]) return a[i]->oneof >= 0 && a[i]->oneof == b[i]->oneof;
  }
  return false;
}

class QueryBinder {
 public:
  QueryBinder(const MessagePlan& message, const QueryOptions& options, std::string* out)
      : message_(message), options_(options), out_(out) {}

  std::optional<BindingError> Bind(std::string_view query) {
    while (!query.empty()) {
      const size_t end = query.find('&');
      if (std::optional<BindingError> error = BindPair(query.substr(0, end))) return error;
      if (end == std::string_view::npos) break;
      query.remove_prefix(end + 1);
    }
    return std::nullopt;
  }

 private:
  std::optional<BindingError> BindPair(std::string_view pair) {
    if (pair.empty()) return std::nullopt;
    const size_t equals = pair.find('=');
    const std::optional<std::string> name = QueryDecode(pair.substr(0, equals));
    const std::optional<std::string> value =
        QueryDecode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name) return BindingError{"", "the query holds a malformed percent escape"};
    if (!value) return BindingError{*name, "holds a malformed percent escape"};
    const absl::StatusOr<FieldPath> path = ResolvePath(message_, *name);
    const bool is_open = path.ok() && !options_.body_is_whole && path->front() != options_.body_field;
    if (!is_open) {
      if (options_.ignore_unknown && !path.ok()) return std::nullopt;
      return BindingError{*name, path.ok() ? "belongs in the body" : "is not known"};
    }
    if (path->size() > kMaxDepth) return BindingError{*name, absl::StrCat("nests deeper than ", kMaxDepth, " levels")};
    const FieldPlan& top = *path->front();
    if (options_.body_field != nullptr && top.oneof >= 0 && top.oneof == options_.body_field->oneof) {
      return BindingError{*name,
                          absl::StrCat("cannot be given together with the body, which is ", options_.body_field->name)};
    }
    if (std::optional<BindingError> error = Check(*name, *path)) return error;
    std::optional<BindingError> error = BindValue(*path, *value, out_);
    if (error) error->field = *name;
    return error;
  }

  std::optional<BindingError> Check(const std::string& name, const FieldPath& path) {
    const FieldPlan& last = *path.back();
    if (!HasTextForm(last)) return BindingError{name, "cannot be given in a query"};
    for (const FieldPath& other : seen_) {
      if (other == path) {
        if (last.is_repeated) return std::nullopt;
        return BindingError{name, "is given twice"};
      }
      if (ConflictInOneof(other, path)) {
        return BindingError{name, absl::StrCat("cannot be given together with ", DottedPath(other))};
      }
    }
    seen_.push_back(path);
    return std::nullopt;
  }

  const MessagePlan& message_;
  const QueryOptions& options_;
  std::string* out_;
  std::vector<FieldPath> seen_;
};

std::optional<BindingError> BindInner(const FieldPath& path, size_t depth, std::string_view text, std::string* out) {
  const FieldPlan& field = *path[depth];
  wire::AppendTag(field.number, field.wire_type, out);
  if (depth + 1 < path.size()) {
    wire::Nested nested(out);
    if (std::optional<BindingError> error = BindInner(path, depth + 1, text, out)) return error;
    nested.Close();
    return std::nullopt;
  }
  if (ValueProblem problem = AppendValueFromText(field, text, out)) {
    return BindingError{DottedPath(path), *std::move(problem)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<BindingError> BindQuery(const MessagePlan& message, std::string_view query, const QueryOptions& options,
                                      std::string* out) {
  if (query.empty()) return std::nullopt;
  return QueryBinder(message, options, out).Bind(query);
}

std::optional<BindingError> BindValue(const std::vector<const FieldPlan*>& path, std::string_view text,
                                      std::string* out) {
  return BindInner(path, 0, text, out);
}

}  // namespace gateway
