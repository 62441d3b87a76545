#pragma once

#include <string_view>

namespace gateway {

// The descriptor set that is served where no flag names one, built into the binary.
std::string_view DefaultDescriptorSet();

// The services of it that are served, at TODO_ADDRESS.
inline constexpr std::string_view kDefaultServices[] = {"todo.v1.TaskService", "todo.v1.TaskListService"};

}  // namespace gateway
