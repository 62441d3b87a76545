#pragma once

#include <string>
#include <string_view>

#include "common/json/json_document.h"
#include "gateway/json_reader.h"
#include "gateway/message_plan.h"
#include "gateway_testing/v1/shelf_service.pb.h"

namespace gateway {

// The plan of a generated message type.
template <typename Message>
const MessagePlan& PlanOf() {
  static PlanSet& plans = *new PlanSet();
  return **plans.Add(*Message::descriptor());
}

// Reads JSON into a message of type Message by our reader. The error is "" where there is none, else "field: message".
template <typename Message>
std::string ReadAs(std::string_view json, Message* message, const JsonReadOptions& options = {}) {
  const auto document = json::Document::Parse(json);
  if (!document.ok()) return "not JSON";
  std::string bytes;
  const auto error = ReadJsonMessage(PlanOf<Message>(), document->root(), options, &bytes);
  if (error) return error->field + ": " + error->message;
  return message->ParseFromString(bytes) ? "" : "not a message";
}

}  // namespace gateway
