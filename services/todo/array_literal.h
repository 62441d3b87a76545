#pragma once

#include <string>
#include <vector>

namespace todo {

// PostgreSQL's literal of an array of text.
std::string ArrayLiteral(const std::vector<std::string>& texts);

}  // namespace todo
