#pragma once

#include <string_view>

namespace gateway {

// The descriptor set that is served where no flag names one, built into the binary.
std::string_view DefaultDescriptorSet();

// The service of it that is served, at TODO_ADDRESS.
inline constexpr std::string_view kDefaultService = "todo.v1.TaskService";

}  // namespace gateway
