#include "gateway/docs_page.h"

#include <deque>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gateway/v1/annotations.pb.h"

namespace gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::string Escape(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"\n\n", "<br>"}});
}

class DocsWriter {
 public:
  std::string Write(const std::vector<OperationDescription>& operations) {
    page_ =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>API</title>"
        "<link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body><main>\n<h1>API</h1>\n"
        "<p>For programs: <a href=\"/openapi.json\">/openapi.json</a></p>\n";
    WriteContents(operations);
    for (const OperationDescription& operation : operations) WriteOperation(operation);
    if (!waiting_.empty()) page_.append("<h2>Types</h2>\n");
    while (!waiting_.empty()) {
      const Descriptor* message = waiting_.front();
      waiting_.pop_front();
      WriteType(*message);
    }
    return std::move(page_.append("</main></body></html>\n"));
  }

 private:
  void WriteContents(const std::vector<OperationDescription>& operations) {
    page_.append("<nav aria-label=\"Operations\"><ul>\n");
    for (const OperationDescription& operation : operations) {
      absl::StrAppend(&page_, "<li><a href=\"#", operation.id, "\"><b>", absl::AsciiStrToUpper(operation.http_method),
                      "</b> <code>", Escape(operation.path), "</code></a> ", Escape(operation.summary), "</li>\n");
    }
    page_.append("</ul></nav>\n");
  }

  void WriteOperation(const OperationDescription& operation) {
    const Route& route = *operation.route;
    absl::StrAppend(&page_, "<section id=\"", operation.id, "\"><h2><b>", absl::AsciiStrToUpper(operation.http_method),
                    "</b> <code>", Escape(operation.path), "</code></h2>\n<p>", Escape(operation.text), "</p>\n");
    if (!operation.parameters.empty()) {
      page_.append("<table><thead><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr></thead><tbody>\n");
      for (const ParameterDescription& parameter : operation.parameters) {
        const std::string type = parameter.field == nullptr ? "string" : TypeOf(*parameter.field);
        WriteRow(
            {absl::StrCat("<code>", Escape(parameter.name), "</code>"), parameter.place, type, Escape(parameter.text)});
      }
      page_.append("</tbody></table>\n");
    }
    if (route.body_is_whole || route.body_field != nullptr) {
      WriteBody("Body", *operation.method->input_type(), route.body_field);
    }
    const std::string label =
        absl::StrCat("Answer ", route.method->success_status, route.method->server_streaming ? ", a stream of" : "");
    WriteBody(label, *operation.method->output_type(), route.response_field);
    page_.append("</section>\n");
  }

  void WriteBody(const std::string& label, const Descriptor& message, const FieldPlan* field) {
    const std::string type = field == nullptr ? Link(message) : TypeOf(*message.FindFieldByName(field->name));
    absl::StrAppend(&page_, "<p>", label, ": ", type, "</p>\n");
  }

  void WriteRow(const std::vector<std::string>& cells) {
    page_.append("<tr>");
    for (const std::string& cell : cells) absl::StrAppend(&page_, "<td>", cell, "</td>");
    page_.append("</tr>\n");
  }

  void WriteType(const Descriptor& message) {
    absl::StrAppend(&page_, "<section id=\"", message.full_name(), "\"><h3><code>", message.full_name(),
                    "</code></h3>\n<p>", Escape(CommentOf(message)), "</p>\n<table><tbody>\n");
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      WriteRow({absl::StrCat("<code>", field.name(), "</code>"), TypeOf(field), Escape(CommentOf(field))});
    }
    page_.append("</tbody></table></section>\n");
  }

  std::string TypeOf(const FieldDescriptor& field) {
    if (field.is_map()) return absl::StrCat("map of ", TypeOf(*field.message_type()->map_value()));
    const std::string many = field.is_repeated() ? "list of " : "";
    if (field.message_type() != nullptr) return many + Link(*field.message_type());
    if (field.enum_type() == nullptr) return many + field.type_name();
    std::string values;
    for (int i = 0; i < field.enum_type()->value_count(); ++i) {
      const auto& value = *field.enum_type()->value(i);
      const std::string& given = value.options().GetExtension(gateway::v1::json_value);
      absl::StrAppend(&values, values.empty() ? "" : " | ", given.empty() ? value.name() : given);
    }
    return absl::StrCat(many, "<code>", values, "</code>");
  }

  // The name of a message, which gets a section of its own, unless it is one of protobuf's.
  std::string Link(const Descriptor& message) {
    if (message.file()->package() == "google.protobuf") return message.name();
    if (seen_.insert(&message).second) waiting_.push_back(&message);
    return absl::StrCat("<a href=\"#", message.full_name(), "\">", message.name(), "</a>");
  }

  std::string page_;
  std::set<const Descriptor*> seen_;
  std::deque<const Descriptor*> waiting_;
};

}  // namespace

const std::string_view kDocsStyle = R"(:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .5rem 0; }
h2, h3 { font-size: 1.1rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; }
)";

std::string WriteDocsPage(const std::vector<OperationDescription>& operations) {
  return DocsWriter().Write(operations);
}

}  // namespace gateway
