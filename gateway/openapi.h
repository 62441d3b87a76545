#pragma once

#include <string>
#include <vector>

#include "gateway/api_description.h"

namespace gateway {

// The OpenAPI 3.1 document of the operations, as JSON. Pure.
std::string WriteOpenApi(const std::vector<OperationDescription>& operations);

}  // namespace gateway
