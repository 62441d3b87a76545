#include "services/verifier/claims_message.h"

#include <algorithm>
#include <string_view>

#include "services/verifier/timestamp.h"

namespace verifier {
namespace {

using google::protobuf::Value;
using simdjson::dom::element;
using simdjson::dom::element_type;

// `from` nests no deeper than json::Limits allow.
void Convert(element from, Value* to) {
  switch (from.type()) {
    case element_type::ARRAY:
      to->mutable_list_value();
      for (const element entry : simdjson::dom::array(from)) Convert(entry, to->mutable_list_value()->add_values());
      return;
    case element_type::OBJECT:
      to->mutable_struct_value();
      for (const auto& field : simdjson::dom::object(from)) {
        Convert(field.value, &(*to->mutable_struct_value()->mutable_fields())[std::string(field.key)]);
      }
      return;
    case element_type::STRING:
      to->set_string_value(std::string(std::string_view(from)));
      return;
    case element_type::BOOL:
      to->set_bool_value(bool(from));
      return;
    case element_type::NULL_VALUE:
      to->set_null_value(google::protobuf::NULL_VALUE);
      return;
    default:
      to->set_number_value(double(from));
  }
}

bool IsTyped(std::string_view claim) {
  constexpr std::string_view kTyped[] = {"sub", "iss", "aud", "exp", "iat"};
  return std::find(std::begin(kTyped), std::end(kTyped), claim) != std::end(kTyped);
}

}  // namespace

auth::v1::VerifiedToken ToMessage(const Claims& claims, simdjson::dom::object payload) {
  auth::v1::VerifiedToken message;
  message.set_subject(claims.subject);
  message.set_issuer(claims.issuer);
  for (const std::string& entry : claims.audience) message.add_audience(entry);
  SetTimestamp(claims.expire_time, *message.mutable_expire_time());
  if (claims.issue_time) SetTimestamp(*claims.issue_time, *message.mutable_issue_time());
  for (const auto& field : payload) {
    if (IsTyped(field.key)) continue;
    std::string_view text;
    const bool is_text = field.value.get(text) == simdjson::SUCCESS;
    if (is_text && field.key == "email") {
      message.set_email(std::string(text));
    } else if (is_text && field.key == "name") {
      message.set_name(std::string(text));
    } else {
      Convert(field.value, &(*message.mutable_other_claims()->mutable_fields())[std::string(field.key)]);
    }
  }
  return message;
}

}  // namespace verifier
